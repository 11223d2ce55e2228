# SPDX-License-Identifier: Apache-2.0
"""The keys of facts (c_base.h and the headers of each object) and the words for their values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Callable, List, NamedTuple, Optional, Tuple

from ._formats import Plane

# Of frames and payloads.
IMAGE_WIDTH = 32
IMAGE_HEIGHT = 33
IMAGE_FOURCC = 34
IMAGE_ROW_STRIDE = 35
IMAGE_ORIENTATION = 37
IMAGE_PRIMARIES = 38
IMAGE_TRANSFER = 39
IMAGE_MATRIX = 40
IMAGE_RANGE = 41
IMAGE_CHROMA_SITE = 42
IMAGE_PLANE_COUNT = 44
IMAGE_PLANES = 48
TENSOR_TYPE = 64
TENSOR_BITS = 65
TENSOR_LANES = 66
TENSOR_DIMENSIONS = 67
TENSOR_SHAPE = 72
KEY_COUNT = 88

BOTTOM_UP = 2
CLOCKS = ("unknown", "realtime", "monotonic", "tai")
SCANS = ("unknown", "progressive", "top_field_first", "bottom_field_first", "mixed")
DELIVERIES = ("unknown", "stream", "keep", "latest", "each", "buffer")
RANGES = ("unknown", "limited", "full")

# Of readers and writers.
SECTION_DELIVERY = 96
SECTION_READER_LIMIT = 97
SECTION_SLOT_COUNT = 98
SECTION_SLOT_BYTES = 99
SECTION_BYTES = 100

U64 = 0xFFFFFFFFFFFFFFFF


class StreamFacts(NamedTuple):
    """What is true of all frames of a stream, as its writer says it. None: not known.

    frame_rate: frames per second. pixel_aspect: a pixel's width over its height.
    scan: "progressive", "top_field_first", "bottom_field_first", "mixed", "unknown".
    """

    frame_rate: Optional[Fraction]
    pixel_aspect: Optional[Fraction]
    scan: str


class SectionFacts(NamedTuple):
    """The section that is open: its delivery, limits, and sizes in bytes.

    slot_bytes: the largest message or frame. section_bytes: address space, not memory.
    """

    delivery: str
    reader_limit: int
    slot_count: int
    slot_bytes: int
    section_bytes: int


class Color(NamedTuple):
    """How the numbers of an image become colours: code points of ITU-T H.273 (2: unspecified),
    and the range: "unknown", "limited" or "full"."""

    primaries: int
    transfer: int
    matrix: int
    range: str


def word(words: Tuple[str, ...], number: int) -> str:
    return words[number] if 0 <= number < len(words) else words[0]


def section_facts(value: Callable[[int], int]) -> SectionFacts:
    return SectionFacts(
        word(DELIVERIES, value(SECTION_DELIVERY)),
        value(SECTION_READER_LIMIT),
        value(SECTION_SLOT_COUNT),
        value(SECTION_SLOT_BYTES),
        value(SECTION_BYTES),
    )


def ratio(numerator: int, denominator: int) -> Optional[Fraction]:
    return Fraction(numerator, denominator) if denominator > 0 else None


def planes_of(values: Any) -> List[Plane]:
    """The planes of the image that these facts describe."""
    count = values[IMAGE_PLANE_COUNT]
    return [Plane(*values[at : at + 4]) for at in range(IMAGE_PLANES, IMAGE_PLANES + 4 * count, 4)]
