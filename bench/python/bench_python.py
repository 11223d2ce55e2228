# SPDX-License-Identifier: Apache-2.0
"""How fast frames come from one Python process to another: mapferry beside its peers.

Every way runs in every round, in turn, and the table has the median of the rounds. The receiver
compares each frame with what was sent, and the sender compares the receiver's sum with its own.
"""

import argparse
import multiprocessing
import statistics
import sys
import threading
import time

import numpy as np
from ways import all_ways

SMALL = (48, 64)
FULL_HD = (1080, 1920, 3)
UHD = (2160, 3840, 3)
PAUSE_SECONDS = 0.003


def fill(array, number):
    """A frame that is different from its neighbours in every byte."""
    array.fill(number % 251)
    array.reshape(-1)[:8].view("int64")[0] = number


def matches(array, number):
    flat = array.reshape(-1)
    return flat[:8].view("int64")[0] == number and bool((flat[8:] == number % 251).all())


def send_many(way, shape, count, pipe):
    """As fast as they are taken."""
    frames = [np.empty(shape, "uint8") for _ in range(8)]
    for number in range(count):
        frame = frames[number % len(frames)]
        fill(frame, number)
        way.send(frame)


def take_many(way, count, pipe, clock=time.monotonic):
    """Seconds a frame."""
    begin = 0.0
    for number in range(count):
        array, done = way.take()
        if number == count // 10:
            begin = clock()
        if not matches(array, number):
            raise SystemExit(f"{way.label}: frame {number} is damaged")
        del array
        done()
    return [(clock() - begin) / (count - 1 - count // 10)]


def take_many_by_work(way, count, pipe):
    """Seconds of the processor that the receiver needs for a frame, the comparison included."""
    return take_many(way, count, pipe, time.process_time)


def send_on_demand(way, shape, count, pipe):
    """One at a time, a moment after the receiver began to wait for it."""
    frame = np.empty(shape, "uint8")
    for number in range(count):
        fill(frame, number)
        pipe.recv()
        time.sleep(PAUSE_SECONDS)
        pipe.send(time.monotonic_ns())
        way.send(frame)


def take_on_demand(way, count, pipe):
    """Seconds from before each send until the receiver has the array."""
    times = []
    for number in range(count):
        pipe.send(number)
        array, done = way.take()
        now = time.monotonic_ns()
        times.append((now - pipe.recv()) / 1e9)
        if not matches(array, number):
            raise SystemExit(f"{way.label}: frame {number} is damaged")
        del array
        done()
    return times[1:]


def take_waiting(way, count, pipe, copies):
    """Seconds to take a frame that is there already: as it comes, or a private copy. Until then
    the receiver computes, as it would with the frame before."""
    times = []
    for number in range(count):
        pipe.send(number)
        pipe.recv()
        compute(0.05)
        begin = time.monotonic()
        array, done = way.take()
        kept = array.copy() if copies else array
        times.append(time.monotonic() - begin)
        if not matches(kept, number):
            raise SystemExit(f"{way.label}: frame {number} is damaged")
        del array, kept
        done()
    return times[1:]


def compute(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def take_views(way, count, pipe):
    return take_waiting(way, count, pipe, False)


def take_copies(way, count, pipe):
    return take_waiting(way, count, pipe, True)


def sender(way, send, shape, count, pipe, control):
    way.open_sender()
    send(way, shape, count, pipe)
    total = control.recv()  # what the receiver counted
    way.end_sender()
    control.send(total == count)


def receiver(way, take, count, is_busy, pipe, control, results):
    stop = []
    if is_busy:
        threading.Thread(target=spin, args=(stop,)).start()
    try:
        way.open_receiver()
        times = take(way, count, pipe)
        control.send(count)
        way.end_receiver()
        results.send(times)
    finally:
        stop.append(True)


def spin(stop):
    """Another thread of the program that never rests."""
    number = 0
    while not stop:
        number += 1


def run(kind, case, context):
    """The times of one round of one way."""
    way = kind(context, case.shape)
    ours, theirs = context.Pipe()
    control, counted = context.Pipe()
    results, result = context.Pipe()
    sends = context.Process(
        target=sender, args=(way, case.send, case.shape, case.count, ours, control))
    takes = context.Process(
        target=receiver,
        args=(way, case.take, case.count, case.is_busy, theirs, counted, result))
    sends.start()
    takes.start()
    try:
        if not results.poll(120):
            raise SystemExit(f"{way.label}: {case.title}: hangs")
        times = results.recv()
        takes.join(60)
        if not counted.poll(60) or counted.recv() is not True:
            raise SystemExit(f"{way.label}: {case.title}: frames are missing")
        sends.join(60)
        return times
    finally:
        for process in (sends, takes):
            process.kill()
        way.end()


class Case:
    def __init__(self, title, shape, count, send, take, is_busy=False):
        self.title, self.shape, self.count = title, shape, count
        self.send, self.take, self.is_busy = send, take, is_busy


CASES = [
    Case("64x48 grey, a frame", SMALL, 4000, send_many, take_many),
    Case("the same, receiver's processor time", SMALL, 4000, send_many, take_many_by_work),
    Case("the same beside a busy thread", SMALL, 4000, send_many, take_many, is_busy=True),
    Case("1080p, from send to array", FULL_HD, 40, send_on_demand, take_on_demand),
    Case("1080p beside a busy thread", FULL_HD, 40, send_on_demand, take_on_demand, is_busy=True),
    Case("4K, a view of a frame that is there", UHD, 12, send_on_demand, take_views),
    Case("4K, a copy of a frame that is there", UHD, 12, send_on_demand, take_copies),
]


def duration(seconds):
    if seconds < 1e-3:
        return f"{seconds * 1e6:.1f} us"
    return f"{seconds * 1e3:.2f} ms"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of all ways (5)")
    parser.add_argument("--quick", action="store_true", help="one round of few frames")
    arguments = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ways = all_ways()
    print("| | " + " | ".join(way.label for way in ways) + " |")
    print("| --- |" + " ---: |" * len(ways))
    for case in CASES:
        if arguments.quick:
            case.count = max(case.count // 10, 4)
        medians = {way: [] for way in ways}
        for _ in range(1 if arguments.quick else arguments.rounds):
            for way in ways:
                medians[way].append(statistics.median(run(way, case, context)))
        cells = (duration(statistics.median(medians[way])) for way in ways)
        print(f"| {case.title} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
