// SPDX-License-Identifier: Apache-2.0
// One stream or kept picture: its canvas, the line above it and the line below it.
import { Picture } from "./picture.js";
import { element, latencyText, numberText } from "./words.js";

// Of this page: which messages are for what a pane shows now.
let turns = 0;

const kRestMs = 2500;

const kStates = {
    waiting: "waiting for a frame. A camera that waits for its readers does not count this page",
    live: "live",
    ended: "the camera has ended its stream",
    gone: "the camera has gone; waiting for another one",
    failed: "failed",
};

export class Pane {
    #turn = 0;
    #decoding = Promise.resolve();
    #pointer = null;     // the pixel under the pointer
    #isAsking = false;   // for its values
    #mapIsChosen = false;
    #times = [];         // when the last frames were drawn
    #area = null;        // values of the visible pixels, where they have room

    // `app` has the connection and hears of changes: paneChanged(pane), activate(pane).
    constructor(app, index) {
        this.app = app;
        this.index = index;
        this.name = null;
        this.payload = null;
        this.header = null;      // the frame that is shown
        this.statistics = null;
        this.state = "waiting";
        this.text = "";
        this.settings = { format: "jpeg", quality: "80", rate: String(app.rate ?? 15),
                          levels: "full", map: "grey", bayer: "color", layer: "0" };
        this.#build();
    }

    #build() {
        this.canvas = element("canvas.picture", { tabIndex: 0 });
        this.title = element("strong.name");
        this.what = element("span.what");
        this.badge = element("span.badge");
        this.rateText = element("span.rate");
        this.values = element("output.values");
        this.zoom = element("span.zoom");
        this.count = element("span.count");
        this.notice = element("div.notice", { hidden: true });
        const button = (text, title, action) => element("button.quiet", {
            title, onclick: () => { this.app.activate(this); action(); } }, text);
        this.pauseButton = button("Pause", "pause (p)", () => this.togglePause());
        this.box = element("article.pane", { onpointerdown: () => this.app.activate(this) },
            element("div.line", {}, this.title, this.what, element("span.space"), this.rateText,
                this.badge,
                element("button.quiet", { title: "close (q)",
                    onclick: () => this.app.closePane(this) }, "Close")),
            element("div.canvas", {}, this.canvas, this.notice),
            element("div.line.below", {}, this.values, element("span.space"), this.count),
            element("div.line.buttons", {}, this.pauseButton,
                button("Back", "the frame before (left)", () => this.step(-1)),
                button("Next", "the frame after (right)", () => this.step(1)),
                element("span.space"), this.zoom,
                button("Fit", "the whole picture (0)", () => this.picture.fit()),
                button("1:1", "a pixel for a pixel (1)", () => this.picture.zoomTo(1)),
                button("+", "larger (+)", () => this.picture.zoomBy(1)),
                button("\u2212", "smaller (-)", () => this.picture.zoomBy(-1)),
                button("Full", "full screen (f)", () => this.fullScreen()),
                button("PNG", "save as PNG, with all bits (g)", () => this.save("png")),
                button("Raw", "save the frame's bytes (w)", () => this.save("raw"))));
        this.picture = new Picture(this.canvas, {
            onPointer: (x, y) => this.#point(x, y),
            onView: () => this.#viewChanged(),
        });
        this.picture.overlay = (context) => this.#drawValues(context);
    }

    get isPaused() { return this.header?.paused === true; }

    // Whether the session shows this here already.
    shows(name, payload, session) {
        return this.name === name && this.payload === payload && this.session === session;
    }

    // Shows a stream, or with a number a payload of a kept section.
    async show(name, payload = null) {
        this.name = name;
        this.payload = payload;
        this.session = this.app.connection.session;
        this.header = null;
        this.statistics = null;
        this.#turn = ++turns;
        this.#times = [];
        this.picture.clear();
        this.say("waiting", "");
        const query = { what: "show", pane: this.index, section: name,
                        turn: this.#turn };
        if (payload !== null) query.payload = payload;
        this.app.connection.order({ what: "set", pane: this.index, ...this.settings,
                                    statistics: this.app.wantsStatistics(this) ? 1 : 0 });
        const answer = await this.app.connection.order(query);
        if (answer.failed) this.say("failed", answer.failed);
        this.app.paneChanged(this);
    }

    // Floating-point numbers have false colours at first, until the viewer chooses.
    #chooseMap() {
        const isFloat = this.header.float && this.header.channels.length === 1;
        const map = isFloat ? "viridis" : "grey";
        if (this.#mapIsChosen || this.settings.map === map) return;
        this.set("map", map);
        this.#mapIsChosen = false;
        this.app.settingsChanged(this);
    }

    set(name, value) {
        if (name === "map") this.#mapIsChosen = true;
        this.settings[name] = String(value);
        this.app.connection.order({ what: "set", pane: this.index, [name]: value })
            .then((answer) => { if (answer.failed) this.notify(answer.failed); });
    }

    say(state, text) {
        this.state = state;
        this.text = text;
        this.title.textContent = this.name ?? "";
        this.badge.dataset.state = this.isPaused ? "paused" : state;
        this.badge.textContent = this.isPaused ? "paused" : state;
        this.pauseButton.textContent = this.isPaused ? "Go on" : "Pause";
        const isFine = state === "live" || (this.payload !== null && this.header !== null);
        this.notify(isFine ? "" : text || kStates[state]);
    }

    notify(text) {
        this.notice.textContent = text;
        this.notice.hidden = text === "";
    }

    // A message of the stream that is for this pane.
    take(message) {
        if (message.turn !== this.#turn) return;
        if (message.kind === "frame") this.#decoding = this.#decoding.then(() => this.#draw(message));
        if (message.kind === "state") this.say(message.state, message.text ?? "");
        if (message.kind === "statistics") {
            this.statistics = message;
            this.app.statisticsChanged(this);
        }
    }

    async #draw(message) {
        const blob = new Blob([message.body], { type: message.content_type_of_picture });
        try {
            const bitmap = await createImageBitmap(blob,
                { colorSpaceConversion: "none", premultiplyAlpha: "none" });
            this.header = message;
            this.#area = null;
            this.say(this.payload === null ? "live" : "still", "");
            this.#chooseMap();
            await this.picture.show(bitmap);
        } catch (failure) {
            this.notify(`the browser can't show this picture: ${failure.message}`);
        }
        this.app.connection.drawn(this.index, message.message);
        this.#times = [...this.#times.filter((at) => at > performance.now() - 2000),
                       performance.now()];
        this.#describe();
        this.#askValues();
        this.app.paneChanged(this);
    }

    #describe() {
        const { header } = this;
        const shape = `${header.width}x${header.height} ${header.format}`;
        this.what.textContent = header.what.startsWith(shape) || !header.what.includes("[")
            ? shape : header.what;
        this.describePace();
        if (this.payload !== null) {
            this.count.textContent = header.name ?? "";
        } else if (this.isPaused) {
            this.count.textContent = `frame ${header.sequence}, `
                + `${header.position + 1} of ${header.held} held`;
        } else {
            this.count.textContent = `frame ${header.sequence}, ${header.skipped} skipped, `
                + `${header.lost} missed`;
        }
        this.count.title = "skipped: published, but not shown here; missed: lost by the source";
        this.#viewChanged();
    }

    // How many frames a second are drawn now; of a stream that rests, since when it does.
    describePace() {
        this.rateText.textContent = "";
        if (this.header === null || this.isPaused || this.payload !== null) return;
        const [first, last] = [this.#times[0], this.#times.at(-1)];
        const restMs = performance.now() - last;
        if (restMs > kRestMs) {
            this.rateText.textContent = `no new frame for ${Math.round(restMs / 1000)} s`;
            return;
        }
        const { latency_ns: latency } = this.header;
        const rate = last > first ? (this.#times.length - 1) / (last - first) * 1000 : 0;
        this.rateText.textContent = `${rate.toFixed(1)} frames/s`
            + (latency === undefined ? "" : `, ${latencyText(latency)}`);
    }

    #viewChanged() {
        const scale = this.picture.scale;
        this.zoom.textContent = scale >= 1 && Number.isInteger(scale) ? `${scale}:1`
            : `${(scale * 100).toFixed(0)} %`;
        this.canvas.dataset.scale = scale;
        this.canvas.dataset.left = this.picture.left;
        this.canvas.dataset.top = this.picture.top;
        this.#askArea();
    }

    #point(x, y) {
        const isOther = x !== this.#pointer?.x || y !== this.#pointer?.y;
        this.#pointer = x === null ? null : { x, y };
        if (!isOther) return;
        if (this.#pointer === null) this.values.textContent = "";
        this.#askValues();
    }

    // One question at a time: a slow connection has fewer answers, not older ones.
    async #askValues() {
        if (this.#isAsking || this.#pointer === null || this.header === null) return;
        this.#isAsking = true;
        const { x, y } = this.#pointer;
        const answer = await this.app.connection.values(
            { pane: this.index, frame: this.header.id, x, y }).catch(() => null);
        this.#isAsking = false;
        if (this.#pointer === null) return;
        if (answer !== null) this.values.textContent = this.#valuesText(answer);
        if (x !== this.#pointer.x || y !== this.#pointer.y) this.#askValues();
    }

    #valuesText(answer) {
        const names = answer.colors ? [answer.colors[0]] : answer.channels;
        const values = answer.values[0].map((value, index) =>
            `${names[index]} ${numberText(value)}`);
        return `(${answer.x}, ${answer.y})  ${values.join("  ")}`;
    }

    // The values of all pixels that are in sight, once the zoom leaves room for them.
    async #askArea() {
        if (this.picture.bitmap === null || this.header === null) return;
        const area = this.picture.visible();
        if (!area.hasRoom || area.columns > 64 || area.rows > 64) {
            this.#area = null;
            return;
        }
        const key = [this.header.id, area.x, area.y, area.columns, area.rows].join(" ");
        if (this.#area?.key === key) return;
        this.#area = { key };
        const answer = await this.app.connection.values({ pane: this.index, frame: this.header.id,
            x: area.x, y: area.y, columns: area.columns, rows: area.rows }).catch(() => null);
        if (answer === null || this.#area?.key !== key) return;
        this.#area = { key, ...answer };
        this.picture.redraw();
    }

    #drawValues(context) {
        const area = this.#area;
        if (!area?.values) return;
        const { scale, left, top } = this.picture;
        const lines = area.channels.length;
        const size = Math.min(scale / (lines + 0.6), scale / 4.5);
        context.font = `${size}px ui-monospace, monospace`;
        context.textAlign = "center";
        context.textBaseline = "middle";
        context.lineWidth = size / 6;
        context.strokeStyle = "rgba(0, 0, 0, 0.75)";
        context.fillStyle = "#fff";
        area.values.forEach((pixel, index) => {
            const x = left + (area.x + index % area.columns + 0.5) * scale;
            const y = top + (area.y + Math.floor(index / area.columns) + 0.5) * scale;
            pixel.forEach((value, channel) => {
                const at = y + (channel - (lines - 1) / 2) * size * 1.1;
                context.strokeText(numberText(value), x, at, scale * 0.94);
                context.fillText(numberText(value), x, at, scale * 0.94);
            });
        });
    }

    togglePause() {
        if (this.payload !== null) return;
        if (!this.isPaused) {
            this.app.connection.order({ what: "pause", pane: this.index });
            return;
        }
        this.header.paused = false;
        this.say("live", "");
        this.app.connection.order({ what: "resume", pane: this.index });
    }

    step(count) {
        if (this.payload === null)
            this.app.connection.order({ what: "step", pane: this.index, by: count });
    }

    fullScreen() {
        if (document.fullscreenElement) document.exitFullscreen();
        else this.box.requestFullscreen?.();
    }

    async save(as) {
        if (this.header === null) return;
        try {
            const { name, blob } = await this.app.connection.saved(
                { pane: this.index, frame: this.header.id, as });
            const link = element("a", { href: URL.createObjectURL(blob), download: name });
            link.click();
            setTimeout(() => URL.revokeObjectURL(link.href), 60000);
        } catch (failure) {
            this.notify(failure.message);
        }
    }
}
