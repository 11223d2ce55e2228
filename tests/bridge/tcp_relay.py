# SPDX-License-Identifier: Apache-2.0
"""A relay of TCP connections that lets each byte arrive later, and counts what passes."""
import collections
import contextlib
import socket
import threading
import time

BLOCK = 1 << 18
HELD_MOST = 64 << 20  # beyond this the sender has to wait


class OneWay:
    """One direction of a connection."""

    def __init__(self, relay, source, target, counts):
        self.relay, self.source, self.target, self.counts = relay, source, target, counts
        self.held, self.held_bytes = collections.deque(), 0
        self.changed = threading.Condition()
        for work in (self.take, self.give):
            threading.Thread(target=work, daemon=True).start()

    def take(self):
        data = b"?"
        while data:
            try:
                data = self.source.recv(BLOCK)
            except OSError:
                data = b""  # the end of this direction
            with self.changed:
                self.held.append((time.monotonic() + self.relay.delay_s, data))
                self.held_bytes += len(data)
                self.counts.bytes += len(data)
                self.counts.held_most = max(self.counts.held_most, self.held_bytes)
                self.changed.notify_all()
                self.changed.wait_for(lambda: self.held_bytes <= HELD_MOST)

    def give(self):
        data = b"?"
        while data:
            with self.changed:
                self.changed.wait_for(lambda: self.held)
                due, data = self.held.popleft()
            time.sleep(max(0.0, due - time.monotonic()))  # the delay that the relay is for
            try:
                if data:
                    self.target.sendall(data)
                else:
                    self.target.shutdown(socket.SHUT_WR)
            except OSError:
                data = b""
                with contextlib.suppress(OSError):
                    self.source.shutdown(socket.SHUT_RDWR)
            with self.changed:
                self.held_bytes -= len(data)
                self.changed.notify_all()


class Counts:
    """Of one direction, over all connections."""

    def __init__(self):
        self.bytes = 0
        self.held_most = 0  # at once, of one connection


class Relay:
    """Passes connections to its own port on to `port` of this machine. `sent` counts what comes
    from those who connect, `returned` what goes back to them."""

    def __init__(self, port, delay_s=0.0):
        self.target_port, self.delay_s = port, delay_s
        self.sent, self.returned = Counts(), Counts()
        self.links = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return  # close()
            try:
                far = socket.create_connection(("127.0.0.1", self.target_port))
            except OSError:
                near.close()  # the server is away, as the client sees too
                continue
            for link in (near, far):
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.links.append(link)
            OneWay(self, near, far, self.sent)
            OneWay(self, far, near, self.returned)

    def url(self, path):
        return f"nats://127.0.0.1:{self.port}/{path}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for link in self.links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()
