// SPDX-License-Identifier: Apache-2.0
// The histogram of each channel, with extremes and mean. A drag across it sets black and white.
import { element, numberText } from "./words.js";

const kColors = { R: "#ff5c5c", G: "#3ecf6a", B: "#5c9dff", A: "#999999", Y: "#c9c9c9",
                  U: "#5c9dff", V: "#ff5c5c" };

export class Histogram {
    #statistics = null;
    #drag = null;

    // onLevels(black, white) after a drag.
    constructor(onLevels) {
        this.onLevels = onLevels;
        this.canvas = element("canvas.histogram", { title: "drag: black and white" });
        this.scale = element("div.scale", {}, element("span"), element("span.space"),
            element("span"));
        this.table = element("table.statistics");
        this.box = element("div", {}, this.canvas, this.scale, this.table);
        this.canvas.addEventListener("pointerdown", (event) => this.#begin(event));
        this.canvas.addEventListener("pointermove", (event) => this.#drawDrag(event));
        this.canvas.addEventListener("pointerup", (event) => this.#end(event));
    }

    // Numbers that are no floating-point numbers end at the largest one.
    show(statistics, isFloat) {
        this.#statistics = statistics;
        this.isFloat = isFloat;
        this.#draw();
        const cell = (text, kind = "td.number") => element(kind, {}, text);
        this.table.replaceChildren(...(statistics === null ? [] : [
            element("tr", {}, cell("", "th"), cell("min", "th.number"), cell("mean", "th.number"),
                cell("max", "th.number")),
            ...statistics.channels.map((channel) => element("tr",
                { "data-channel": channel.name }, cell(channel.name, "th"),
                cell(numberText(channel.min)), cell(numberText(channel.mean)),
                cell(numberText(channel.max)))),
        ]));
        const odd = statistics?.channels.reduce((sum, channel) => sum + channel.odd_count, 0);
        if (odd > 0)
            this.table.append(element("tr", {}, element("td", { colSpan: 4 },
                `${odd} samples are no numbers, or infinite`)));
    }

    get #last() {
        const end = this.#statistics.low + 256 * this.#statistics.bin_width;
        return this.isFloat ? end : end - 1;
    }

    #draw() {
        const ratio = window.devicePixelRatio || 1;
        const canvas = this.canvas;
        canvas.width = Math.round(canvas.clientWidth * ratio);
        canvas.height = Math.round(canvas.clientHeight * ratio);
        const context = canvas.getContext("2d");
        context.clearRect(0, 0, canvas.width, canvas.height);
        const [low, , high] = this.scale.children;
        low.textContent = high.textContent = "";
        if (this.#statistics === null) return;
        low.textContent = numberText(this.#statistics.low);
        high.textContent = numberText(this.#last);
        const { channels } = this.#statistics;
        // The fullest bin alone, of black sky for example, would leave the others flat.
        const sorted = channels.flatMap((channel) => channel.bins).sort((a, b) => b - a);
        const most = Math.max(sorted[Math.min(channels.length * 2, sorted.length - 1)], 1);
        context.globalCompositeOperation = channels.length > 1 ? "lighter" : "source-over";
        if (getComputedStyle(canvas).getPropertyValue("--is-light").trim() === "1")
            context.globalCompositeOperation = "multiply";
        for (const channel of channels.filter((one) => one.name !== "A"))
            this.#drawChannel(context, channel, most);
    }

    #drawChannel(context, channel, most) {
        const { width, height } = context.canvas;
        context.fillStyle = kColors[channel.name]
            ?? getComputedStyle(context.canvas).getPropertyValue("--text");
        context.globalAlpha = 0.8;
        context.beginPath();
        context.moveTo(0, height);
        channel.bins.forEach((count, bin) => {
            const y = height - Math.min(count / most, 1) * (height - 2);
            context.lineTo(bin / 256 * width, y);
            context.lineTo((bin + 1) / 256 * width, y);
        });
        context.lineTo(width, height);
        context.fill();
        context.globalAlpha = 1;
    }

    #valueAt(event) {
        const box = this.canvas.getBoundingClientRect();
        const part = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
        return this.#statistics.low + part * 256 * this.#statistics.bin_width;
    }

    #begin(event) {
        if (this.#statistics === null) return;
        this.#drag = { value: this.#valueAt(event), x: event.offsetX };
        this.canvas.setPointerCapture(event.pointerId);
    }

    #drawDrag(event) {
        if (this.#drag === null) return;
        this.#draw();
        const ratio = this.canvas.width / this.canvas.clientWidth;
        const context = this.canvas.getContext("2d");
        context.globalCompositeOperation = "source-over";
        context.fillStyle = "rgba(128, 160, 200, 0.35)";
        context.fillRect(this.#drag.x * ratio, 0, (event.offsetX - this.#drag.x) * ratio,
            this.canvas.height);
    }

    #end(event) {
        if (this.#drag === null) return;
        const [black, white] = [this.#drag.value, this.#valueAt(event)];
        this.#drag = null;
        if (black !== white) this.onLevels(Math.min(black, white), Math.max(black, white));
        else this.#draw();
    }
}
