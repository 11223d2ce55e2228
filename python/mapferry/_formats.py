# SPDX-License-Identifier: Apache-2.0
"""Pixel formats and types of elements, and the shapes and dtypes that arrays have for them."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ._library import quick
from ._memory import Layout
from ._text import c_text


class _Pixels(NamedTuple):
    """The type of a sample, and how many of them lie together in each plane."""

    typestr: str
    samples: Tuple[int, ...]


def _table() -> Dict[str, _Pixels]:
    groups = {
        ("|u1", (1,)): "GRAY8 RGGB8 GRBG8 GBRG8 BGGR8 PAL8",
        ("|u1", (2,)): "YUYV YVYU UYVY VYUY",
        ("|u1", (3,)): "BGR24 RGB24",
        ("|u1", (4,)): "BGRX32 BGRA32 RGBX32 RGBA32 XRGB32 ARGB32 XBGR32 ABGR32",
        ("<u2", (1,)): "GRAY10 GRAY12 GRAY14 GRAY16 RGGB10 GRBG10 GBRG10 BGGR10 RGGB12 GRBG12 "
        "GBRG12 BGGR12 RGGB16 GRBG16 GBRG16 BGGR16 RGB565 BGR565 RGB555 BGR555",
        ("<u2", (3,)): "RGB48 BGR48",
        ("<u2", (4,)): "RGBA64 BGRA64 RGBX64 BGRX64",
        ("<u4", (1,)): "X2RGB10 X2BGR10 A2RGB10 A2BGR10",
        ("<f4", (1,)): "GRAYF32",
        ("<f4", (3,)): "RGBF32 BGRF32",
        ("<f4", (4,)): "RGBAF32",
        ("|u1", (1, 2)): "NV12 NV21 NV16 NV61 NV24 NV42",
        ("<u2", (1, 2)): "P010 P012 P016",
        ("|u1", (1, 1, 1)): "I420 YV12 I422 I444",
        ("<u2", (1, 1, 1)): "S010 S210 S410 S012 S212 S412 S016 S216 S416",
    }
    return {
        name: _Pixels(typestr, samples)
        for (typestr, samples), names in groups.items()
        for name in names.split()
    }


_PIXELS = _table()
# Samples of 8 bits whose planes can be one array of 3/2 of the rows, as OpenCV has them.
ONE_ARRAY_420 = frozenset(("NV12", "NV21", "I420", "YV12"))


def plane_samples(name: str) -> Tuple[int, ...]:
    """How many samples lie together in each plane; () for formats without a dtype."""
    pixels = _PIXELS.get(name)
    return pixels.samples if pixels else ()


class Plane(NamedTuple):
    """A plane of an image, in bytes: see MAPFERRY_IMAGE_PLANE_... of c_base.h."""

    offset: int
    stride: int
    row_bytes: int  # 0: not known
    rows: int


@lru_cache(maxsize=256)
def plane_layout(format_name: str, index: int, plane: Plane, width: int) -> Layout:
    """(rows, columns) or (rows, columns, samples); for packings without a dtype (rows, bytes)."""
    row_bytes = plane.row_bytes or plane.stride
    pixels = _PIXELS.get(format_name)
    if pixels is None or index >= len(pixels.samples):
        return Layout(plane.offset, (plane.rows, row_bytes), "|u1", (plane.stride, 1))
    samples = pixels.samples[index]
    itemsize = int(pixels.typestr[2:])
    columns = row_bytes // (itemsize * samples)
    if len(pixels.samples) == 1:
        columns = min(columns, width)
    shape: Tuple[int, ...] = (plane.rows, columns)
    strides: Tuple[int, ...] = (plane.stride, itemsize * samples)
    if samples > 1:
        shape += (samples,)
        strides += (itemsize,)
    return Layout(plane.offset, shape, pixels.typestr, strides)


def image_layout(format_name: str, planes: Sequence[Plane], width: int) -> Optional[Layout]:
    """The whole image as one array. None: its planes do not lie as one array's rows do."""
    if len(planes) == 1:
        return plane_layout(format_name, 0, planes[0], width)
    first = planes[0]
    if format_name not in ONE_ARRAY_420 or first.stride != width or width % 2 or first.rows % 2:
        return None
    end = first.offset + first.stride * first.rows
    chroma_width = width if len(planes) == 2 else width // 2
    for plane in planes[1:]:
        if plane.offset != end or plane.stride != chroma_width:
            return None
        end += plane.stride * plane.rows
    return Layout(first.offset, (first.rows * 3 // 2, width), "|u1", (first.stride, 1))


_HALF_HEIGHT = frozenset("NV12 NV21 P010 P012 P016 I420 YV12 S010 S012 S016".split())
_HALF_WIDTH = _HALF_HEIGHT | frozenset("NV16 NV61 I422 S210 S212 S216".split())


def packed_plane_layouts(name: str, width: int, height: int) -> List[Layout]:
    """The planes of an image without gaps, in the order of memory."""
    pixels = _PIXELS[name]
    itemsize = int(pixels.typestr[2:])
    offset = 0
    layouts = []
    for index, samples in enumerate(pixels.samples):
        columns = (width + 1) // 2 if index and name in _HALF_WIDTH else width
        rows = (height + 1) // 2 if index and name in _HALF_HEIGHT else height
        if name in _PAIRS:
            columns += columns % 2  # a row has whole pairs
        stride = columns * samples * itemsize
        layouts.append(plane_layout(name, index, Plane(offset, stride, stride, rows), width))
        offset += stride * rows
    return layouts


_PAIRS = frozenset("YUYV YVYU UYVY VYUY".split())
_format_names: Dict[int, str] = {}


def format_of_fourcc(fourcc: int) -> str:
    """mapferry's name of a format; for an unknown code its four characters."""
    name = _format_names.get(fourcc)
    if name is None:
        known: bytes = quick.format_name(b"0x%08x" % fourcc, b"mapferry")
        name = known.decode() or struct.pack("<I", fourcc).decode("ascii", "backslashreplace")
        if len(_format_names) < 1024:
            _format_names[fourcc] = name
    return name


def format_name(name: str, vocabulary: str = "mapferry") -> str:
    """What programs call a pixel format; "" if the format is not known, or has no name there.

    name: mapferry's name, or one of FFmpeg, GStreamer, GenICam, Video4Linux or DRM.
    vocabulary: "mapferry", "ffmpeg", "gstreamer", "pfnc", "v4l2" or "drm".
    """
    found: bytes = quick.format_name(c_text(name), c_text(vocabulary))
    return found.decode()


# The kinds of elements, as c_base.h numbers them.
_KIND_LETTERS = {0: "i", 1: "u", 2: "f", 5: "c", 6: "b"}
_WIDTHS = {"i": (8, 16, 32, 64), "u": (8, 16, 32, 64), "f": (16, 32, 64), "c": (64, 128), "b": (8,)}
_KIND_NAMES = {"i": "int", "u": "uint", "f": "float", "c": "complex"}


def tensor_layout(kind: int, bits: int, lanes: int, shape: Tuple[int, ...]) -> Layout:
    """What numpy has no type for (bfloat16, float8) becomes unsigned integers of the same width."""
    letter = _KIND_LETTERS.get(kind, "u")
    if bits not in _WIDTHS[letter]:
        letter = "u"
    if bits not in _WIDTHS[letter]:
        shape, bits = shape + (bits // 8,), 8
    if lanes != 1:
        shape = shape + (lanes,)
    return Layout(0, shape, typestr_of(letter, bits // 8), None)


def typestr_of(letter: str, itemsize: int) -> str:
    return f"{'|' if itemsize == 1 else '<'}{letter}{itemsize}"


def tensor_type_of(typestr: str) -> str:
    """The name of c_frame_writer.h for numpy's: "<f4" -> "float32". TypeError: there is none."""
    order, letter, itemsize = typestr[0], typestr[1], typestr[2:]
    if order == ">" and itemsize != "1":
        raise TypeError("the elements are big-endian: convert them first, as with astype('<f4')")
    if letter == "b":
        return "bool"
    if letter not in _KIND_NAMES or int(itemsize) * 8 not in _WIDTHS[letter]:
        raise TypeError(f"arrays of this type cannot be published: {typestr}")
    return f"{_KIND_NAMES[letter]}{int(itemsize) * 8}"


_LETTERS_OF_CODES = {
    **dict.fromkeys("bhilqn", "i"),
    **dict.fromkeys("BHILQNc", "u"),
    **dict.fromkeys("efd", "f"),
    "?": "b",
    "Zf": "c",
    "Zd": "c",
}


@lru_cache(maxsize=256)
def typestr_of_buffer(code: str, itemsize: int) -> str:
    """numpy's name for the format of a buffer: "<f" -> "<f4"."""
    order = ">" if code[:1] in (">", "!") and itemsize > 1 else "<"
    letter = _LETTERS_OF_CODES.get(code.lstrip("<>=@!"))
    if letter is None:
        raise TypeError(f"arrays of this type cannot be published: {code}")
    return order + typestr_of(letter, itemsize)[1:]


def typestr_of_dtype(dtype: Any) -> str:
    """numpy's name of anything that names a dtype: "float32", np.float32, np.dtype("<f4")."""
    named = str(getattr(dtype, "str", "")) or _STANDARD_TYPES.get(dtype, "")
    if not named or not isinstance(named, str):
        from ._memory import numpy

        named = str(numpy().dtype(dtype).str)
    return named


_STANDARD_TYPES: Dict[Any, str] = {
    f"{_KIND_NAMES[letter]}{bits}": typestr_of(letter, bits // 8)
    for letter in _KIND_NAMES
    for bits in _WIDTHS[letter]
}
_STANDARD_TYPES["bool"] = "|b1"


# Without a name, three channels are B, G, R, as OpenCV has them.
_GUESSES = {
    ("|u1", 2, 1): "GRAY8",
    ("|u1", 3, 1): "GRAY8",
    ("|u1", 3, 3): "BGR24",
    ("|u1", 3, 4): "BGRA32",
    ("<u2", 2, 1): "GRAY16",
    ("<u2", 3, 1): "GRAY16",
    ("<u2", 3, 3): "BGR48",
    ("<u2", 3, 4): "BGRA64",
}


def guess_format(typestr: str, shape: Tuple[int, ...]) -> Optional[str]:
    """The format of an array that looks like an image; None for all others."""
    if len(shape) not in (2, 3) or 0 in shape or max(shape[:2]) > 0xFFFFFFFF:
        return None
    if typestr[1:] == "u1":
        typestr = "|u1"
    return _GUESSES.get((typestr, len(shape), shape[2] if len(shape) == 3 else 1))


def shape_of_format(name: str, shape: Tuple[int, ...], typestr: str) -> Tuple[int, int]:
    """(width, height) of an image of format `name` that this array has. ValueError: it has none."""
    pixels = _PIXELS.get(name)
    if pixels is None:
        raise ValueError(f"no array has the pixels of {name}: use publish_bytes() or loan()")
    if name in ONE_ARRAY_420:
        wanted = "(height * 3 / 2, width), height and width even"
        fits = len(shape) == 2 and shape[0] % 3 == 0 and shape[1] % 2 == 0
        size = (shape[1], shape[0] * 2 // 3) if fits else (0, 0)
        fits = fits and size[1] % 2 == 0
    elif len(pixels.samples) > 1:
        raise ValueError(f"{name} has planes: use publish_bytes() or loan()")
    else:
        samples = pixels.samples[0]
        wanted = "(height, width)" if samples == 1 else f"(height, width, {samples})"
        fits = shape[2:] in (((), (1,)) if samples == 1 else ((samples,),)) and len(shape) >= 2
        size = (shape[1], shape[0]) if fits else (0, 0)
    if not fits or typestr[1:] != pixels.typestr[1:]:
        raise ValueError(
            f"{name} needs shape {wanted} and dtype {pixels.typestr}, not {shape} and {typestr}"
        )
    return size


def is_format(name: Any) -> bool:
    """Whether this names a pixel format and not a dtype."""
    return isinstance(name, str) and bool(format_name(name)) and name not in _STANDARD_TYPES
