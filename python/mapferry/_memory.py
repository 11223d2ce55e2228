# SPDX-License-Identifier: Apache-2.0
"""Memory of the library as arrays and memoryviews, and memory of Python for the library."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, NamedTuple, Optional, Tuple


class Layout(NamedTuple):
    """Where the elements of an array lie: `offset` bytes from the first byte, `strides` apart."""

    offset: int
    shape: Tuple[int, ...]
    typestr: str  # as of numpy's array interface: "|u1", "<u2", "<f4"
    strides: Optional[Tuple[int, ...]]  # in bytes; None: packed, row by row

    @property
    def itemsize(self) -> int:
        return int(self.typestr[2:])

    def flipped(self) -> "Layout":
        """The same with its first dimension reversed: for rows that are stored bottom-up."""
        strides = self.strides or packed_strides(self.shape, self.itemsize)
        offset = self.offset + strides[0] * max(self.shape[0] - 1, 0)
        return self._replace(offset=offset, strides=(-strides[0],) + strides[1:])


def packed_strides(shape: Tuple[int, ...], itemsize: int) -> Tuple[int, ...]:
    strides = [itemsize]
    for length in reversed(shape[1:]):
        strides.append(strides[-1] * length)
    return tuple(reversed(strides))


class Shown:
    """The base of an array over memory of the library: it keeps the memory's owner alive."""

    __slots__ = ("_owner", "__array_interface__", "__weakref__")

    def __init__(self, owner: Any, address: int, layout: Layout, read_only: bool) -> None:
        self._owner = owner
        self.__array_interface__ = array_interface(address, layout, read_only)


def array_interface(address: int, layout: Layout, read_only: bool) -> Any:
    return {
        "version": 3,
        "data": (address + layout.offset, read_only),
        "shape": layout.shape,
        "typestr": layout.typestr,
        "strides": layout.strides,
    }


_numpy: Any = None


def numpy() -> Any:
    """numpy, imported at its first use. ImportError: it is not installed."""
    global _numpy
    if _numpy is None:
        try:
            import numpy as imported
        except ImportError:
            raise ImportError("arrays need numpy; without it use view() or copy_bytes()") from None
        _numpy = imported
    return _numpy


def has_numpy() -> bool:
    try:
        numpy()
    except ImportError:
        return False
    return True


def memory_view(owner: Any, address: int, size: int, read_only: bool) -> memoryview:
    """The bytes as a memoryview of format "B". It and its slices keep `owner` alive."""
    if size == 0:
        return memoryview(b"")
    block = (ctypes.c_ubyte * size).from_address(address)
    block.owner = owner  # type: ignore[attr-defined]
    # Without the cast its format is "<B", and it could not be indexed.
    view = memoryview(block).cast("B")
    return view.toreadonly() if read_only else view


class _PyBuffer(ctypes.Structure):
    """Py_buffer of CPython: its C interface keeps this layout since 3.0."""

    _fields_ = [
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.py_object),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p),
        ("shape", ctypes.c_void_p),
        ("strides", ctypes.c_void_p),
        ("suboffsets", ctypes.c_void_p),
        ("internal", ctypes.c_void_p),
    ]


_get_buffer = ctypes.pythonapi.PyObject_GetBuffer
_get_buffer.argtypes = [ctypes.py_object, ctypes.POINTER(_PyBuffer), ctypes.c_int]
_get_buffer.restype = ctypes.c_int
_release_buffer = ctypes.pythonapi.PyBuffer_Release
_release_buffer.argtypes = [ctypes.POINTER(_PyBuffer)]
_release_buffer.restype = None


class Borrowed:
    """`with Borrowed(object) as (address, size)`: the bytes of any packed object with a buffer.

    Without a block, end() gives them back. TypeError: it has no buffer. BufferError: it is not
    packed, or `writable` and read-only.
    """

    __slots__ = ("_buffer", "address", "size")

    def __init__(self, obj: Any, writable: bool = False) -> None:
        self._buffer = buffer = _PyBuffer()
        _get_buffer(obj, buffer, 1 if writable else 0)  # PyBUF_WRITABLE, PyBUF_SIMPLE
        self.address: int = buffer.buf or 0
        self.size: int = buffer.len

    def end(self) -> None:
        _release_buffer(self._buffer)

    def __enter__(self) -> Tuple[int, int]:
        return self.address, self.size

    def __exit__(self, *_: object) -> None:
        _release_buffer(self._buffer)


def packed(data: Any) -> memoryview:
    """The object as a packed memoryview, from the object itself where that is possible.

    What has no buffer, but can become an array (a tensor of torch), becomes one.
    """
    try:
        view = memoryview(data)
    except TypeError:
        if not hasattr(data, "__array__") or not has_numpy():
            raise
        view = memoryview(numpy().asarray(data))
    if view.c_contiguous:
        return view
    if "numpy" in sys.modules:
        return memoryview(numpy().ascontiguousarray(data))
    copy = memoryview(view.tobytes())
    return copy.cast(view.format, view.shape or ())
