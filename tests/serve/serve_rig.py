# SPDX-License-Identifier: Apache-2.0
"""What the tests of `mapferry serve` share: the server, cameras, and requests without a browser."""
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
PROGRAMS = pathlib.Path(os.environ.get("MAPFERRY_PROGRAMS", "build/dev/bin"))
WATCHDOG_S = 60


def wait_until(holds, what):
    end = time.monotonic() + WATCHDOG_S
    while not holds():
        assert time.monotonic() < end, f"watchdog: {what}"
        time.sleep(0.02)  # between two looks


class Camera:
    """A process that publishes the frames that its orders describe."""

    def __init__(self, name, delivery="latest"):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, HERE / "camera.py", name, delivery], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.pathsep.join(
                [str(HERE.parent.parent / "python"), str(HERE)])})

    def tell(self, **command):
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the camera has ended"
        return line.decode().strip()

    def frame(self, pattern, width, height, number=0, **notes):
        return int(self.tell(do="frame", pattern=pattern, width=width, height=height,
                             number=number, **notes))

    def run(self, pattern, width, height, fps, cycle=0):
        assert self.tell(do="run", pattern=pattern, width=width, height=height, fps=fps,
                         cycle=cycle) == "running"

    def rest(self):
        """Ends run(): the number of frames that it published."""
        self.process.stdin.write(b'{"do": "rest"}\n')
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def kill(self):
        self.process.kill()
        self.process.wait(WATCHDOG_S)

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process.stdout.close()
        subprocess.run([PROGRAMS / "mapferry", "rm", "--force", "-q", self.name],
                       stderr=subprocess.DEVNULL, check=False)


class Server:
    """mapferry serve on a free port of the loopback."""

    def __init__(self, *words, command=(), port="0"):
        self.process = subprocess.Popen(
            [*command, PROGRAMS / "mapferry", "serve", "--port", port, "--json", *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        assert line, self.process.communicate(timeout=WATCHDOG_S)
        self.url = json.loads(line)["url"]
        self.port = int(self.url.split(":")[-1].split("/")[0])

    def get(self, path="/", method="GET", **headers):
        """Status, headers and body of one request, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WATCHDOG_S)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def processor_s(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")")[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_bytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def stop(self, with_signal=signal.SIGINT):
        """The exit code."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        self.output, self.errors = self.process.communicate(timeout=WATCHDOG_S)
        return self.process.returncode


class Stream:
    """The stream of messages of a page, read by a program."""

    def __init__(self, server, **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=WATCHDOG_S)
        self.connection.request("GET", "/api/stream", headers=headers)
        self.answer = self.connection.getresponse()
        self.server = server
        self.status = self.answer.status
        self.session = self.message("hello")["session"] if self.status == 200 else None

    def message(self, kind=None):
        """The next message, or the next one of this kind."""
        while True:
            lengths = self.answer.read(8)
            assert len(lengths) == 8, "the stream has ended"
            text = self.answer.read(int.from_bytes(lengths[:4], "little"))
            body = self.answer.read(int.from_bytes(lengths[4:], "little"))
            message = {**json.loads(text), "body": body}
            if kind in (None, message["kind"]):
                return message

    def ask(self, path, **query):
        words = "&".join(f"{name}={value}" for name, value in query.items())
        status, _, body = self.server.get(f"{path}?session={self.session}&{words}")
        return status, body

    def order(self, what, **query):
        return self.ask("/api/order", what=what, **query)

    def close(self):
        self.answer.close()
        self.connection.close()
