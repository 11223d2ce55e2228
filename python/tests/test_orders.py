# SPDX-License-Identifier: Apache-2.0
"""Random orders of publishing, taking, keeping, closing: every kept array keeps its bytes.

MAPFERRY_SOAK_SECONDS makes it last longer. A failure names its seed.
"""

import gc
import os
import random
import time

import numpy as np
import pytest

import mapferry

SECONDS = float(os.environ.get("MAPFERRY_SOAK_SECONDS", "3"))
SIZES = (0, 1, 100, 5000, 300_000, 2 << 20, 9 << 20)


class World:
    """A writer, a reader, and what a program may still have of frames, loans and buffers."""

    def __init__(self, random, section):
        self.random = random
        self.section = section
        self.frames = []
        self.kept = []  # arrays or views, and the value of their bytes
        self.lent = []  # arrays of loans, published or not
        self.loans = []
        self.places = []  # of the buffer
        self.buffer = None
        self.open_writer()
        self.open_reader()

    def open_writer(self):
        self.writer = mapferry.FrameWriter(self.section, frame_limit=16 << 20)

    def open_reader(self):
        self.reader = mapferry.FrameReader(self.section, timeout=10, successor_timeout=0)

    def one_of(self, things):
        return self.random.choice(things) if things else None

    def publish(self):
        value = self.random.randrange(1, 255)
        size = self.random.choice(SIZES)
        try:
            self.writer.publish(np.full((1, size) if size else (0,), value, "uint8"),
                                metadata=bytes([value]))
        except mapferry.Busy:
            pass

    def take(self):
        try:
            frame = self.random.choice((self.reader.try_next, self.reader.try_latest))()
        except (mapferry.UsageError, mapferry.StreamEnded, mapferry.PeerGone):
            return
        if frame is not None:
            self.frames.append(frame)

    def keep(self):
        frame = self.one_of(self.frames)
        if frame is None or frame.released or not frame.metadata:
            return
        value = frame.metadata[0]
        make = self.random.choice((
            lambda: frame.array, lambda: frame.array[..., 3:], frame.view, lambda: frame.view()[1:],
            lambda: np.asarray(frame), frame.copy, lambda: memoryview(frame.array)))
        self.kept.append((make(), value))

    def release(self):
        frame = self.one_of(self.frames)
        if frame is not None:
            frame.release()

    def drop(self):
        for things in (self.frames, self.kept, self.lent, self.places):
            if things and self.random.random() < 0.5:
                things.pop(self.random.randrange(len(things)))

    def lend(self):
        if len(self.loans) < 2:
            try:
                loan = self.writer.loan(self.random.choice(SIZES[1:]), metadata=b"")
            except mapferry.Busy:
                return
            self.loans.append(loan)
            self.lent.append(self.random.choice((loan.view, lambda: loan.array))())

    def settle(self):
        if self.loans:
            loan = self.loans.pop(self.random.randrange(len(self.loans)))
            try:
                self.random.choice((loan.publish, loan.drop, lambda: None))()
            except mapferry.UsageError:
                pass  # its writer is closed

    def look_at_lent(self):
        for view in self.lent:
            view[0], view[-1]

    def use_buffer(self):
        if self.buffer is None:
            self.buffer = mapferry.Buffer(self.section + "-b", size=10_000)
        with self.buffer.lock(10) as held:
            self.places.append(self.random.choice((held.view, held.array))())
        for place in self.places:
            place[5] = place[9_999]

    def close_buffer(self):
        if self.buffer is not None:
            self.buffer.close()
            self.buffer = None
            mapferry.rm(self.section + "-b")

    def renew_reader(self):
        self.reader.close()
        self.open_reader()

    def renew_writer(self):
        self.random.choice((self.writer.close, self.writer.end, self.writer.abort))()
        self.open_writer()

    def remove_name(self):
        renewals = self.writer.renewals
        mapferry.rm(self.section, force=True)
        while self.writer.renewals == renewals:  # the writer looks for its name now and then
            try:
                self.writer.publish_bytes(b"")
            except mapferry.Busy:
                pass
        self.renew_reader()

    def check(self):
        for array, value in self.kept:
            view = memoryview(array)
            data = np.frombuffer(view, "uint8") if view.nbytes else np.zeros(0, "uint8")
            assert bool((data == value).all())

    def end(self):
        self.check()
        self.close_buffer()
        self.reader.close()
        self.writer.close()
        self.check()


STEPS = (["publish", "take", "take", "keep", "drop", "release", "lend", "settle"] * 4
         + ["look_at_lent", "use_buffer", "close_buffer", "renew_reader", "renew_writer",
            "remove_name"])


def test_kept_arrays_keep_their_bytes_in_every_order(section):
    begin = time.monotonic()
    steps = 0
    seed = 0
    while seed < 3 or time.monotonic() < begin + SECONDS:
        world = World(random.Random(seed), section)
        try:
            for step in range(150):
                getattr(world, world.random.choice(STEPS))()
                if step % 10 == 0:
                    world.check()
                if step % 50 == 0:
                    gc.collect()
                steps += 1
            world.end()
        except BaseException:
            print(f"seed {seed}")
            raise
        finally:
            world.close_buffer()
            world.reader.close()
            world.writer.close()
        seed += 1
    print(f"figure: Python, random steps of frames, loans and buffers: {steps}")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
def test_threads_keep_and_drop_what_others_took(section):
    """Frames go through threads that keep parts of them and drop these at any time."""
    import queue
    import threading

    box = queue.Queue(2)
    failures = []

    def look():
        kept = []
        while True:
            frame = box.get()
            if frame is None:
                return
            kept.append((frame.array[..., 1:], frame.metadata[0]))
            frame.release()
            if len(kept) > 1:
                array, value = kept.pop(0)
                if not (array == value).all():
                    failures.append(value)

    threads = [threading.Thread(target=look) for _ in range(1)]
    for thread in threads:
        thread.start()
    with mapferry.FrameWriter(section) as writer:
        with mapferry.FrameReader(section, timeout=10) as reader:
            for number in range(2000):
                value = number % 255
                writer.publish(np.full((1, 100 + number), value, "uint8"), metadata=bytes([value]))
                try:
                    frame = reader.latest(10)
                except mapferry.UsageError:
                    continue  # the thread has all four
                box.put(frame)
                del frame
        for _ in threads:
            box.put(None)
        for thread in threads:
            thread.join(60)
    assert failures == []
