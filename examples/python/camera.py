# SPDX-License-Identifier: Apache-2.0
"""Publishes the pictures of a camera, or of a test pattern where there is none.

    python3 camera.py SECTION [FRAMES] [CAMERA]

CAMERA is what cv2.VideoCapture() takes: a number, a file, an address. Without it, or without
OpenCV, it is a moving pattern of 640x480. Ends after FRAMES frames, or with Ctrl-C.
"""

import itertools
import sys
import time

import numpy as np

import mapferry


def pattern():
    """640x480 BGR24, 30 a second: a bar that moves over a ramp."""
    ramp = np.zeros((480, 640, 3), "uint8")
    ramp[..., 1] = np.arange(640) % 256
    for number in itertools.count():
        frame = ramp.copy()
        frame[:, number * 4 % 640, :] = 255
        yield frame
        time.sleep(1 / 30)


def camera(source):
    """The frames of OpenCV's camera `source`: (height, width, 3), BGR24."""
    import cv2

    capture = cv2.VideoCapture(int(source) if source.isdigit() else source)
    while True:
        there, frame = capture.read()
        if not there:
            return
        yield frame


def main(section, count="0", source=None):
    frames = camera(source) if source else pattern()
    with mapferry.FrameWriter(section) as writer:
        writer.describe('{"source": "camera.py"}')
        for number, frame in enumerate(frames, 1):
            writer.publish(frame, captured_ns=time.time_ns())
            if number == int(count):
                return


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
