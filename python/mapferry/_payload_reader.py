# SPDX-License-Identifier: Apache-2.0
"""Receiving payloads: one after the other, whole or piece by piece, every byte verified."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Dict, Iterator, Optional, Tuple

from ._bytes import taken_bytes
from ._errors import END, OK, SYSTEM, TIMED_OUT
from ._errors import StreamEnded, TimedOut, UsageError, check, last_error
from ._facts import (
    IMAGE_FOURCC,
    IMAGE_HEIGHT,
    IMAGE_WIDTH,
    TENSOR_BITS,
    TENSOR_DIMENSIONS,
    TENSOR_LANES,
    TENSOR_SHAPE,
    TENSOR_TYPE,
)
from ._formats import format_of_fourcc, tensor_layout
from ._handles import Handle, Stop, opened
from ._library import quick, waiting
from ._memory import Borrowed, memory_view
from ._owner import Ender
from ._text import Path, Section, c_path, c_section, milliseconds, options_text
from ._waiting import Deadline, interruptible, opened_in_time, seconds_text

_INDEX = 0
_BYTES = 2
_IS_TEXT = 3
_HAS_MTIME = 4
_MTIME = 5
_PERMISSIONS = 6
_PAIR_COUNT = 7
_HAS_ENDED = 11


class Reader(Ender):
    """Receives the payloads of a section: `for payload in reader`.

    section: "NAME", "file:PATH", "global:NAME", or a path object.
    timeout: seconds to wait for the section and a place in it; None: as long as it takes.
    stall_timeout: seconds; a writer that publishes nothing for so long is given up.
    consume: exactly one such reader gets the kept payloads, and removes the section when it has
    taken all of them and ends.
    sharing: "group:NAME" or "user:NAME": whom this process trusts beside its own user.

    NotFound: there is none, with timeout 0; TimedOut; PeerGone: there is only what a dead writer
    left; UsageError: the section carries no payloads; NotPermitted, Corrupt, FormatVersion.

    A payload that was read to its end is acknowledged when the next one is taken, or when the
    block of the reader is left in order; one that was not is left out. An exception that leaves
    the block acknowledges nothing more. A stream's writer counts a reader as failed that is closed
    without end(). Any thread may use it, one at a time.
    """

    _kind = "reader"
    _fact = quick.reader_value

    def __init__(
        self,
        section: Section,
        *,
        timeout: Optional[float] = 30.0,
        stall_timeout: Optional[float] = None,
        consume: bool = False,
        sharing: Optional[str] = None,
    ) -> None:
        options = dict(
            stall_timeout_ms=None if stall_timeout is None else milliseconds(stall_timeout),
            consume=consume,
            sharing=sharing,
        )
        name = c_section(section)
        self._payload: Optional[IncomingPayload] = None
        stop = Stop()
        self._handle = opened_in_time(lambda t: _open(name, t, options, stop), timeout, stop)

    def _wait(self, call: Callable[[Any], int]) -> int:
        """`call(pointer)`, which waits for the writer without a limit of time."""
        handle = self._used()

        def run() -> int:
            with handle.lock:
                code = call(handle.pointer)
                check(code)
            return code

        return interruptible(run, handle.stop)

    def next(self, timeout: Optional[float] = None) -> "IncomingPayload":
        """Settles the last payload and goes to the next one.

        timeout: seconds; None: as long as the writer lives. StreamEnded: the writer has ended;
        TimedOut; PeerGone: the writer died or aborted; Evicted, Interrupted, Corrupt.
        """
        self._settle()
        if self._next_in_time(timeout) == END:
            raise StreamEnded("the writer has ended")
        self._payload = IncomingPayload(self)
        return self._payload

    def _next_in_time(self, timeout: Optional[float]) -> int:
        deadline = Deadline(timeout)
        wait_ms, functions = 0, quick
        while True:
            handle = self._used()
            with handle.lock:
                code: int = functions.reader_next(handle.pointer, wait_ms)
                if code > 0 and code != TIMED_OUT:
                    raise last_error(code)
            if code == OK or code == END:
                return code
            if deadline.has_passed():
                raise TimedOut(f"no payload came within {seconds_text(timeout)}")
            wait_ms, functions = deadline.slice_ms(), waiting

    def _settle(self) -> None:
        payload, self._payload = self._payload, None
        if payload is not None:
            payload._settle()

    def __iter__(self) -> Iterator["IncomingPayload"]:
        """All payloads until the writer ends."""
        while True:
            try:
                payload = self.next()
            except StreamEnded:
                return
            yield payload

    @property
    def has_ended(self) -> bool:
        """Whether a call has found that the writer ended."""
        return bool(self._value(_HAS_ENDED))

    def fileno(self) -> int:
        """A handle for event loops, readable while next() would not have to wait. See
        FrameReader.fileno()."""
        return self._notification(quick.reader_notification)

    def end(self) -> None:
        """Settles the last payload, leaves the section in order, and closes the reader.

        UsageError: a consumer has not taken all payloads (the section stays).
        """
        self._settle()
        handle = self._used()
        with handle.lock:
            check(quick.reader_end(handle.pointer))
        self.close()

    def abort(self, code: int = SYSTEM) -> None:
        """Leaves the section, tells the writer why (above 0), and closes the reader."""
        handle = self._used()
        with handle.lock:
            check(quick.reader_abort(handle.pointer, code))
        self.close()

    def _give_up(self, message: str, code: int) -> None:
        self.abort(code)


class IncomingPayload:
    """A payload, and what its writer says of it: from another process, so never trust it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._complete = False
        self._settled = False
        value = reader._value
        #: Its place among the payloads of its writer, from 0.
        self.index: int = value(_INDEX)
        #: Its bytes; None: known only at the end.
        self.nbytes: Optional[int] = value(_BYTES) if value(_BYTES) >= 0 else None
        #: Whether the bytes are a text.
        self.is_text: bool = bool(value(_IS_TEXT))
        #: The file's time, in ns since 1970 UTC; None: not known.
        self.mtime_ns: Optional[int] = value(_MTIME) if value(_HAS_MTIME) else None
        #: The file's permission bits of 0o777; None: not known.
        self.permissions: Optional[int] = value(_PERMISSIONS) if value(_PERMISSIONS) >= 0 else None
        #: The sender's file name, "" if there is none. Never use it as a path: check_file_name().
        self.name: str = self._text(quick.reader_name)
        #: Words of the sender's own.
        self.meta: Dict[str, str] = self._pairs()
        #: (width, height) in pixels and the format, of an image.
        self.image: Optional[Tuple[Tuple[int, int], str]] = None
        if value(IMAGE_WIDTH):
            size = (value(IMAGE_WIDTH), value(IMAGE_HEIGHT))
            self.image = (size, format_of_fourcc(value(IMAGE_FOURCC)))
        #: The shape and numpy's name of the type, of an array.
        self.tensor: Optional[Tuple[Tuple[int, ...], str]] = None
        if value(TENSOR_TYPE) >= 0:
            shape = tuple(value(TENSOR_SHAPE + i) for i in range(value(TENSOR_DIMENSIONS)))
            kind, bits, lanes = value(TENSOR_TYPE), value(TENSOR_BITS), value(TENSOR_LANES)
            layout = tensor_layout(kind, bits, lanes, shape)
            self.tensor = (layout.shape, layout.typestr)

    def _text(self, function: Any, *arguments: Any) -> str:
        handle = self._current()
        with handle.lock:
            found: bytes = function(handle.pointer, *arguments)
        return found.decode("utf-8", "backslashreplace")

    def _pairs(self) -> Dict[str, str]:
        return {
            self._text(quick.reader_pair_key, i): self._text(quick.reader_pair_value, i)
            for i in range(self._reader._value(_PAIR_COUNT))
        }

    def _current(self) -> Handle:
        if self._settled:
            raise UsageError("the reader has gone on to another payload")
        return self._reader._used()

    def readinto(self, target: Any) -> int:
        """Fills a writable buffer with bytes that passed their checksum. Returns their number, 0
        at the end. Waits for the writer. PeerGone, Evicted, Interrupted; Corrupt: the message
        names the damaged bytes."""
        self._current()
        done = ctypes.c_size_t()
        with Borrowed(target, writable=True) as (address, size):
            if size == 0:
                return 0
            code = self._reader._wait(
                lambda pointer: int(
                    waiting.reader_read(pointer, address, size, ctypes.byref(done))
                )
            )
        self._complete = self._complete or code == END
        return done.value

    def read(self, limit: int = 1 << 30) -> bytes:
        """The rest of the payload as bytes. InputOutputError: more than `limit`. Errors as of
        readinto()."""
        handle = self._current()

        def receive() -> bytes:
            with handle.lock:
                return taken_bytes(
                    lambda out: int(waiting.reader_receive_bytes(handle.pointer, limit, out))
                )

        found = interruptible(receive, handle.stop)
        self._complete = True
        return found

    def save(
        self, path: Path, *, overwrite: Optional[str] = None, durability: Optional[str] = None,
        preserve: bool = False,
    ) -> None:
        """Writes the payload to a file, which appears whole or not at all. Before any read().

        overwrite: of an existing file: "refuse", "replace" or "in_place"; None: refuse.
        durability: "buffered", or "on_disk": file and name are on the disk afterwards.
        preserve: with the source's time and permission bits.
        CannotCreate: the file exists, or its folder does not; InputOutputError: the disk is full.
        """
        self._current()
        options = options_text(overwrite=overwrite, durability=durability, preserve=preserve)
        file = c_path(path)
        self._reader._wait(lambda pointer: int(waiting.reader_receive_file(pointer, file, options)))
        self._complete = True

    def view(self) -> memoryview:
        """Of a kept section: the whole payload in place, verified and read-only. Before any read().

        It stays usable when the reader is closed. A process that may write to the section can
        still change the bytes. UsageError: the section is a stream.
        """
        handle = self._current()
        data, size = ctypes.c_void_p(), ctypes.c_size_t()
        self._reader._wait(
            lambda pointer: int(
                waiting.reader_view(pointer, ctypes.byref(data), ctypes.byref(size))
            )
        )
        self._complete = True
        keeper = _Keeper(handle)
        handle.shows(keeper)
        return memory_view(keeper, data.value or 0, size.value, True)

    def digest(self) -> str:
        """XXH3-128 of the payload whose end was read, 32 hexadecimal digits; "" before."""
        return self._text(quick.reader_digest)

    def acknowledge(self) -> None:
        """Tells the writer that the payload, whose end was read, is stored here."""
        handle = self._current()
        with handle.lock:
            check(quick.reader_acknowledge(handle.pointer))
        self._settled = True

    def leave_out(self, code: int = SYSTEM) -> None:
        """Does not keep this payload: the writer counts this reader as lost, for this reason."""
        handle = self._current()
        with handle.lock:
            check(quick.reader_leave_out(handle.pointer, code))
        self._settled = True

    def _settle(self) -> None:
        if self._settled:
            return
        if self._complete:
            self.acknowledge()
        else:
            self.leave_out()


class _Keeper:
    """Holds the reader's memory for a memoryview."""

    __slots__ = ("_handle", "__weakref__")

    def __init__(self, handle: Handle) -> None:
        self._handle = handle


def _open(name: bytes, timeout: Optional[float], options: Any, stop: Stop) -> Handle:
    text = options_text(timeout_ms=milliseconds(timeout), **options)
    return opened(
        lambda pointer, out: waiting.reader_open(name, text, pointer, out),
        quick.reader_close,
        stop,
    )
