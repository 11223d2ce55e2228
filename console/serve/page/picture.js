// SPDX-License-Identifier: Apache-2.0
// A picture on a canvas: zoomed and moved, each of its pixels as large as the others.

const kSteps = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96];
const kGridFrom = 16;   // device pixels a pixel, from which lines part them
const kValuesFrom = 48; // and from which their values are written into them

export class Picture {
    #bitmap = null;
    #fits = true;
    #scale = 1;      // device pixels for a pixel of the picture
    #left = 0;       // of the picture's corner, in device pixels of the canvas
    #top = 0;
    #touches = new Map();
    #waiting = [];   // called when the canvas shows the present bitmap
    #isDue = false;

    // onPointer(x, y) with a pixel of the picture, or null. onView() after a change of the zoom.
    constructor(canvas, { onPointer, onView }) {
        this.canvas = canvas;
        this.context = canvas.getContext("2d", { alpha: false });
        this.onPointer = onPointer;
        this.onView = onView;
        this.overlay = null; // (context, picture): draws above the picture
        new ResizeObserver(() => this.#resize()).observe(canvas);
        canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
        canvas.addEventListener("pointerdown", (event) => this.#down(event));
        canvas.addEventListener("pointermove", (event) => this.#move(event));
        for (const kind of ["pointerup", "pointercancel"])
            canvas.addEventListener(kind, (event) => this.#touches.delete(event.pointerId));
        canvas.addEventListener("pointerleave", () => this.onPointer(null, null));
        canvas.addEventListener("dblclick", () => (this.#fits ? this.zoomTo(1) : this.fit()));
    }

    get bitmap() { return this.#bitmap; }
    get scale() { return this.#scale; }
    get left() { return this.#left; }
    get top() { return this.#top; }

    // Resolves when it is on the screen.
    show(bitmap) {
        const former = this.#bitmap;
        const isOther = former === null || former.width !== bitmap.width
            || former.height !== bitmap.height;
        this.#bitmap = bitmap;
        former?.close();
        if (isOther) this.fit();
        return new Promise((done) => {
            this.#waiting.push(done);
            this.#schedule();
        });
    }

    clear() {
        this.#bitmap?.close();
        this.#bitmap = null;
        this.#schedule();
    }

    fit() {
        this.#fits = true;
        this.#place();
    }

    // A scale in device pixels, with one point of the canvas staying where it is.
    zoomTo(scale, x = this.canvas.width / 2, y = this.canvas.height / 2) {
        if (this.#bitmap === null) return;
        const most = kSteps.at(-1);
        const next = Math.min(Math.max(scale, kSteps[0]), most);
        this.#left = x - (x - this.#left) / this.#scale * next;
        this.#top = y - (y - this.#top) / this.#scale * next;
        this.#scale = next;
        this.#fits = false;
        this.#place();
    }

    zoomBy(steps, x, y) {
        const here = this.#scale;
        const next = steps > 0 ? kSteps.find((step) => step > here * 1.001)
            : kSteps.findLast((step) => step < here * 0.999);
        if (next) this.zoomTo(next, x, y);
    }

    moveBy(x, y) {
        this.#fits = false;
        this.#left += x;
        this.#top += y;
        this.#place();
    }

    // The pixel of the picture under a place of the window, or null.
    pixelAt(clientX, clientY) {
        if (this.#bitmap === null) return null;
        const [x, y] = this.#devicePlace(clientX, clientY);
        const column = Math.floor((x - this.#left) / this.#scale);
        const row = Math.floor((y - this.#top) / this.#scale);
        const isInside = column >= 0 && row >= 0 && column < this.#bitmap.width
            && row < this.#bitmap.height;
        return isInside ? { x: column, y: row } : null;
    }

    // The pixels that are visible, and whether their values fit into them.
    visible() {
        const bound = (value, most) => Math.min(Math.max(value, 0), most);
        const [width, height] = [this.#bitmap.width, this.#bitmap.height];
        const x = bound(Math.floor(-this.#left / this.#scale), width);
        const y = bound(Math.floor(-this.#top / this.#scale), height);
        const right = bound(Math.ceil((this.canvas.width - this.#left) / this.#scale), width);
        const bottom = bound(Math.ceil((this.canvas.height - this.#top) / this.#scale), height);
        return { x, y, columns: right - x, rows: bottom - y,
                 hasRoom: this.#scale >= kValuesFrom };
    }

    redraw() { this.#schedule(); }

    #devicePlace(clientX, clientY) {
        const box = this.canvas.getBoundingClientRect();
        const ratio = this.canvas.width / box.width;
        return [(clientX - box.left) * ratio, (clientY - box.top) * ratio];
    }

    #resize() {
        const ratio = window.devicePixelRatio || 1;
        const width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));
        const height = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
        if (width === this.canvas.width && height === this.canvas.height) return;
        this.canvas.width = width;
        this.canvas.height = height;
        this.#place();
    }

    // Keeps the picture in sight, on whole device pixels, so that all its pixels are equal.
    #place() {
        if (this.#bitmap !== null) {
            const { width, height } = this.#bitmap;
            if (this.#fits)
                this.#scale = Math.min(this.canvas.width / width, this.canvas.height / height);
            const keep = (offset, size, room) => (size <= room ? (room - size) / 2
                : Math.min(0, Math.max(offset, room - size)));
            this.#left = Math.round(keep(this.#left, width * this.#scale, this.canvas.width));
            this.#top = Math.round(keep(this.#top, height * this.#scale, this.canvas.height));
        }
        this.onView();
        this.#schedule();
    }

    #schedule() {
        if (this.#isDue) return;
        this.#isDue = true;
        requestAnimationFrame(() => {
            this.#isDue = false;
            this.#draw();
            for (const done of this.#waiting.splice(0)) done();
        });
    }

    #draw() {
        const { context, canvas } = this;
        context.fillStyle = getComputedStyle(canvas).backgroundColor;
        context.fillRect(0, 0, canvas.width, canvas.height);
        if (this.#bitmap === null) return;
        context.imageSmoothingEnabled = this.#scale < 1;
        context.drawImage(this.#bitmap, this.#left, this.#top,
            this.#bitmap.width * this.#scale, this.#bitmap.height * this.#scale);
        if (this.#scale >= kGridFrom) this.#drawGrid();
        this.overlay?.(context, this);
    }

    #drawGrid() {
        const { context } = this;
        const area = this.visible();
        context.strokeStyle = "rgba(128, 128, 128, 0.35)";
        context.lineWidth = 1;
        context.beginPath();
        for (let x = area.x; x <= area.x + area.columns; ++x) {
            const at = Math.round(this.#left + x * this.#scale) + 0.5;
            context.moveTo(at, this.#top + area.y * this.#scale);
            context.lineTo(at, this.#top + (area.y + area.rows) * this.#scale);
        }
        for (let y = area.y; y <= area.y + area.rows; ++y) {
            const at = Math.round(this.#top + y * this.#scale) + 0.5;
            context.moveTo(this.#left + area.x * this.#scale, at);
            context.lineTo(this.#left + (area.x + area.columns) * this.#scale, at);
        }
        context.stroke();
    }

    #wheel(event) {
        event.preventDefault();
        this.zoomBy(event.deltaY < 0 ? 1 : -1, ...this.#devicePlace(event.clientX, event.clientY));
        this.#point(event);
    }

    #down(event) {
        this.#touches.set(event.pointerId, [event.clientX, event.clientY]);
        this.canvas.setPointerCapture(event.pointerId);
        this.#point(event);
    }

    #move(event) {
        this.#point(event);
        const former = this.#touches.get(event.pointerId);
        if (former === undefined) return;
        const ratio = this.canvas.width / this.canvas.getBoundingClientRect().width;
        const here = [event.clientX, event.clientY];
        if (this.#touches.size === 1) {
            const [x, y] = [here[0] - former[0], here[1] - former[1]];
            if (x !== 0 || y !== 0) this.moveBy(x * ratio, y * ratio);
        } else {
            const other = [...this.#touches.entries()].find(([id]) => id !== event.pointerId)[1];
            const length = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]);
            const middle = [(here[0] + other[0]) / 2, (here[1] + other[1]) / 2];
            this.zoomTo(this.#scale * length(here) / Math.max(length(former), 1),
                ...this.#devicePlace(...middle));
        }
        this.#touches.set(event.pointerId, here);
    }

    #point(event) {
        const pixel = this.pixelAt(event.clientX, event.clientY);
        this.onPointer(pixel?.x ?? null, pixel?.y ?? null);
    }
}
