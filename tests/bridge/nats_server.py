# SPDX-License-Identifier: Apache-2.0
"""nats-server with JetStream, for the tests in Python; its data lie in a folder of the test."""
import json
import shutil
import socket
import subprocess

from bridge_programs import WATCHDOG_S, wait_until

PROGRAM = shutil.which("nats-server", path="/usr/sbin:/usr/bin:/usr/local/bin")


class NatsServer:
    """`settings`: lines of its configuration beside those that every test has, `jetstream` inside
    those of JetStream. `where`: as for Programs. `host`: the address that it listens on."""

    def __init__(self, folder, settings="", jetstream="", host="127.0.0.1", port=-1, where=()):
        self.folder, self.settings, self.jetstream = folder, settings, jetstream
        self.host, self.port, self.where = host, port, where
        folder.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self):
        config = self.folder / "server.conf"
        config.write_text(
            f'listen: "{self.host}:{self.port}"\nports_file_dir: "{self.folder}"\n'
            f'jetstream {{ store_dir: "{self.folder}/data", max_mem: 256MB, max_file: 4GB\n'
            f'{self.jetstream} }}\n{self.settings}\n')
        self.log = self.folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([*self.where, PROGRAM, "-c", config], stderr=log)
        # It answers only when it has read its streams.
        wait_until(lambda: "Server is ready" in self.log.read_text() or
                   self.process.poll() is not None, "nats-server does not start")
        assert self.process.poll() is None, self.log.read_text()
        wait_until(lambda: list(self.folder.glob("*.ports")), "nats-server has no port")
        wait_until(self.find_port, "nats-server has no port")

    def find_port(self):
        for ports in self.folder.glob("*.ports"):
            if text := ports.read_text():
                self.port = int(json.loads(text)["nats"][0].rsplit(":", 1)[1])
                return True
        return False

    def url(self, path="", host=None):
        return f"nats://{host or self.host}:{self.port}/{path}"

    def kill(self):
        self.process.kill()
        self.process.wait()
        for ports in self.folder.glob("*.ports"):
            ports.unlink()

    def request(self, subject, body=None, host=None):
        """What JetStream answers to a request."""
        text = b"" if body is None else json.dumps(body).encode()
        with socket.create_connection((host or self.host, self.port), WATCHDOG_S) as link, \
                link.makefile("rwb") as lines:
            lines.write(b'CONNECT {"verbose":false}\r\nSUB answer 1\r\n')
            lines.write(f"PUB {subject} answer {len(text)}\r\n".encode() + text + b"\r\n")
            lines.flush()
            for line in lines:
                if line.startswith(b"MSG "):
                    return json.loads(lines.read(int(line.split()[-1])))
                assert not line.startswith(b"-ERR"), line
        raise AssertionError("nats-server closed the connection")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
