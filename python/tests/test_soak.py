# SPDX-License-Identifier: Apache-2.0
"""Frames, loans, buffers and payloads, again and again: memory and descriptors stay as they are.

MAPFERRY_SOAK_SECONDS makes it last longer.
"""

import gc
import os
import sys
import time

import numpy as np
import pytest

import mapferry

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc")

SECONDS = float(os.environ.get("MAPFERRY_SOAK_SECONDS", "2"))
PAGE_BYTES = 4096


def private_bytes():
    """Memory of this process alone: anonymous pages."""
    with open("/proc/self/statm") as text:
        _, resident, shared = text.read().split()[:3]
    return (int(resident) - int(shared)) * PAGE_BYTES


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def one_round(writer, reader, name):
    """What a program does, and what goes wrong in one."""
    image = np.zeros((120, 160, 3), "uint8")
    for number in range(20):
        writer.publish(image, metadata={"number": number}, source_number=number)
        with writer.loan((120, 160), "NV12"):
            pass
        frame = reader.latest(10)
        kept = [frame.array[1:], frame.view()[5:], frame.copy(), frame.to("RGB24"), frame.planes]
        assert reader.try_next() is None
        with pytest.raises(TypeError):
            writer.publish(object())
        with pytest.raises(TimeoutError):
            reader.next(0)
        del frame, kept
    with mapferry.FrameReader(name, timeout=10) as other:
        other.fileno()
        other.next(10)
    with mapferry.Buffer(name + "-b", size=1000) as buffer, buffer.lock(10) as held:
        held.array("int32")[:] = 7
    mapferry.rm(name + "-b")
    mapferry.keep(name + "-k", bytes(10_000))
    assert len(mapferry.receive(name + "-k", consume=True)) == 10_000
    with pytest.raises(mapferry.NotFound):
        mapferry.info(name + "-k")


def test_memory_and_descriptors_do_not_grow(section):
    with mapferry.FrameWriter(section) as writer:
        with mapferry.FrameReader(section, timeout=10) as reader:
            writer.publish_bytes(b"x")
            for _ in range(10):
                one_round(writer, reader, section)
            gc.collect()
            before_bytes, before_descriptors = private_bytes(), descriptors()
            rounds = 0
            end = time.monotonic() + SECONDS
            while rounds < 10 or time.monotonic() < end:
                one_round(writer, reader, section)
                rounds += 1
            gc.collect()
            grown = private_bytes() - before_bytes
            assert descriptors() == before_descriptors
    print(f"figure: Python, rounds of frames, buffers and payloads: {rounds}, grown {grown} bytes")
    # An allocator keeps some pages for itself, but not some for each round.
    assert grown < max(4 << 20, rounds * 512)
