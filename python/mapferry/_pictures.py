# SPDX-License-Identifier: Apache-2.0
"""Pixels in other formats, and picture files."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Tuple, Union

from ._errors import check
from ._facts import IMAGE_HEIGHT, IMAGE_WIDTH
from ._formats import Plane, image_layout, plane_samples
from ._library import quick, waiting
from ._memory import has_numpy, numpy
from ._text import Path, c_path, c_text, options_text

Levels = Union[None, str, Tuple[float, float]]


def _levels_text(levels: Levels) -> bytes:
    if levels is None or isinstance(levels, str):
        return options_text(levels=levels)
    return options_text(black=repr(float(levels[0])), white=repr(float(levels[1])))


def image_bytes(width: int, height: int, format: str) -> int:
    """How many bytes a packed image takes. UsageError: nothing says how long its rows are."""
    size = ctypes.c_size_t()
    check(quick.image_bytes(width, height, c_text(format), b"", ctypes.byref(size)))
    return size.value


def converted(
    width: int, height: int, format: str, levels: Levels, convert: Callable[[bytes, int, int], int]
) -> Any:
    """The pixels that `convert(options, address, size)` writes, as an array or a bytearray."""
    size = image_bytes(width, height, format)
    options = _levels_text(levels)
    if not has_numpy():
        target = bytearray(size)
        block = (ctypes.c_char * size).from_buffer(target)
        check(convert(options, ctypes.addressof(block), size))
        return target
    array = numpy().empty(size, dtype="uint8")
    check(convert(options, array.ctypes.data, size))
    return packed_image(array, width, height, format)


def packed_image(array: Any, width: int, height: int, format: str) -> Any:
    """Bytes of a packed image as an array of its shape; of formats with planes as they are."""
    canonical: bytes = quick.format_name(c_text(format), b"mapferry")
    name = canonical.decode()
    if name in ("NV12", "NV21", "I420", "YV12") and width % 2 == 0 and height % 2 == 0:
        return array.reshape(height * 3 // 2, width)
    row_bytes = array.nbytes // height if height else 0
    layout = image_layout(name, [Plane(0, row_bytes, row_bytes, height)], width)
    if layout is None or row_bytes * height != array.nbytes or len(plane_samples(name)) > 1:
        return array
    return numpy().ndarray(
        layout.shape, layout.typestr, buffer=array, offset=0, strides=layout.strides
    )


def save_options(overwrite: str, jpeg_quality: int) -> bytes:
    return options_text(overwrite=overwrite, jpeg_quality=jpeg_quality)


class _Picture:
    """A decoded picture in memory of the library, until nobody uses it."""

    __slots__ = ("pointer", "_free", "__weakref__")

    def __init__(self, path: Path) -> None:
        self._free = quick.picture_free
        self.pointer = None
        out = ctypes.c_void_p()
        check(waiting.picture_load(c_path(path), b"", ctypes.byref(out)))
        self.pointer = out.value

    def __del__(self) -> None:
        self._free(self.pointer)


def load_picture(path: Path) -> Tuple[Any, str]:
    """Decodes a picture file (BMP, PNG, JPEG, PPM, PGM): an array of its pixels, and their format.

    The array is (height, width) or (height, width, channels) of uint8 or uint16, writable. Without
    numpy it is a bytearray of the packed pixels. The format is "BGR24", "BGRA32", "GRAY8",
    "RGB48", "RGBA64" or "GRAY16".
    NotFound, NotPermitted; Corrupt: no picture, or a damaged one; UsageError: a kind that is not
    decoded; InputOutputError: larger than 1 GiB; OutOfMemory.
    """
    picture = _Picture(path)
    size = quick.picture_size(picture.pointer)
    pixels = bytearray(ctypes.string_at(quick.picture_data(picture.pointer), size))
    format = quick.picture_format(picture.pointer).decode()
    if not has_numpy():
        return pixels, format
    array = numpy().frombuffer(pixels, dtype="uint8")
    width = quick.picture_value(picture.pointer, IMAGE_WIDTH)
    height = quick.picture_value(picture.pointer, IMAGE_HEIGHT)
    return packed_image(array, width, height, format), format
