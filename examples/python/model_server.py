# SPDX-License-Identifier: Apache-2.0
"""A model that takes pictures from one section and puts its answers into another.

    python3 model_server.py PICTURES ANSWERS

The answer is a float32 array of one number a class, with the picture's own number and time, so
that the asking side can match them. The model is one matrix; with torch installed, torch runs it.
"""

import sys

import numpy as np

import mapferry

try:
    import torch
except ImportError:
    torch = None

CLASSES = 10
SIDE = 16


class Model:
    """Averages the picture over SIDE x SIDE fields and multiplies them with a matrix."""

    def __init__(self):
        weights = np.random.default_rng(1).standard_normal((CLASSES, SIDE * SIDE * 3))
        self.weights = weights.astype("float32")
        if torch is not None:
            self.tensor = torch.from_numpy(self.weights)

    def __call__(self, image):
        height, width = image.shape[0] // SIDE * SIDE, image.shape[1] // SIDE * SIDE
        fields = image[:height, :width].reshape(SIDE, height // SIDE, SIDE, width // SIDE, 3)
        features = fields.mean(axis=(1, 3), dtype="float32").reshape(-1) / 255
        if torch is not None:
            return (self.tensor @ torch.from_numpy(features)).numpy()
        return self.weights @ features


def main(pictures, answers):
    model = Model()
    # Lossless: the asking side gets an answer to each picture that was taken.
    with mapferry.FrameReader(pictures) as reader, mapferry.FrameWriter(
        answers, delivery="each"
    ) as writer:
        writer.wait_for_readers(1, 30)
        for frame in reader:
            with writer.loan((CLASSES,), "float32", source_number=frame.sequence,
                             captured_ns=frame.captured_ns, clock=frame.capture_clock,
                             metadata={"missed": frame.missed}) as scores:
                scores[:] = model(frame.array)


if __name__ == "__main__":
    main(*sys.argv[1:])
