// SPDX-License-Identifier: Apache-2.0
// What is in sections without frames: kept payloads, buffers, and the facts of all others.
import { bytesText, element, hexText, timeText } from "./words.js";

const kRowBytes = 16;
const kPageBytes = 4096;
const kRefreshMs = 1000;
const kTextShownBytes = 1048576;

// 1 for each byte that differs.
function differences(bytes, former) {
    return bytes.map((byte, index) => (byte === former[index] ? 0 : 1));
}

// marked: 1 for each byte that stands out.
export function hexRows(bytes, offset, marked = null) {
    const rows = [];
    for (let at = 0; at < bytes.length; at += kRowBytes) {
        const part = bytes.subarray(at, at + kRowBytes);
        const cells = [...part].map((byte, index) => {
            const isMarked = marked?.[at + index] === 1;
            return element(isMarked ? "b.changed" : "span", {}, hexText(byte, 2));
        });
        const text = [...part].map((byte) =>
            byte >= 0x20 && byte < 0x7F ? String.fromCharCode(byte) : ".").join("");
        rows.push(element("tr", {}, element("th", {}, hexText(offset + at, 8)),
            element("td.hex", {}, ...cells.flatMap((cell, index) =>
                [cell, index % 8 === 7 ? "  " : " "])),
            element("td.text", {}, text)));
    }
    return rows;
}

export class Contents {
    #timer = 0;
    #turn = 0;

    constructor(app, box) {
        this.app = app;
        this.box = box;
    }

    close() {
        clearInterval(this.#timer);
        ++this.#turn;
        this.box.replaceChildren();
    }

    async show(name) {
        this.close();
        const turn = this.#turn;
        try {
            const report = await this.app.connection.section(name);
            if (turn !== this.#turn) return;
            this.box.append(element("h2", {}, report.name || report.backing,
                element("span.what", {}, `${report.mode}, ${report.condition}`)));
            this.#showFacts(report);
            if (report.mode === "buffer") this.#showBuffer(name, report.buffer_bytes);
            else if (report.mode === "keep") this.#showPayloads(name, report);
        } catch (failure) {
            if (turn === this.#turn) this.box.append(element("p.empty", {}, failure.message));
        }
    }

    #showFacts(report) {
        const rows = Object.entries(report)
            .filter(([name]) => !["event", "payloads", "readers", "name"].includes(name))
            .map(([name, value]) => [name.replaceAll("_", " "),
                name.endsWith("unix_ns") ? `${timeText(value)} UTC`
                    : typeof value === "object" ? JSON.stringify(value) : String(value)]);
        this.box.append(element("details.block", {}, element("summary", {}, "All facts"),
            element("dl.facts", {}, ...rows.flatMap(([name, value]) =>
                [element("dt", {}, name), element("dd", {}, value)]))));
    }

    #showPayloads(name, report) {
        const view = element("div.payload");
        const rows = report.payloads.map((payload) => element("tr", {
            "data-index": payload.index, onclick: () => this.#open(name, payload, view) },
            element("td", {}, element("button.quiet", {}, payload.name || `payload ${payload.index}`)),
            element("td", {}, payload.text ? "text"
                : payload.image ? `${payload.image.width}x${payload.image.height} `
                    + payload.image.format : "bytes"),
            element("td.number", {}, bytesText(payload.bytes ?? payload.present_bytes)),
            element("td", {}, payload.state)));
        this.box.append(element("table.payloads", {}, element("tbody", {}, ...rows)), view);
        if (report.payloads.length === 1 && !isPicture(report.payloads[0]))
            this.#open(name, report.payloads[0], view);
    }

    async #open(name, payload, view) {
        if (isPicture(payload)) {
            location.hash = `#/kept/${encodeURIComponent(name)}/${payload.index}`;
            return;
        }
        const query = { section: name, index: payload.index,
                        count: payload.text ? kTextShownBytes : kPageBytes };
        try {
            const bytes = await this.app.connection.bytes("/api/payload", query);
            view.replaceChildren(payload.text
                ? element("pre.text", {}, new TextDecoder().decode(bytes))
                : element("table.dump", {}, element("tbody", {}, ...hexRows(bytes, 0))));
            const whole = payload.bytes ?? payload.present_bytes;
            if (whole > bytes.length)
                view.append(element("p.empty", {},
                    `the first ${bytesText(bytes.length)} of ${bytesText(whole)}`));
        } catch (failure) {
            view.replaceChildren(element("p.empty", {}, failure.message));
        }
    }

    // Reads the page that is shown again and again. The bytes of the last change stay marked.
    #showBuffer(name, size) {
        let offset = 0;
        let former = null;
        let marked = null;
        const body = element("tbody");
        const place = element("input", { type: "text", value: "0", title: "an offset, 0x for hex",
            onchange: () => go(Number(place.value) || 0) });
        const turn = this.#turn;
        const look = async () => {
            const bytes = await this.app.connection.bytes("/api/buffer",
                { section: name, offset, count: kPageBytes }).catch((failure) => failure);
            if (turn !== this.#turn) return;
            if (bytes instanceof Error) {
                body.replaceChildren(element("tr", {}, element("td", {}, bytes.message)));
                former = null;
                marked = null;
                return;
            }
            const changed = former === null ? null : differences(bytes, former);
            if (changed?.some((byte) => byte !== 0)) marked = changed;
            body.replaceChildren(...hexRows(bytes, offset, marked));
            former = bytes;
        };
        const go = (next) => {
            const last = Math.floor(Math.max(size - 1, 0) / kRowBytes) * kRowBytes;
            offset = Math.min(Math.max(Math.floor(next / kRowBytes) * kRowBytes, 0), last);
            place.value = `0x${hexText(offset, 1)}`;
            former = null;
            marked = null;
            look();
        };
        this.box.append(element("div.line", {},
            element("button", { onclick: () => go(offset - kPageBytes) }, "Before"), place,
            element("button", { onclick: () => go(offset + kPageBytes) }, "After"),
            element("span.what", {}, `of ${size} bytes, read without the lock`)),
            element("table.dump", {}, body));
        this.#timer = setInterval(look, kRefreshMs);
        go(0);
    }
}

function isPicture(payload) {
    return payload.image !== undefined && !payload.text;
}
