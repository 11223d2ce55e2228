# SPDX-License-Identifier: Apache-2.0
"""Looks at the newest picture of a section: its brightness and its edges, in place.

    python3 camera_to_opencv.py SECTION [FRAMES]

With OpenCV the frame goes to cv2 as it is: `frame.array` is what cv2 calls an image. Without it
numpy does the same. Ends with the writer, or after FRAMES frames.
"""

import sys

import numpy as np

import mapferry

try:
    import cv2
except ImportError:
    cv2 = None


def edges(image):
    """How many pixels lie on an edge."""
    if cv2 is not None:
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        return int(np.count_nonzero(cv2.Canny(grey, 100, 200)))
    grey = image.mean(axis=2)
    return int(np.count_nonzero(np.abs(np.diff(grey, axis=1)) > 50))


def main(section, count="0"):
    taken = 0
    with mapferry.FrameReader(section) as reader:
        while True:
            try:
                frame = reader.latest()
            except mapferry.StreamEnded:
                return
            with frame:
                print(f"frame {frame.sequence}, {frame.missed} missed: "
                      f"brightness {frame.array.mean():.0f}, {edges(frame.array)} edge pixels")
            taken += 1
            if taken == int(count):
                return


if __name__ == "__main__":
    main(*sys.argv[1:])
