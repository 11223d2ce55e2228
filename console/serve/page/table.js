// SPDX-License-Identifier: Apache-2.0
// The table of `mapferry top`, with a line for the last minute of each rate.
import { bytesText, element, latencyText } from "./words.js";

const kPoints = 60;
const kWidth = 84;
const kHeight = 18;

function whatOf(row) {
    const shape = row.tensor ? `${row.tensor.type} [${row.tensor.shape.join(", ")}]`
        : row.image ? `${row.image.width}x${row.image.height} ${row.image.format}` : "";
    const facts = [shape];
    if (row.frame_rate) facts.push(`${row.frame_rate} frames/s`);
    return facts.filter((fact) => fact !== "").join(", ") || "-";
}

// Which numbers have a line, and how all columns read.
const kColumns = [
    { id: "name", title: "Name", value: (row) => row.name, kind: "name" },
    { id: "mode", title: "Mode", value: (row) => row.mode },
    { id: "state", title: "State", value: (row) => row.state, kind: "state" },
    { id: "readers", title: "Readers", value: (row) => row.readers, number: true },
    { id: "frames", title: "Frames/s", value: (row) => row.frames_per_second, number: true,
      text: (value) => value.toFixed(1), line: true },
    { id: "bytes", title: "MB/s", value: (row) => row.bytes_per_second, number: true,
      text: (value) => (value / 1e6).toFixed(1), line: true },
    { id: "latency", title: "Latency", value: (row) => row.latency_ns, number: true,
      text: latencyText, line: true },
    { id: "missed", title: "Missed", value: (row) => row.frames_missed, number: true },
    { id: "memory", title: "Memory", value: (row) => row.used_bytes, number: true,
      text: bytesText },
    { id: "what", title: "What", value: whatOf },
];

export function addressOf(row) {
    const name = encodeURIComponent(row.name);
    return row.mode === "latest" || row.mode === "each" ? `#/view/${name}` : `#/section/${name}`;
}

function lineOf(points) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${kWidth} ${kHeight}`);
    svg.setAttribute("class", "spark");
    const known = points.filter((point) => point !== null);
    if (known.length < 2) return svg;
    const most = Math.max(...known, 1e-9);
    const step = kWidth / (kPoints - 1);
    const places = points.map((point, index) => point === null ? null
        : [(kPoints - points.length + index) * step, kHeight - 1 - point / most * (kHeight - 3)])
        .filter((place) => place !== null);
    const path = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    const area = document.createElementNS(svg.namespaceURI, "polygon");
    area.setAttribute("points", `${places[0][0].toFixed(1)},${kHeight} ${path} `
        + `${places.at(-1)[0].toFixed(1)},${kHeight}`);
    const stroke = document.createElementNS(svg.namespaceURI, "polyline");
    stroke.setAttribute("points", path);
    svg.append(area, stroke);
    return svg;
}

export class Table {
    #rows = [];
    #past = new Map(); // of a name and a column: the last numbers
    #sortedBy = 0;

    constructor(table, empty) {
        this.body = table.tBodies[0];
        this.empty = empty;
        this.titles = kColumns.map((column, index) => element("th", {
            title: "sort (s)", onclick: () => this.sortBy(index),
        }, column.title));
        table.tHead.append(element("tr", {}, ...this.titles));
        this.sortBy(0);
    }

    get rows() { return this.#rows; }

    sortBy(index) {
        this.#sortedBy = index % kColumns.length;
        this.titles.forEach((title, at) => title.classList.toggle("sorted", at === this.#sortedBy));
        this.titles.forEach((title, at) =>
            title.classList.toggle("number", kColumns[at].number === true));
        this.#draw();
    }

    sortByNext() { this.sortBy(this.#sortedBy + 1); }

    update(rows) {
        this.#rows = rows;
        const names = new Set(rows.map((row) => row.name));
        for (const name of this.#past.keys()) if (!names.has(name)) this.#past.delete(name);
        for (const row of rows) this.#remember(row);
        this.#draw();
    }

    #remember(row) {
        if (!this.#past.has(row.name)) this.#past.set(row.name, {});
        const past = this.#past.get(row.name);
        for (const column of kColumns.filter((one) => one.line)) {
            past[column.id] = [...(past[column.id] ?? []), column.value(row) ?? null];
            past[column.id] = past[column.id].slice(-kPoints);
        }
    }

    // Words from A, numbers from the largest, as top sorts them.
    #sorted() {
        const column = kColumns[this.#sortedBy];
        return [...this.#rows].sort((a, b) => {
            const [one, other] = [column.value(a), column.value(b)];
            if (column.number && one !== other) return (other ?? -1) - (one ?? -1);
            if (!column.number && one !== other) return one < other ? -1 : 1;
            return a.name < b.name ? -1 : 1;
        });
    }

    #draw() {
        this.body.replaceChildren(...this.#sorted().map((row) => this.#rowOf(row)));
        this.empty.hidden = this.#rows.length !== 0;
    }

    #rowOf(row) {
        const open = () => { location.hash = addressOf(row); };
        return element("tr", { onclick: open, "data-name": row.name },
            ...kColumns.map((column) => this.#cellOf(row, column)));
    }

    #cellOf(row, column) {
        const value = column.value(row);
        const text = value === undefined || (row.mode === "?" && column.number) ? "-"
            : column.text ? column.text(value) : String(value);
        const kind = `td.${column.id}${column.number ? ".number" : ""}`;
        const cell = element(kind, { "data-title": column.title });
        if (column.kind === "name")
            cell.append(element("a", { href: addressOf(row) }, text));
        else if (column.kind === "state")
            cell.append(element("span.badge", { "data-state": stateOf(row.state) }, text));
        else if (column.line && text !== "-")
            cell.append(lineOf(this.#past.get(row.name)[column.id]), element("span", {}, text));
        else cell.append(text);
        if (column.id === "what") cell.title = text;
        return cell;
    }
}

// The colour of a state.
function stateOf(state) {
    if (state === "streaming" || state === "kept" || state === "free") return "live";
    if (state === "writer died" || state === "aborted" || state === "dead"
        || state === "unreadable" || state === "holder died") return "failed";
    return "waiting";
}
