# SPDX-License-Identifier: Apache-2.0
"""What a frame is, an image or an array, and what it says beside its bytes."""

from __future__ import annotations

import ctypes
import json
import operator
from functools import lru_cache
from typing import Any, List, NamedTuple, Optional, Tuple

from ._errors import check
from ._facts import CLOCKS
from ._formats import (
    format_name,
    guess_format,
    is_format,
    packed_plane_layouts,
    plane_samples,
    shape_of_format,
    tensor_type_of,
    typestr_of_buffer,
    typestr_of_dtype,
)
from ._library import quick
from ._memory import Borrowed, Layout, packed
from ._pictures import image_bytes
from ._text import c_text, options_text


class Content(NamedTuple):
    """The image and the array of a frame; None: it is none."""

    size: Tuple[int, int] = (0, 0)
    format: Optional[str] = None
    options: bytes = b""
    tensor_type: Optional[str] = None
    shape: Tuple[int, ...] = ()

    def set(self, owner: str, pointer: Optional[int]) -> None:
        """Says it to a writer or a loan: owner is "frame_writer", "loan" or "writer"."""
        name = None if self.format is None else c_text(self.format)
        set_image = getattr(quick, owner + "_set_image")
        check(set_image(pointer, self.size[0], self.size[1], name, self.options))
        kind = None if self.tensor_type is None else c_text(self.tensor_type)
        shape = (ctypes.c_int64 * len(self.shape))(*self.shape)
        check(getattr(quick, owner + "_set_tensor")(pointer, kind, shape, len(self.shape)))


class Notes:
    """What a frame says: when it was captured, the source's number, metadata."""

    __slots__ = ("_captured_ns", "_clock", "_source_number", "_metadata", "_content_type")

    def __init__(
        self,
        captured_ns: Optional[int],
        clock: str,
        source_number: Optional[int],
        metadata: Any,
        content_type: Optional[str],
    ) -> None:
        if clock not in CLOCKS:
            raise ValueError(f"clock is one of {', '.join(CLOCKS)}: not {clock!r}")
        if source_number is not None and not 0 <= source_number < 1 << 64:
            raise ValueError("source_number is an unsigned number of 64 bits")
        if captured_ns is not None and not -(1 << 63) <= captured_ns < 1 << 63:
            raise ValueError("captured_ns is a number of 64 bits")
        self._captured_ns = captured_ns
        self._clock = CLOCKS.index(clock)
        self._source_number = source_number
        self._metadata, self._content_type = _metadata_bytes(metadata, content_type)

    def set(self, owner: str, pointer: Optional[int]) -> None:
        """Says it to a writer or a loan: owner is "frame_writer" or "loan"."""
        if self._captured_ns is not None:
            check(getattr(quick, owner + "_set_captured")(pointer, self._captured_ns, self._clock))
        if self._source_number is not None:
            check(getattr(quick, owner + "_set_source_number")(pointer, self._source_number))
        if self._metadata is not None:
            content_type = c_text(self._content_type or "")
            with Borrowed(self._metadata) as (address, size):
                check(getattr(quick, owner + "_set_metadata")(pointer, content_type, address, size))


def notes_of(
    captured_ns: Optional[int],
    clock: str,
    source_number: Optional[int],
    metadata: Any,
    content_type: Optional[str],
) -> Optional[Notes]:
    """None: the frame says nothing beside its bytes."""
    if captured_ns is None and source_number is None and metadata is None:
        if content_type is None and clock == "realtime":
            return None
    return Notes(captured_ns, clock, source_number, metadata, content_type)


def _metadata_bytes(metadata: Any, content_type: Optional[str]) -> Tuple[Any, Optional[str]]:
    if metadata is None:
        if content_type is not None:
            raise ValueError("content_type needs metadata")
        return None, None
    if isinstance(metadata, dict):
        return json.dumps(metadata).encode(), content_type or "application/json"
    if isinstance(metadata, str):
        return metadata.encode(), content_type or "text/plain"
    return packed(metadata), content_type or "application/octet-stream"


def content_of_array(
    array: Any, format: Optional[str], as_tensor: bool
) -> Tuple[memoryview, Content]:
    """The packed bytes of an array, and what they are."""
    view = packed(array)
    typestr = typestr_of_buffer(view.format, view.itemsize)
    shape = tuple(view.shape or ())
    if as_tensor:
        if format is not None:
            raise ValueError("format is of images: leave it out for a tensor")
        return view, Content(tensor_type=tensor_type_of(typestr), shape=shape)
    return view, _array_content(typestr, shape, format)


@lru_cache(maxsize=256)
def _array_content(typestr: str, shape: Tuple[int, ...], format: Optional[str]) -> Content:
    name = _known_format(format) if format is not None else guess_format(typestr, shape)
    if name is None:
        return Content(tensor_type=tensor_type_of(typestr), shape=shape)
    size = shape_of_format(name, shape, typestr)
    content = Content(size=size, format=name)
    if len(shape) == 3 and shape[2] == 1:  # an image has no such dimension: the array keeps it
        content = content._replace(tensor_type=tensor_type_of(typestr), shape=shape)
    return content


def _known_format(format: str) -> str:
    name = format_name(format)
    if not name:
        raise ValueError(f"no such pixel format: {format!r}")
    return name


def content_of_bytes(
    size: Optional[Tuple[int, int]], format: Optional[str], row_stride: Optional[int]
) -> Content:
    """Of bytes that may be an image."""
    if format is None:
        if size is not None or row_stride is not None:
            raise ValueError("size and row_stride are of an image: say its format too")
        return Content()
    if size is None:
        raise ValueError("an image needs its size: (width, height)")
    width, height = (_dimension(length) for length in size)
    options = options_text(row_stride_bytes=row_stride)
    return Content((width, height), _known_format(format), options)


def _dimension(length: Any) -> int:
    number = operator.index(length)
    if not 0 <= number <= 0xFFFFFFFF:
        raise ValueError(f"no image is {number} pixels wide or high")
    return number


def content_of_shape(
    shape: Any, dtype: Any, format: Optional[str]
) -> Tuple[Content, int, List[Layout]]:
    """What a loan will be: its content, its bytes, and the arrays that show it: one, or planes."""
    if format is None and is_format(dtype):
        format, dtype = dtype, None
    if not hasattr(shape, "__iter__"):
        shape = (operator.index(shape),)
        if format is not None:
            raise ValueError("an image needs its shape: (height, width, ...)")
        if dtype in (None, "uint8"):
            return Content(), _product(shape, 1), [Layout(0, shape, "|u1", None)]
    lengths = tuple(operator.index(length) for length in shape)
    if any(length < 0 for length in lengths):
        raise ValueError(f"no array has the shape {lengths}")
    if format is not None:
        return _image_loan(lengths, _known_format(format))
    typestr = typestr_of_dtype(dtype)
    content = _array_content(typestr, lengths, None)
    nbytes = _product(lengths, int(typestr[2:]))
    return content, nbytes, [Layout(0, lengths, typestr, None)]


def _image_loan(shape: Tuple[int, ...], name: str) -> Tuple[Content, int, List[Layout]]:
    samples = plane_samples(name)
    if not samples:
        raise ValueError(f"no array has the pixels of {name}: use publish_bytes()")
    if len(shape) < 2:
        raise ValueError("an image needs its shape: (height, width, ...)")
    if len(shape) == 3 and (len(samples) > 1 or shape[2] != samples[0]):
        raise ValueError(f"{name} has not {shape[2]} channels")
    width, height = _dimension(shape[1]), _dimension(shape[0])
    content = Content(size=(width, height), format=name)
    return content, image_bytes(width, height, name), _packed_planes(name, width, height, shape)


def _packed_planes(name: str, width: int, height: int, shape: Tuple[int, ...]) -> List[Layout]:
    layouts = packed_plane_layouts(name, width, height)
    if len(shape) == 3 and shape[2] == 1:
        return [layout._replace(shape=layout.shape + (1,), strides=None) for layout in layouts]
    return layouts


def _product(shape: Tuple[int, ...], itemsize: int) -> int:
    total = itemsize
    for length in shape:
        total *= length
    return total
