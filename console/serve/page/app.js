// SPDX-License-Identifier: Apache-2.0
// The page: which of its parts is shown, and the keys. The address behind # says what is open:
// #/view/CAM, #/view/CAM/OTHER, #/kept/NAME/INDEX, #/section/NAME.
import { Connection } from "./connection.js";
import { Contents } from "./contents.js";
import { Controls, kMaps } from "./controls.js";
import { Pane } from "./pane.js";
import { Table } from "./table.js";
import { element } from "./words.js";

const byId = (id) => document.getElementById(id);
const kPanStep = 64;
const kThemeKey = "mapferry theme";
const kDarkWanted = matchMedia("(prefers-color-scheme: dark)");

class App {
    constructor() {
        this.panes = [];
        this.active = null;
        this.rate = 15;
        this.table = new Table(byId("table"), byId("empty"));
        this.controls = new Controls(this, byId("side"));
        this.connection = new Connection((message) => this.take(message),
            (state, why) => this.linkChanged(state, why));
        this.contents = new Contents(this, byId("contents"));
        // A paused page has frames that a new stream would not have.
        this.connection.mayRest = () => !this.panes.some((pane) => pane.isPaused);
        byId("place").textContent = location.host;
        byId("theme").addEventListener("click", () => this.changeTheme());
        byId("keys").addEventListener("click", () => byId("help").showModal());
        kDarkWanted.addEventListener("change", () => {
            setTheme();
            this.redraw();
        });
        addEventListener("hashchange", () => this.open());
        addEventListener("keydown", (event) => this.key(event));
        this.listKeys();
    }

    take(message) {
        if (message.kind === "hello") {
            this.rate = message.rate;
            this.open();
        }
        if (message.kind === "sections") {
            this.table.update(JSON.parse(new TextDecoder().decode(message.body)));
            this.showNames();
            for (const pane of this.panes) pane.describePace();
        }
        if (message.pane !== undefined) this.panes[message.pane]?.take(message);
    }

    linkChanged(state, why) {
        const link = byId("link");
        link.dataset.state = state === "open" ? "live" : "failed";
        link.textContent = state === "open" ? "connected" : why;
    }

    // ---- what is open ------------------------------------------------------------------------

    route() {
        return location.hash.replace(/^#\//, "").split("/").map(decodeURIComponent);
    }

    open() {
        const [kind, ...words] = this.route();
        const isStage = kind === "view" || kind === "kept";
        byId("sections").hidden = isStage || kind === "section";
        byId("stage").hidden = !isStage;
        byId("contents").hidden = kind !== "section";
        this.contents.close();
        if (kind === "section") this.contents.show(words[0]);
        const shown = kind === "view" ? words.slice(0, 2).map((name) => [name, null])
            : kind === "kept" ? [[words[0], Number(words[1])]] : [];
        this.openPanes(shown);
        document.title = words.length > 0 ? `${words[0]} - mapferry` : "mapferry";
        if (this.connection.session === null) return;
        this.connection.order({ what: "table", on: 1 });
    }

    openPanes(shown) {
        while (this.panes.length > shown.length) {
            const pane = this.panes.pop();
            pane.box.remove();
            this.connection.order({ what: "hide", pane: pane.index });
        }
        shown.forEach(([name, payload], index) => {
            if (this.panes.length === index) {
                this.panes.push(new Pane(this, index));
                byId("panes").append(this.panes[index].box);
            }
            const { session } = this.connection;
            if (session !== null && !this.panes[index].shows(name, payload, session))
                this.panes[index].show(name, payload);
        });
        byId("panes").dataset.count = shown.length;
        if (!this.panes.includes(this.active)) this.active = null;
        if (this.panes.length > 0) this.activate(this.active ?? this.panes[0]);
    }

    get besideName() { return this.panes[1]?.name; }

    showBeside(name) {
        const first = encodeURIComponent(this.panes[0].name);
        location.hash = name === "" ? `#/view/${first}`
            : `#/view/${first}/${encodeURIComponent(name)}`;
    }

    closePane(pane) {
        const others = this.panes.filter((one) => one !== pane && one.payload === null);
        location.hash = others.length === 0 ? "#/" : `#/view/${encodeURIComponent(others[0].name)}`;
    }

    // ---- what the panes say ------------------------------------------------------------------

    activate(pane) {
        const isOther = this.active !== pane;
        this.active = pane;
        for (const one of this.panes) one.box.classList.toggle("active", one === pane);
        if (isOther) {
            this.controls.show(pane);
            this.statisticsWanted();
        }
    }

    settingsChanged(pane) {
        if (pane === this.active) this.controls.show(pane);
    }

    paneChanged(pane) { this.controls.showFrame(pane); }

    statisticsChanged(pane) { this.controls.showStatistics(pane); }

    wantsStatistics(pane) { return pane === this.active && this.controls.wantsStatistics; }

    statisticsWanted() {
        for (const pane of this.panes)
            this.connection.order({ what: "set", pane: pane.index,
                                    statistics: this.wantsStatistics(pane) ? 1 : 0 });
    }

    showNames() {
        const names = this.table.rows.filter((row) => row.mode === "latest" || row.mode === "each")
            .map((row) => row.name);
        this.controls.showNames(names);
    }

    // ---- keys --------------------------------------------------------------------------------

    get keys() {
        const pane = this.active;
        const cycle = (list, value) => list[(list.indexOf(value) + 1) % list.length];
        const change = (name, value) => {
            pane.set(name, value);
            this.controls.show(pane);
        };
        return [
            ["q", "back; close", () => (pane ? this.closePane(pane) : this.closeContents())],
            ["s", "sort the table by the next column", () => this.table.sortByNext()],
            ["p", "pause, go on (also: space)", () => pane?.togglePause()],
            [" ", null, () => pane?.togglePause()],
            ["ArrowLeft", "the frame before", () => pane?.step(-1)],
            ["ArrowRight", "the frame after", () => pane?.step(1)],
            ["+", "larger", () => pane?.picture.zoomBy(1)],
            ["=", null, () => pane?.picture.zoomBy(1)],
            ["-", "smaller", () => pane?.picture.zoomBy(-1)],
            ["0", "the whole picture", () => pane?.picture.fit()],
            ["1", "a pixel for a pixel", () => pane?.picture.zoomTo(1)],
            ["f", "full screen", () => pane?.fullScreen()],
            ["Tab", "the other picture", () => this.activateOther()],
            ["h", "histogram", () => this.controls.toggleHistogram()],
            ["l", "levels: whole range, extremes",
                () => pane && change("levels", cycle(["full", "auto"], pane.settings.levels))],
            ["m", "colours in the place of greys",
                () => pane && change("map", cycle(kMaps, pane.settings.map))],
            ["b", "Bayer pattern: colours, raw",
                () => pane && change("bayer", cycle(["color", "raw"], pane.settings.bayer))],
            ["g", "save as PNG", () => pane?.save("png")],
            ["w", "save the frame's bytes", () => pane?.save("raw")],
            ["t", "light or dark", () => this.changeTheme()],
            ["?", "these keys", () => byId("help").showModal()],
        ];
    }

    activateOther() {
        if (this.panes.length > 1)
            this.activate(this.panes.find((pane) => pane !== this.active));
    }

    closeContents() { location.hash = "#/"; }

    key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
        if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
        const isButton = /^(BUTTON|A|SUMMARY)$/.test(event.target.tagName);
        if (isButton && (event.key === " " || event.key === "Enter")) return;
        if (event.shiftKey && event.key.startsWith("Arrow") && this.active) {
            const step = { ArrowLeft: [kPanStep, 0], ArrowRight: [-kPanStep, 0],
                           ArrowUp: [0, kPanStep], ArrowDown: [0, -kPanStep] }[event.key];
            this.active.picture.moveBy(...step);
            event.preventDefault();
            return;
        }
        if (event.key === "Tab" && this.panes.length < 2) return;
        const known = this.keys.find(([key]) => key === event.key);
        if (known === undefined) return;
        event.preventDefault();
        known[2]();
    }

    listKeys() {
        const shown = { ArrowLeft: "\u2190", ArrowRight: "\u2192" };
        const rows = this.keys.filter(([, about]) => about !== null)
            .concat([["Shift + arrows", "move the picture"]]);
        byId("keylist").append(...rows.flatMap(([key, about]) =>
            [element("dt", {}, element("kbd", {}, shown[key] ?? key)), element("dd", {}, about)]));
    }

    changeTheme() {
        const isDark = document.documentElement.dataset.theme === "dark";
        localStorage.setItem(kThemeKey, isDark ? "light" : "dark");
        setTheme();
        this.redraw();
    }

    redraw() {
        for (const pane of this.panes) pane.picture.redraw();
        if (this.active) this.controls.showStatistics(this.active);
    }
}

// The theme that was chosen here, or the system's.
function setTheme() {
    document.documentElement.dataset.theme =
        localStorage.getItem(kThemeKey) ?? (kDarkWanted.matches ? "dark" : "light");
}

setTheme();
// The cookie has the token now; it does not stay in the address.
if (location.search !== "") history.replaceState(null, "", location.pathname + location.hash);
window.mapferry = new App(); // for tests, and for whoever looks into the page
