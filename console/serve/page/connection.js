// SPDX-License-Identifier: Apache-2.0
// The page's one stream of messages, and its requests beside it. A message is two lengths of four
// bytes, a JSON object, and bytes.

const kRetryMs = 1000;
// The server says something every second.
const kSilenceMs = 10000;

class Parser {
    #pieces = [];
    #bytes = 0;

    add(piece) {
        this.#pieces.push(piece);
        this.#bytes += piece.length;
    }

    // The next whole message, or null.
    next() {
        if (this.#bytes < 8) return null;
        const lengths = new DataView(this.#peek(8).buffer);
        const jsonBytes = lengths.getUint32(0, true);
        const bodyBytes = lengths.getUint32(4, true);
        if (this.#bytes < 8 + jsonBytes + bodyBytes) return null;
        const all = this.#take(8 + jsonBytes + bodyBytes);
        const object = JSON.parse(new TextDecoder().decode(all.subarray(8, 8 + jsonBytes)));
        object.body = all.subarray(8 + jsonBytes);
        return object;
    }

    #peek(count) {
        const copy = new Uint8Array(count);
        let at = 0;
        for (const piece of this.#pieces) {
            const part = piece.subarray(0, count - at);
            copy.set(part, at);
            at += part.length;
            if (at === count) break;
        }
        return copy;
    }

    #take(count) {
        const copy = this.#peek(count);
        let left = count;
        while (left > 0) {
            const first = this.#pieces[0];
            if (first.length <= left) {
                left -= first.length;
                this.#pieces.shift();
            } else {
                this.#pieces[0] = first.subarray(left);
                left = 0;
            }
        }
        this.#bytes -= count;
        return copy;
    }
}

export class Connection {
    // onMessage(object): each message in turn. onState("open" | "closed", why).
    constructor(onMessage, onState) {
        this.onMessage = onMessage;
        this.onState = onState;
        this.session = null;
        this.mayRest = () => true; // whether the stream may end while nobody looks at the page
        document.addEventListener("visibilitychange", () => this.#lookAgain());
        this.#run();
    }

    // A page that nobody sees reads nothing: a browser allows only six streams to one host.
    #isResting() {
        return document.visibilityState === "hidden" && this.mayRest();
    }

    #lookAgain() {
        if (this.#isResting()) this.abort?.abort();
        this.wake?.();
    }

    async #run() {
        while (true) {
            while (this.#isResting()) await new Promise((wake) => { this.wake = wake; });
            let why = "the server has ended";
            try {
                why = await this.#read();
            } catch (failure) {
                if (failure.name === "SyntaxError") throw failure;
            }
            this.session = null;
            if (!this.#isResting()) this.onState("closed", why);
            await new Promise((done) => setTimeout(done, kRetryMs));
        }
    }

    async #read() {
        this.abort = new AbortController();
        const answer = await fetch("/api/stream", { signal: this.abort.signal });
        if (!answer.ok) return (await answer.text()).trim();
        const reader = answer.body.getReader();
        const parser = new Parser();
        let silence = 0;
        const listen = () => {
            clearTimeout(silence);
            silence = setTimeout(() => this.abort.abort(), kSilenceMs);
        };
        try {
            while (true) {
                listen();
                const { done, value } = await reader.read();
                if (done) return "the server has ended";
                parser.add(value);
                for (let message = parser.next(); message; message = parser.next())
                    this.#take(message);
            }
        } finally {
            clearTimeout(silence);
        }
    }

    #take(message) {
        if (message.kind === "hello") {
            this.session = message.session;
            this.onState("open");
        }
        this.onMessage(message);
    }

    #address(path, query) {
        return `${path}?${new URLSearchParams({ session: this.session, ...query })}`;
    }

    // Asks the session for something, in the order of the calls. Returns the answer's object, or an
    // object with `failed`.
    order(query) {
        const go = async () => {
            if (this.session === null) return { failed: "not connected" };
            try {
                const answer = await fetch(this.#address("/api/order", query));
                return answer.ok ? await answer.json() : { failed: (await answer.text()).trim() };
            } catch (failure) {
                return { failed: String(failure) };
            }
        };
        this.orders = (this.orders ?? Promise.resolve()).then(go);
        return this.orders;
    }

    // Does not wait for other orders.
    drawn(pane, message) {
        if (this.session === null) return;
        fetch(this.#address("/api/order", { what: "drawn", pane, message })).catch(() => {});
    }

    async values(query) {
        const answer = await fetch(this.#address("/api/values", query));
        return answer.ok ? answer.json() : null;
    }

    // A file with the name that the server proposes.
    async saved(query) {
        const answer = await fetch(this.#address("/api/save", query));
        if (!answer.ok) throw new Error((await answer.text()).trim());
        const name = /filename=(\S+)/.exec(answer.headers.get("Content-Disposition"))[1];
        return { name, blob: await answer.blob() };
    }

    async section(name) {
        const answer = await fetch(`/api/section?${new URLSearchParams({ section: name })}`);
        if (!answer.ok) throw new Error((await answer.text()).trim());
        return answer.json();
    }

    // Bytes of a payload or a buffer.
    async bytes(path, query) {
        const answer = await fetch(`${path}?${new URLSearchParams(query)}`);
        if (!answer.ok) throw new Error((await answer.text()).trim());
        return new Uint8Array(await answer.arrayBuffer());
    }
}
