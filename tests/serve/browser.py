# SPDX-License-Identifier: Apache-2.0
"""Chromium, driven by its own driver's protocol (W3C WebDriver), with nothing but the standard
library."""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

WATCHDOG_S = 60
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")

OPTIONS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
           "--disable-background-networking", "--disable-component-update", "--disable-sync",
           "--disable-extensions", "--disable-dev-shm-usage", "--force-color-profile=srgb",
           "--hide-scrollbars", "--window-size=1400,880"]


class Browser:
    """One Chromium with an empty profile. All of it is gone after close()."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="mapferry-chromium-")
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "TMPDIR": self.folder}
        # A file, which never blocks those who write into it: Chromium says much.
        self.words = open(f"{self.folder}/words", "w+b")
        self.driver = subprocess.Popen([DRIVER, "--port=0"], env=environment, stdout=self.words,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        self.session = None
        self.url = f"http://127.0.0.1:{self.port()}"
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"binary": CHROMIUM, "args": [
                *OPTIONS, f"--user-data-dir={self.folder}/profile"]}}}})
        self.session = made["sessionId"]
        self.call("POST", "/timeouts", {"script": WATCHDOG_S * 1000})

    def port(self):
        end = time.monotonic() + WATCHDOG_S
        while True:
            self.words.seek(0)
            found = re.search(rb"started successfully on port (\d+)", self.words.read())
            if found:
                return int(found.group(1))
            assert time.monotonic() < end, "watchdog: chromedriver"
            time.sleep(0.02)  # between two looks

    def call(self, method, path, data=None):
        address = self.url + (f"/session/{self.session}" if self.session else "") + path
        body = None if method in ("GET", "DELETE") else json.dumps(data or {}).encode()
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=WATCHDOG_S + 10) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as failure:
            raise AssertionError(json.load(failure)["value"]["message"]) from None

    def go(self, url):
        self.call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """The result of a script; it may await."""
        wrapped = ("const done = arguments[arguments.length - 1];"
                   f"(async (...args) => {{ {script} }})(...arguments)"
                   ".then((value) => done({ value }), (error) => done({ error: String(error) }));")
        answer = self.call("POST", "/execute/async", {"script": wrapped, "args": list(arguments)})
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def wait(self, script, what, *arguments):
        """Waits until the script's result is true, and returns it."""
        end = time.monotonic() + WATCHDOG_S
        while True:
            value = self.run(script, *arguments)
            if value:
                return value
            assert time.monotonic() < end, f"watchdog: {what}\n{self.run(STATE)}"
            time.sleep(0.03)  # between two looks

    def keys(self, text):
        self.actions("key", [part for key in text for part in (
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})])

    def actions(self, kind, steps, **more):
        self.call("POST", "/actions", {"actions": [
            {"type": kind, "id": kind, "actions": steps, **more}]})

    def point(self, x, y):
        """Moves the mouse to a place of the window."""
        self.actions("pointer", [{"type": "pointerMove", "duration": 0, "x": int(x), "y": int(y)}], parameters={"pointerType": "mouse"})

    def drag(self, begin, end):
        move = lambda place: {"type": "pointerMove", "duration": 0, "x": int(place[0]),
                              "y": int(place[1])}
        self.actions("pointer", [move(begin), {"type": "pointerDown", "button": 0}, move(end),
                                 {"type": "pointerUp", "button": 0}],
                     parameters={"pointerType": "mouse"})

    def click(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        self.call("POST", f"/element/{found[ELEMENT]}/click")

    def text(self, selector):
        return self.run("return document.querySelector(args[0])?.textContent ?? ''", selector)

    def tabs(self):
        return self.call("GET", "/window/handles")

    def new_tab(self):
        handle = self.call("POST", "/window/new", {"type": "window"})["handle"]
        self.to_tab(handle)
        return handle

    def to_tab(self, handle):
        self.call("POST", "/window", {"handle": handle})

    def close_tab(self):
        self.call("DELETE", "/window")

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def size(self, width, height, ratio=1, mobile=False):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=ratio, mobile=mobile)

    def scheme(self, name):
        self.devtools("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": name}])

    def screenshot(self):
        return base64.b64decode(self.call("GET", "/screenshot"))

    def errors(self):
        """What the browser's console has of errors, refused resources among them."""
        entries = self.call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]

    def close(self):
        try:
            if self.session:
                self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(WATCHDOG_S)
            self.words.close()
            shutil.rmtree(self.folder, ignore_errors=True)


# What the page says, for the message of a watchdog.
STATE = """return document.body.innerText.slice(0, 1500)
    + JSON.stringify(window.mapferry?.panes.map((pane) => [pane.state, pane.text,
        pane.header && { ...pane.header, body: null }]) ?? null)"""
