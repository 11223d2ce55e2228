"""Frames through Python's multiprocessing.shared_memory, as its manual has it: one block of memory,
semaphores beside it. Takes the options of mapferry-bench-frames' processes and prints what its
receiver prints; sender and receiver are two processes here too."""

import argparse
import multiprocessing
import os
import struct
import sys
import time
from multiprocessing import shared_memory

import xxhash

HEAD_BYTES = 64
VARIANTS = 2
AWAKE_NS = 200_000
WRONG_BYTES = 65
WARM_UP_SEED = b"mapferry"


def parse_options():
    parser = argparse.ArgumentParser()
    for name in ("role", "way", "folder"):
        parser.add_argument("--" + name)
    for name in ("bytes", "warm-up", "frames", "gap-us"):
        parser.add_argument("--" + name, type=int)
    for name in ("flat-out", "unverified", "changed-byte"):
        parser.add_argument("--" + name, action="store_true")
    return parser.parse_args()


def stay_on(index):
    """The first or second of the processors that this process may use."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {allowed[min(index, len(allowed) - 1)]})


def make_frames(frame_bytes):
    """Frames that differ, each with the digest of its bytes behind the head."""
    frames = []
    for variant in range(VARIANTS):
        seed = xxhash.xxh3_128_digest(WARM_UP_SEED, seed=variant)
        frame = bytearray((seed * (frame_bytes // len(seed) + 1))[:frame_bytes])
        frames.append((frame, xxhash.xxh3_64_intdigest(memoryview(frame)[HEAD_BYTES:])))
    return frames


def spin_until(ns):
    while time.monotonic_ns() < ns:
        pass


def run_sender(options, name, empty, full, idle, sent_ns):
    stay_on(0)
    memory = shared_memory.SharedMemory(name=name)
    frames = make_frames(options.bytes)
    for number in range(options.warm_up + options.frames):
        frame = frames[number % VARIANTS][0]
        struct.pack_into("<Q", frame, 0, number)
        if not options.flat_out:
            idle.acquire()
            time.sleep(options.gap_us / 1e6)
            spin_until(time.monotonic_ns() + AWAKE_NS)
            sent_ns.value = time.monotonic_ns()
        if options.changed_byte and number == options.warm_up + options.frames // 2:
            frame[options.bytes // 2] ^= 1
        empty.acquire()
        memory.buf[: options.bytes] = frame
        full.release()
    memory.close()


def run_receiver(options, name, empty, full, idle, sent_ns):
    stay_on(1)
    memory = shared_memory.SharedMemory(name=name)
    digests = [frame[1] for frame in make_frames(options.bytes)]
    began_ns = time.monotonic_ns()
    for number in range(options.warm_up + options.frames):
        if not options.flat_out:
            idle.release()
        full.acquire()
        received_ns = time.monotonic_ns()
        with memory.buf[HEAD_BYTES : options.bytes] as body:
            right = struct.unpack_from("<Q", memory.buf)[0] == number
            if not options.unverified:
                right = right and xxhash.xxh3_64_intdigest(body) == digests[number % VARIANTS]
        checked_ns = time.monotonic_ns()
        if not right:
            print("frame %d came with wrong bytes" % number, file=sys.stderr)
            sys.exit(WRONG_BYTES)
        if not options.flat_out and number >= options.warm_up:
            print(received_ns - sent_ns.value, checked_ns - sent_ns.value)
        empty.release()
        if number + 1 == options.warm_up:
            began_ns = time.monotonic_ns()
    if options.flat_out:
        print(time.monotonic_ns() - began_ns)
    sys.stdout.flush()
    memory.close()


def main():
    options = parse_options()
    context = multiprocessing.get_context("fork")
    memory = shared_memory.SharedMemory(create=True, size=options.bytes)
    shared = (
        options,
        memory.name,
        context.Semaphore(1),
        context.Semaphore(0),
        context.Semaphore(0),
        context.Value("q", 0, lock=False),
    )
    try:
        processes = [context.Process(target=run, args=shared) for run in (run_receiver, run_sender)]
        for process in processes:
            process.start()
        processes[0].join()
        if processes[0].exitcode != 0:
            processes[1].terminate()
            sys.exit(processes[0].exitcode)
        processes[1].join()
    finally:
        memory.close()
        memory.unlink()
    sys.exit(max(abs(process.exitcode) for process in processes))


main()
