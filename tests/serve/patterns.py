# SPDX-License-Identifier: Apache-2.0
"""Frames whose every sample is known: a camera of the tests publishes them, and tests compute what a
page has to show of them."""
import numpy


def samples(width, height, channels, bits, number):
    """(height, width, channels) of unsigned numbers with all bits in use; `number` changes them."""
    y, x, c = numpy.indices((height, width, channels), dtype=numpy.uint32)
    mixed = (x * 2654435761 + y * 2246822519 + c * 3266489917 + number * 668265263) & 0xFFFFFFFF
    mixed ^= mixed >> 15
    return (mixed * 2246822519 >> 7 & 0xFFFFFFFF) % (1 << bits)


def frame(pattern, width, height, number):
    """The bytes of a frame, its format, and what it shows: (height, width, 3) of 8 bits, or None
    where a test computes it."""
    if pattern == "bgr":
        rgb = samples(width, height, 3, 8, number).astype(numpy.uint8)
        return rgb[:, :, ::-1].tobytes(), "BGR24", rgb
    if pattern == "grey":
        grey = samples(width, height, 1, 8, number).astype(numpy.uint8)
        return grey.tobytes(), "GRAY8", numpy.repeat(grey, 3, axis=2)
    if pattern == "grey12":
        grey = samples(width, height, 1, 12, number).astype("<u2")
        return grey.tobytes(), "GRAY12", grey
    if pattern == "rgb48":
        return samples(width, height, 3, 16, number).astype("<u2").tobytes(), "RGB48", None
    if pattern == "bayer10":
        return samples(width, height, 1, 10, number).astype("<u2").tobytes(), "RGGB10", None
    if pattern == "number":
        # One colour for each frame, by which a picture tells its number.
        rgb = numpy.zeros((height, width, 3), numpy.uint8)
        rgb[:, :] = (number % 256, number // 256 % 256, 77)
        return rgb.tobytes(), "RGB24", rgb
    if pattern == "scene":
        return scene(width, height, number), "BGR24", None
    raise ValueError(pattern)


def scene(width, height, number):
    """Something for people: a test chart with a moving disc."""
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
    u, v = x / width, y / height
    picture = numpy.empty((height, width, 3), numpy.float32)
    rings = numpy.hypot(x - width / 2, y - height / 2) // (height / 16) % 2
    picture[:, :, 0] = 60 + 12 * rings + (96 * v) // 8 * 8
    picture[:, :, 1] = 52 + 14 * rings + (80 * u) // 8 * 8
    picture[:, :, 2] = 48 + 16 * rings + (64 * (1 - v)) // 8 * 8
    bars = numpy.array([(235, 235, 235), (16, 235, 235), (235, 235, 16), (16, 235, 16),
                        (235, 16, 235), (16, 16, 235), (235, 16, 16), (16, 16, 16)], numpy.float32)
    band = slice(int(height * 0.82), height)
    picture[band] = bars[(x[band] * 8 / width).astype(int)]
    angle = number / 20
    centre = (width * (0.5 + 0.3 * numpy.cos(angle)), height * (0.42 + 0.25 * numpy.sin(angle)))
    disc = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 < (height * 0.12) ** 2
    picture[disc] = (60, 170, 245)
    return picture.clip(0, 255).astype(numpy.uint8).tobytes()


def heat(width, height, number):
    """Temperatures, as floating-point numbers."""
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
    warm = numpy.zeros((height, width), numpy.float32)
    for i in range(4):
        cx = width * (0.5 + 0.35 * numpy.cos(number / 30 + i * 1.7))
        cy = height * (0.5 + 0.35 * numpy.sin(number / 23 + i * 2.3))
        warm += numpy.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (width * height * 0.02))
    return warm * 18 + 21
