# SPDX-License-Identifier: Apache-2.0
"""The other side of a pipeline: python_peer.py take|give SECTION COUNT.

take: prints the bytes of each frame as hexadecimal digits, one frame a line, until the stream ends.
give: publishes COUNT pictures of 36 rows and 64 columns, RGB24. Each byte is (its index * 7 + the
index of its frame) modulo 256.
"""

import sys

import mapferry


def take(section: str) -> None:
    with mapferry.FrameReader(section, timeout=30) as reader:
        for frame in reader:
            assert frame.format == "RGB24", frame.format
            assert frame.array.shape == (36, 64, 3), frame.array.shape
            print(frame.copy().tobytes().hex())


def give(section: str, count: int) -> None:
    with mapferry.FrameWriter(section, delivery="each") as writer:
        writer.wait_for_readers(1, timeout=30)
        for index in range(count):
            picture = bytes((i * 7 + index) % 256 for i in range(36 * 64 * 3))
            writer.publish_bytes(picture, size=(64, 36), format="RGB24")


if sys.argv[1] == "take":
    take(sys.argv[2])
else:
    give(sys.argv[2], int(sys.argv[3]))
