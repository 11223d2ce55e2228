// SPDX-License-Identifier: Apache-2.0
// The panel beside the pictures: how the active one is shown, its histogram, and what its frame
// says of itself.
import { Histogram } from "./histogram.js";
import { bytesText, captureText, element, latencyText, numberText, timeText } from "./words.js";

const kFormats = [["jpeg 60", "JPEG, small"], ["jpeg 80", "JPEG"], ["jpeg 95", "JPEG, fine"],
                  ["png 80", "PNG, lossless"]];
const kRates = ["1", "5", "10", "15", "30", "60"];
const kLevels = [["full", "whole range"], ["auto", "the picture's extremes"],
                 ["given", "given below"]];
export const kMaps = ["grey", "viridis", "inferno", "turbo", "clipped"];
const kBayer = [["color", "colours"], ["raw", "as the sensor saw it"]];

function choice(label, options, onchange) {
    const select = element("select", { onchange: () => onchange(select.value) },
        ...options.map((option) => {
            const [value, text] = Array.isArray(option) ? option : [option, option];
            return element("option", { value }, text);
        }));
    return { select, box: element("label.field", {}, element("span", {}, label), select) };
}

export class Controls {
    #pane = null;
    #factsOf = null;

    constructor(app, box) {
        this.app = app;
        this.format = choice("Picture", kFormats, (value) => this.#setFormat(value));
        this.rate = choice("At most", kRates.map((rate) => [rate, `${rate} frames/s`]),
            (value) => this.#pane.set("rate", value));
        this.levels = choice("Levels", kLevels, (value) => this.#setLevels(value));
        this.map = choice("Colours", kMaps, (value) => this.#pane.set("map", value));
        this.bayer = choice("Pattern", kBayer, (value) => this.#pane.set("bayer", value));
        this.beside = choice("Beside", [], (value) => app.showBeside(value));
        const number = (title) => element("input", { type: "number", step: "any", title,
            onchange: () => this.#setGiven() });
        this.black = number("what becomes black");
        this.white = number("what becomes white");
        this.window = element("div.field", {}, element("span", {}, "Black, white"), this.black,
            this.white);
        this.layer = element("input", { type: "number", min: 0, value: 0,
            onchange: () => this.#pane.set("layer", this.layer.value) });
        this.layerBox = element("label.field", {}, element("span", {}, "Layer"), this.layer);
        this.histogram = new Histogram((black, white) => this.setWindow(black, white));
        this.histogramBox = element("details.block", { open: true,
            ontoggle: () => app.statisticsWanted() }, element("summary", {}, "Histogram"),
            this.histogram.box);
        this.facts = element("dl.facts");
        this.metadata = element("pre.metadata");
        box.append(
            element("details.block", { open: true }, element("summary", {}, "Shown as"),
                this.format.box, this.rate.box, this.levels.box, this.window, this.map.box,
                this.bayer.box, this.layerBox, this.beside.box),
            this.histogramBox,
            element("details.block", { open: true }, element("summary", {}, "Frame"), this.facts,
                this.metadata));
    }

    get wantsStatistics() { return this.histogramBox.open; }

    toggleHistogram() { this.histogramBox.open = !this.histogramBox.open; }

    show(pane) {
        if (pane !== this.#pane) this.#factsOf = null;
        this.#pane = pane;
        const { settings } = pane;
        this.format.select.value = `${settings.format} ${settings.quality}`;
        this.rate.select.value = settings.rate;
        const isGiven = settings.levels.includes(":");
        this.levels.select.value = isGiven ? "given" : settings.levels;
        this.map.select.value = settings.map;
        this.bayer.select.value = settings.bayer;
        this.rate.box.hidden = pane.payload !== null;
        this.#showFor(pane.header, isGiven);
        this.showStatistics(pane);
        this.showFrame(pane);
    }

    // What the present picture has no use for is not there.
    #showFor(header, isGiven) {
        const channels = header?.channels?.length ?? 0;
        const isRaw = header?.bayer && this.#pane.settings.bayer === "raw";
        this.map.box.hidden = !(channels === 1 && (!header.bayer || isRaw));
        this.bayer.box.hidden = !header?.bayer;
        this.layerBox.hidden = !(header?.layers > 1);
        if (header?.layers > 1) this.layer.max = header.layers - 1;
        this.window.hidden = !isGiven;
    }

    #setFormat(value) {
        const [format, quality] = value.split(" ");
        this.#pane.set("format", format);
        this.#pane.set("quality", quality);
    }

    #setLevels(value) {
        if (value !== "given") {
            this.#pane.set("levels", value);
            this.show(this.#pane);
            return;
        }
        const { header, statistics } = this.#pane;
        const white = header?.white ?? header?.levels_high ?? statistics?.channels[0]?.max ?? 255;
        this.setWindow(header?.black ?? 0, white);
    }

    setWindow(black, white) {
        this.black.value = numberText(black);
        this.white.value = numberText(white);
        this.#setGiven();
    }

    #setGiven() {
        this.#pane.set("levels", `${Number(this.black.value)}:${Number(this.white.value)}`);
        this.show(this.#pane);
    }

    showStatistics(pane) {
        if (pane === this.#pane && this.wantsStatistics)
            this.histogram.show(pane.statistics, pane.header?.float === true);
    }

    showNames(names) {
        const options = ["", ...names];
        const { select } = this.beside;
        const now = [...select.options].map((option) => option.value);
        if (now.join("\n") === options.join("\n")) return;
        select.replaceChildren(...options.map((name) =>
            element("option", { value: name }, name === "" ? "nothing" : name)));
        select.value = this.app.besideName ?? "";
    }

    showFrame(pane) {
        if (pane !== this.#pane) return;
        const { header } = pane;
        this.beside.select.value = this.app.besideName ?? "";
        if (header === null) {
            this.facts.replaceChildren();
            this.metadata.textContent = "";
            return;
        }
        const isGiven = pane.settings.levels.includes(":");
        this.#showFor(header, isGiven);
        const rows = factsOf(header);
        const text = JSON.stringify(rows);
        if (text === this.#factsOf) return;
        this.#factsOf = text;
        this.facts.replaceChildren(...rows.flatMap(([name, value]) =>
            [element("dt", {}, name), element("dd", {}, value)]));
        this.metadata.textContent = metadataText(header);
    }
}

function factsOf(header) {
    const rows = [["size", `${header.width} x ${header.height}`], ["format", header.format],
                  ["bytes", bytesText(header.bytes)]];
    const add = (name, value) => { if (value !== undefined) rows.push([name, String(value)]); };
    if (header.what.includes("[")) rows[1] = ["array", header.what];
    add("number", header.sequence);
    add("source's number", header.source_number);
    if (header.captured_ns !== undefined)
        add("captured", captureText(header.captured_ns, header.clock));
    if (header.published_unix_ns !== undefined)
        add("published", `${timeText(header.published_unix_ns)} UTC`);
    if (header.latency_ns !== undefined) add("latency", latencyText(header.latency_ns));
    add("skipped", header.skipped);
    add("missed", header.lost);
    if (header.black !== undefined)
        add("levels", `${numberText(header.black)} to ${numberText(header.white)}`);
    add("metadata", header.content_type ?? (header.metadata_bytes ? "no type" : undefined));
    return rows;
}

// JSON with an indent; other metadata as they are.
function metadataText(header) {
    if (header.metadata === undefined) return "";
    try {
        return JSON.stringify(JSON.parse(header.metadata), null, 2);
    } catch {
        return header.metadata;
    }
}
