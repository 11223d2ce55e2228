# SPDX-License-Identifier: Apache-2.0
"""Frames that show whether they are whole: each is its number, repeated."""
import contextlib
import os
import subprocess
import threading
import time

from bridge_programs import WATCHDOG_S

ROW = 1024


def frame_of(number, size):
    return number.to_bytes(8, "little") * (size // 8)


class Camera:
    """A writer of frames, one for each publish()."""

    def __init__(self, programs, name, size):
        self.size = size
        self.process = programs.start("mapferry-writer", "-q", "--frames", "--name", name,
                                      "--image", f"{ROW}x{size // ROW}:GRAY8", "-",
                                      stdin=subprocess.PIPE)

    def publish(self, number):
        self.process.stdin.write(frame_of(number, self.size))
        self.process.stdin.flush()


@contextlib.contextmanager
def running(camera, rate):
    """The camera publishes so many frames a second, from number 0, until the end."""
    ended = threading.Event()

    def run():
        clock, number = time.monotonic(), 0
        while not ended.wait(max(0.0, clock + number / rate - time.monotonic())):
            camera.publish(number)
            number += 1

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class Viewer:
    """A reader of frames that takes each one that it can, and looks at all of its bytes."""

    def __init__(self, programs, name, size):
        self.size, self.numbers, self.torn = size, [], 0
        self.changed = threading.Condition()
        source, target = os.pipe()
        self.frames = os.fdopen(source, "rb")
        programs.start("mapferry-reader", "-q", "--frames", "--name", name, "-o", "-", "--timeout",
                       f"{WATCHDOG_S}s", stdout=target)
        os.close(target)
        threading.Thread(target=self.look, daemon=True).start()

    def look(self):
        while len(frame := self.frames.read(self.size)) == self.size:
            number = int.from_bytes(frame[:8], "little")
            with self.changed:
                if frame == frame_of(number, self.size):
                    self.numbers.append(number)
                else:
                    self.torn += 1
                self.changed.notify_all()
        self.frames.close()

    def last(self):
        return self.numbers[-1] if self.numbers else -1

    def wait_for_more(self, count):
        """Waits until this many frames have come from now on."""
        with self.changed:
            wanted = len(self.numbers) + count
            assert self.changed.wait_for(lambda: len(self.numbers) >= wanted, WATCHDOG_S), \
                f"watchdog: {count} frames do not come; {self.numbers}"

    def wait_for(self, number):
        """Waits for this frame or a later one."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.last() >= number, WATCHDOG_S), \
                f"watchdog: frame {number} does not come; {self.numbers}"

    def check(self):
        with self.changed:
            assert self.torn == 0
            assert self.numbers == sorted(self.numbers)


def publish_until(camera, number, viewers):
    """Publishes this frame again and again, until each viewer has it or a later one."""
    for viewer in viewers:
        for _ in range(WATCHDOG_S * 10):
            camera.publish(number)
            with viewer.changed:
                if viewer.changed.wait_for(lambda seen=viewer: seen.last() >= number, 0.1):
                    break
        viewer.wait_for(number)
