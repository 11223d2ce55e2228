# SPDX-License-Identifier: Apache-2.0
"""A named area of bytes that several processes read and write at offsets, under a lock."""

from __future__ import annotations

import ctypes
from typing import Any, Optional, Tuple, Union

from ._errors import TIMED_OUT, TimedOut, UsageError, check
from ._formats import typestr_of_dtype
from ._frame_writer import check_unless_late
from ._handles import Handle, Stop, opened
from ._library import quick, waiting
from ._memory import Borrowed, Layout, Shown, memory_view, numpy, packed
from ._owner import Owner
from ._text import Section, c_section, milliseconds, options_text
from ._waiting import Deadline, interruptible, opened_in_time, seconds_text

_SIZE = 0
_ALREADY_EXISTED = 1
_READ_ONLY = 2
_IS_LOCKED = 3
_PREVIOUS_HOLDER_DIED = 4
_PERSISTS = 5

LINGER_WORDS = ("not_needed", "consumed", "removed", "timed_out")


class Buffer(Owner):
    """A buffer of bytes that other processes have, too.

    section: "NAME", in memory; "file:PATH" or a path object, in that file; "global:NAME", in
    memory for all login sessions of a Windows machine.
    size: bytes of a new buffer, which is zeroed; an existing one must have exactly this size.
    mode: "open", "create" or "open_or_create"; left out: open_or_create with a size, otherwise
    open.
    access: "read_write", or "read_only" for open.
    timeout: seconds to wait for the buffer to appear, for open.
    sharing: "group:NAME" or "user:NAME": who else may open it.
    label: of a section in a file.

    NotFound: there is none; TimedOut: none came; CannotCreate: there is one (create), or it has
    another size, or something else has the name; UsageError: a section of another kind has the
    name; NotPermitted, InputOutputError, Corrupt, FormatVersion.

    Bytes are read and written by slices, read(), write() and, under the lock, in place by
    array() and view(). Without the lock, old and new bytes may be mixed. Threads that share a
    buffer open it once each: their locks exclude each other. A pickled buffer is opened anew
    where it is unpickled. close() unlocks it, and leaves the buffer itself: rm(). In a child made
    by fork() it refuses to work.
    """

    _kind = "buffer"
    _fact = quick.buffer_value

    def __init__(
        self,
        section: Section,
        *,
        size: Optional[int] = None,
        mode: Optional[str] = None,
        access: Optional[str] = None,
        timeout: Optional[float] = 0.0,
        sharing: Optional[str] = None,
        label: Optional[str] = None,
    ) -> None:
        options = dict(size_bytes=size, mode=mode, access=access, sharing=sharing, label=label)
        name = c_section(section)
        self._arguments = (section, access, sharing)
        stop = Stop()
        self._handle = opened_in_time(lambda t: _open(name, t, options, stop), timeout, stop)
        self._size = self._value(_SIZE)

    @property
    def size(self) -> int:
        """Its bytes."""
        return self._size

    def __len__(self) -> int:
        return self._size

    @property
    def already_existed(self) -> bool:
        """Whether this object did not create it."""
        return bool(self._value(_ALREADY_EXISTED))

    @property
    def read_only(self) -> bool:
        """Whether it was opened with access="read_only"."""
        return bool(self._value(_READ_ONLY))

    @property
    def locked(self) -> bool:
        """Whether this object has the lock."""
        return bool(self._value(_IS_LOCKED))

    @property
    def previous_holder_died(self) -> bool:
        """Under the lock: whether the holder before died with it. The bytes may be incomplete."""
        return bool(self._value(_PREVIOUS_HOLDER_DIED))

    @property
    def persists(self) -> bool:
        """Whether it exists without any process."""
        return bool(self._value(_PERSISTS))

    # The lock.

    def lock(self, timeout: Optional[float] = None) -> "BufferLock":
        """Waits for the lock and holds it: `with buffer.lock(5.0) as held`.

        timeout: seconds; None: as long as it takes. TimedOut, Interrupted; UsageError: this
        object has the lock already.
        """
        deadline = Deadline(timeout)
        handle = self._used()
        with handle.lock:
            code = quick.buffer_lock(handle.pointer, 0)
            check_unless_late(code)
        while code == TIMED_OUT:
            if deadline.has_passed():
                raise TimedOut(f"the buffer's lock did not come free in {seconds_text(timeout)}")
            handle = self._used()
            with handle.lock:
                code = waiting.buffer_lock(handle.pointer, deadline.slice_ms())
                check_unless_late(code)
        return BufferLock(self)

    def unlock(self) -> None:
        """Gives the lock back. UsageError: this object does not have it."""
        handle = self._used()
        with handle.lock:
            check(quick.buffer_unlock(handle.pointer))

    # Copies out of and into it.

    def read(self, offset: int = 0, size: Optional[int] = None) -> bytes:
        """A copy of `size` bytes from `offset` on, as many as lie before the buffer's end.

        size None: all of them. InputOutputError: somebody has cut the buffer.
        """
        _check_offset(offset)
        wanted = max(self._size - offset, 0)
        if size is not None:
            wanted = min(wanted, max(size, 0))
        copy = ctypes.create_string_buffer(wanted + 1)
        done = ctypes.c_size_t()
        handle = self._used()
        with handle.lock:
            check(quick.buffer_read(handle.pointer, offset, copy, wanted, ctypes.byref(done)))
        return copy.raw[: done.value]

    def write(self, offset: int, data: Any) -> int:
        """Copies bytes to `offset`, as many as lie before the buffer's end. Returns their number.

        data: any object with a packed buffer. NotPermitted: the buffer is read-only;
        InputOutputError: somebody has cut it.
        """
        _check_offset(offset)
        done = ctypes.c_size_t()
        handle = self._used()
        with Borrowed(packed(data)) as (address, size), handle.lock:
            check(quick.buffer_write(handle.pointer, offset, address, size, ctypes.byref(done)))
        return done.value

    def __getitem__(self, index: Union[int, slice]) -> Any:
        """buffer[16:21] is bytes, buffer[16] a number from 0 to 255."""
        start, stop, step = _range_of(index, self._size)
        found = self.read(start, max(stop - start, 0))
        return found[0] if not isinstance(index, slice) else found[::step]

    def __setitem__(self, index: Union[int, slice], value: Any) -> None:
        """buffer[16:21] = b"hello": as many bytes as the slice has. buffer[16] = 255."""
        start, stop, step = _range_of(index, self._size)
        if step != 1:
            raise ValueError("a buffer is written in slices of step 1")
        data = bytes([value]) if not isinstance(index, slice) else memoryview(packed(value))
        nbytes = memoryview(data).nbytes
        if nbytes != max(stop - start, 0):
            raise ValueError(f"{nbytes} bytes for a slice of {max(stop - start, 0)}")
        self.write(start, data)

    # In place.

    def _place(self) -> Tuple[Handle, int]:
        handle = self._used()
        with handle.lock:
            address = quick.buffer_data(handle.pointer)
        if address is None and self._size > 0:
            raise UsageError("this object does not have the buffer's lock", hint="call lock()")
        return handle, address or 0

    def view(self) -> memoryview:
        """All bytes in place, as a memoryview: only under the lock, and to be used only under it.

        Later accesses find memory, but nothing excludes other processes.
        """
        handle, address = self._place()
        keeper = _Keeper(handle)
        handle.shows(keeper)
        return memory_view(keeper, address, self._size, self.read_only)

    def array(
        self, dtype: Any = "uint8", shape: Union[None, int, Tuple[int, ...]] = None, offset: int = 0
    ) -> Any:
        """A part in place, as a numpy array: only under the lock, and to be used only under it.

        dtype: of numpy, or its name.
        shape: None: one dimension, as many elements as fit.
        offset: in bytes. ValueError: it does not lie within the buffer.
        """
        typestr = typestr_of_dtype(dtype)
        itemsize = int(typestr[2:])
        _check_offset(offset)
        if shape is None:
            shape = (max(self._size - offset, 0) // itemsize,)
        lengths = (shape,) if isinstance(shape, int) else tuple(shape)
        nbytes = itemsize
        for length in lengths:
            if length < 0:
                raise ValueError(f"no array has the shape {lengths}")
            nbytes *= length
        if offset + nbytes > self._size:
            raise ValueError(f"{nbytes} bytes at {offset} are not within {self._size}")
        handle, address = self._place()
        layout = Layout(offset, lengths, typestr, None)
        keeper = _Keeper(handle)
        handle.shows(keeper)
        return numpy().asarray(Shown(keeper, address, layout, self.read_only))

    # Life.

    def check(self) -> None:
        """InputOutputError: somebody has cut the buffer, or its file could not store all bytes."""
        handle = self._used()
        with handle.lock:
            check(quick.buffer_check(handle.pointer))

    def linger(self, timeout: Optional[float] = None) -> str:
        """Windows, in memory, where the buffer ends with its last process: waits until somebody
        removes it. Returns "removed", "timed_out", or elsewhere at once "not_needed"."""
        handle = self._used()
        ended = ctypes.c_int32()
        wait_ms = milliseconds(timeout)

        def linger() -> None:
            with handle.lock:
                check(waiting.buffer_linger(handle.pointer, wait_ms, ctypes.byref(ended)))

        interruptible(linger, handle.stop)
        return LINGER_WORDS[ended.value]

    def _leave(self, handle: Handle) -> None:
        if not handle.foreign and not handle.lock._is_owned():
            # Arrays may keep the memory: the lock must not stay with them.
            with handle.lock:
                quick.buffer_unlock(handle.pointer)

    def __reduce__(self) -> Tuple[Any, ...]:
        return _reopened, self._arguments

    def __repr__(self) -> str:
        state = "closed " if self.closed else ""
        return f"<{state}mapferry.Buffer {self._arguments[0]!r}: {self._size} bytes>"


class _Keeper:
    """Holds a buffer's memory for an array or a memoryview."""

    __slots__ = ("_handle", "__weakref__")

    def __init__(self, handle: Handle) -> None:
        self._handle = handle


class BufferLock:
    """A buffer's lock while this process holds it. Leaving the block gives it back."""

    __slots__ = ("_buffer", "previous_holder_died")

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        #: Whether the holder before died with the lock: the bytes are this caller's to repair.
        self.previous_holder_died: bool = buffer.previous_holder_died

    def __getitem__(self, index: Union[int, slice]) -> Any:
        return self._buffer[index]

    def __setitem__(self, index: Union[int, slice], value: Any) -> None:
        self._buffer[index] = value

    def view(self) -> memoryview:
        """See Buffer.view()."""
        return self._buffer.view()

    def array(
        self, dtype: Any = "uint8", shape: Union[None, int, Tuple[int, ...]] = None, offset: int = 0
    ) -> Any:
        """See Buffer.array()."""
        return self._buffer.array(dtype, shape, offset)

    def release(self) -> None:
        """Gives the lock back. UsageError: it was given back."""
        self._buffer.unlock()

    def __enter__(self) -> "BufferLock":
        return self

    def __exit__(self, *_: object) -> None:
        handle = self._buffer._handle
        if handle is not None and not handle.foreign and self._buffer.locked:
            self._buffer.unlock()


def _check_offset(offset: int) -> None:
    if offset < 0:
        raise ValueError(f"an offset is 0 or more, not {offset}")


def _range_of(index: Union[int, slice], size: int) -> Tuple[int, int, int]:
    if isinstance(index, slice):
        start, stop, step = index.indices(size)
        if step < 1:
            raise ValueError("a slice of a buffer has a step above 0")
        return start, stop, step
    place = index + size if index < 0 else index
    if not 0 <= place < size:
        raise IndexError(f"no byte {index} in a buffer of {size}")
    return place, place + 1, 1


def _open(name: bytes, timeout: Optional[float], options: Any, stop: Stop) -> Handle:
    text = options_text(timeout_ms=milliseconds(timeout) or None, **options)
    return opened(
        lambda pointer, out: waiting.buffer_open(name, text, pointer, out),
        quick.buffer_close,
        stop,
    )


def _reopened(section: Section, access: Optional[str], sharing: Optional[str]) -> Buffer:
    return Buffer(section, mode="open", access=access, sharing=sharing)
