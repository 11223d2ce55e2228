# SPDX-License-Identifier: Apache-2.0
"""What tests do with the page in a browser, and what they read from it."""
import base64

import numpy

PIXELS = """
const { picture } = window.mapferry.panes[args[0]];
await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
const { canvas, bitmap, left, top, scale } = picture;
const width = bitmap.width * scale, height = bitmap.height * scale;
const data = canvas.getContext("2d").getImageData(left, top, width, height).data;
let text = "";
for (let at = 0; at < data.length; at += 8192)
    text += String.fromCharCode(...data.subarray(at, at + 8192));
return { width, height, data: btoa(text) };
"""

HEADER = """
const header = window.mapferry.panes[args[0]]?.header;
return header ? { ...header, body: null } : null;
"""


class Page:
    """A page of a server in a browser's window."""

    def __init__(self, browser, server):
        self.browser, self.server = browser, server

    def open(self, *words):
        self.browser.go(self.server.url + "#/" + "/".join(words))
        self.browser.wait("return window.mapferry?.connection.session", "a stream")
        return self

    def view(self, *cameras):
        """Shows streams, without loss."""
        self.open("view", *(camera.name for camera in cameras))
        for index in range(len(cameras)):
            self.set(index, format="png")
        return self

    def set(self, pane=0, **settings):
        for name, value in settings.items():
            self.browser.run("window.mapferry.panes[args[0]].set(args[1], args[2])", pane, name,
                             str(value))

    def header(self, pane=0):
        return self.browser.run(HEADER, pane)

    def wait_frame(self, what, pane=0, *arguments):
        """Waits until the frame that is shown fits a condition on `header`."""
        return self.browser.wait(
            "const header = window.mapferry.panes[args[0]]?.header;"
            f"return header && ({what}) ? {{ ...header, body: null }} : null", what, pane,
            *arguments)

    def wait_sequence(self, sequence, pane=0):
        return self.wait_frame("header.sequence === args[1] && "
                               "header.content_type_of_picture === 'image/png'", pane, sequence)

    def pixels(self, pane=0):
        """(height, width, 3) of the canvas, where the picture is."""
        got = self.browser.run(PIXELS, pane)
        data = numpy.frombuffer(base64.b64decode(got["data"]), numpy.uint8)
        return data.reshape(got["height"], got["width"], 4)[:, :, :3]

    def one_to_one(self, pane=0):
        self.browser.run("window.mapferry.panes[args[0]].picture.zoomTo(1)", pane)
        return self.pixels(pane)

    def point(self, x, y, pane=0):
        """Moves the mouse to the middle of a pixel of the picture."""
        place = self.browser.run("""
            const { picture } = window.mapferry.panes[args[0]];
            const box = picture.canvas.getBoundingClientRect();
            const ratio = picture.canvas.width / box.width;
            return [box.left + (picture.left + (args[1] + 0.5) * picture.scale) / ratio,
                    box.top + (picture.top + (args[2] + 0.5) * picture.scale) / ratio]""",
                                 pane, x, y)
        self.browser.point(*place)

    def values(self, x, y, pane=0):
        """The line of values under the pointer."""
        self.point(x, y, pane)
        return self.browser.wait(
            "const text = window.mapferry.panes[args[0]].values.textContent;"
            "return text.startsWith(args[1]) ? text : null", "values", pane, f"({x}, {y})")

    def statistics(self, sequence=None, pane=0):
        """Those of the frame that is shown."""
        return self.browser.wait(
            "const { statistics, header } = window.mapferry.panes[args[0]];"
            "return statistics && statistics.id === header.id ? { ...statistics, body: null } : null",
            "statistics", pane)
