// SPDX-License-Identifier: Apache-2.0
// Numbers and times as people read them, and elements of the page. Every text from elsewhere
// becomes a text node: nothing of it is taken for HTML.

// element("div.name", {title: "x"}, child, ...): a child is an element or a text.
export function element(kind, properties = {}, ...children) {
    const [tag, ...classes] = kind.split(".");
    const made = document.createElement(tag);
    made.classList.add(...classes);
    for (const [name, value] of Object.entries(properties)) {
        if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
        else if (name.startsWith("data-") || name === "for") made.setAttribute(name, value);
        else made[name] = value;
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
}

export function bytesText(bytes) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) {
        bytes /= 1024;
        ++unit;
    }
    return unit === 0 ? `${bytes} B` : `${bytes.toFixed(1)} ${units[unit]}`;
}

export function latencyText(ns) {
    if (ns < 1e3) return `${ns} ns`;
    if (ns < 1e6) return `${(ns / 1e3).toFixed(1)} us`;
    if (ns < 1e9) return `${(ns / 1e6).toFixed(1)} ms`;
    return `${(ns / 1e9).toFixed(1)} s`;
}

// A number of any size with few digits, as tables want them.
export function numberText(value) {
    if (typeof value === "string") return value; // "nan", "inf"
    if (Number.isInteger(value)) return String(value);
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(3);
    return String(Number(value.toPrecision(5)));
}

// Nanoseconds since 1970 as a text of digits: "2024-05-01 12:00:00.123456".
export function timeText(ns) {
    const whole = BigInt(ns);
    const milliseconds = Number(whole / 1000000n);
    const date = new Date(milliseconds);
    if (Number.isNaN(date.getTime())) return ns;
    const micros = String(Number(whole / 1000n % 1000000n)).padStart(6, "0");
    return `${date.toISOString().slice(0, 19).replace("T", " ")}.${micros}`;
}

// A capture time in the units of its clock.
export function captureText(ns, clock) {
    if (clock === "realtime") return `${timeText(ns)} UTC`;
    if (clock === "tai") return `${timeText(ns)} TAI`;
    return `${(Number(BigInt(ns) / 1000n) / 1e6).toFixed(6)} s (${clock})`;
}

export function hexText(number, digits) {
    return number.toString(16).padStart(digits, "0");
}
