# SPDX-License-Identifier: Apache-2.0
"""Two processes: one publishes arrays, the other checks that it sees them in place."""

import os

import mapferry
import numpy

NAME = f"installed-arrays-{os.getpid()}"


def publish():
    with mapferry.FrameWriter(NAME, delivery="each") as writer:
        writer.wait_for_readers(1, timeout=30.0)
        for number in range(3):
            writer.publish(numpy.full((4, 5), number, dtype="float32"))


child = os.fork()
if child == 0:
    publish()
    os._exit(0)
seen = []
with mapferry.FrameReader(NAME, timeout=30.0) as reader:
    for frame in reader:
        assert frame.array.shape == (4, 5) and not frame.array.flags.writeable
        seen.append(float(frame.array[3, 4]))
assert os.waitpid(child, 0)[1] == 0
assert seen == [0.0, 1.0, 2.0], seen
