# SPDX-License-Identifier: Apache-2.0
"""Writing frames: arrays, images or other bytes."""

from __future__ import annotations

import ctypes
from fractions import Fraction
from typing import Any, Callable, Optional, Tuple, Union

from ._content import Content, Notes, notes_of
from ._content import content_of_array, content_of_bytes, content_of_shape
from ._errors import OK, TIMED_OUT, TimedOut, UsageError, check, last_error
from ._handles import Handle, Stop, opened
from ._library import quick, waiting
from ._loan import Loan
from ._memory import Borrowed
from ._owner import Ender
from ._text import Section, c_section, c_text, milliseconds, options_text
from ._waiting import Deadline, interruptible, seconds_text

_FRAMES = 0
_READERS = 1
_READERS_LOST = 2
_RENEWALS = 3
_NAME_WAS_LOST = 4

_publish_copy = quick.frame_writer_publish_copy
_out: Callable[[Any], Any] = ctypes.byref


class FrameWriter(Ender):
    """Writes frames into a new section: publish(), publish_bytes(), loan().

    section: "NAME", in memory; "file:PATH" or a path object, in that file; "global:NAME", in
    memory for all login sessions of a Windows machine.
    delivery: "latest": the writer never waits, and slow readers miss frames; "each": the writer
    waits for its slowest reader.
    frame_limit: the bytes of the largest frame that can ever pass: address space, not memory;
    None: 256 MiB. slot_count: the most frames in the section; None: chosen.
    reader_limit: the most readers at a time; None: 16.
    checksum: which frames have one: "copied" (publish), "all" (loans too, which are read for it)
    or "none".
    stall_timeout: seconds; with "each" a reader that takes nothing for so long is given up.
    sharing: "group:NAME": who else may open the section.
    label: of a section in a file.

    CannotCreate: a living writer, a kept payload or a buffer has the name; InputOutputError: not
    enough space; UsageError.

    As a context manager it ends the stream on a clean exit, and aborts it when an exception
    leaves the block, or when it is closed without end(): readers then wait for another writer.
    Any thread may use it, one at a time.
    It cannot be pickled, and refuses to work in a child made by fork().
    """

    _kind = "frame writer"
    _fact = quick.frame_writer_value

    def __init__(
        self,
        section: Section,
        *,
        delivery: str = "latest",
        frame_limit: Optional[int] = None,
        slot_count: Optional[int] = None,
        reader_limit: Optional[int] = None,
        checksum: Optional[str] = None,
        stall_timeout: Optional[float] = None,
        sharing: Optional[str] = None,
        label: Optional[str] = None,
    ) -> None:
        options = options_text(
            delivery=delivery,
            frame_limit_bytes=frame_limit,
            slot_count=slot_count,
            reader_limit=reader_limit,
            checksum=checksum,
            stall_timeout_ms=None if stall_timeout is None else milliseconds(stall_timeout),
            sharing=sharing,
            label=label,
        )
        name = c_section(section)
        self._section = section
        self._content = Content()
        stop = Stop()
        self._handle = opened(
            lambda pointer, out: quick.frame_writer_create(name, options, pointer, out),
            quick.frame_writer_close,
            stop,
        )

    # Publishing.

    def publish(
        self,
        array: Any,
        *,
        format: Optional[str] = None,
        as_tensor: bool = False,
        captured_ns: Optional[int] = None,
        clock: str = "realtime",
        source_number: Optional[int] = None,
        metadata: Any = None,
        content_type: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> int:
        """Copies an array into the section and makes it the newest frame. Returns its number.

        array: of numpy, or anything with a buffer or an __array__() (a tensor of torch). What is
        not packed is packed first, which is a second copy.
        format: the pixel format. Left out: (height, width) of uint8 or uint16 is GRAY8 or GRAY16;
        three or four channels of these are BGR24, BGRA32, BGR48, BGRA64, as OpenCV has them (say
        "RGB24" for others); all other arrays are tensors.
        as_tensor: no image, whatever it looks like.
        captured_ns, clock: when its source took it; clock is "realtime" (ns since 1970 UTC),
        "monotonic", "tai" or "unknown". source_number: the source's own number of it.
        metadata: at most 65536 bytes; a dict becomes JSON. content_type: what they are, at most 64
        characters of ASCII; left out: "application/json" for a dict, "text/plain" for a str,
        otherwise "application/octet-stream".
        timeout: seconds; with delivery "each" how long to wait for the slowest reader.

        TypeError, ValueError: no such array can be published, or it does not fit the format;
        Busy: readers have every slot; TimedOut; UsageError: more than frame_limit;
        InputOutputError: no memory for a frame of this size; PeerGone; Interrupted.
        """
        data, content = content_of_array(array, format, as_tensor)
        notes = notes_of(captured_ns, clock, source_number, metadata, content_type)
        return self._publish(data, content, notes, timeout)

    def publish_bytes(
        self,
        data: Any,
        *,
        size: Optional[Tuple[int, int]] = None,
        format: Optional[str] = None,
        row_stride: Optional[int] = None,
        captured_ns: Optional[int] = None,
        clock: str = "realtime",
        source_number: Optional[int] = None,
        metadata: Any = None,
        content_type: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> int:
        """Copies bytes, of any object with a packed buffer, and makes them the newest frame.

        size, format: (width, height) and the pixel format of an image: how its planes and rows lie
        is the format's custom, with row_stride bytes from row to row of the first plane. Without
        them the frame is bytes. All else, and errors, as of publish().
        """
        content = content_of_bytes(size, format, row_stride)
        notes = notes_of(captured_ns, clock, source_number, metadata, content_type)
        return self._publish(data, content, notes, timeout)

    def _publish(
        self, data: Any, content: Content, notes: Optional[Notes], timeout: Optional[float]
    ) -> int:
        # Small frames come at ten thousands a second: this is short, and calls little.
        handle = self._handle
        if handle is None or handle.foreign:
            handle = self._used()
        borrowed = Borrowed(data)
        try:
            sequence = ctypes.c_uint64()
            with handle.lock:
                if content is not self._content:
                    self._set_content(handle, content)
                if notes is not None:
                    notes.set("frame_writer", handle.pointer)
                code = _publish_copy(
                    handle.pointer, borrowed.address, borrowed.size, 0, _out(sequence)
                )
                if code == OK:
                    return sequence.value
                check_unless_late(code)
            self._publish_late(borrowed, content, notes, timeout, sequence)
            return sequence.value
        finally:
            borrowed.end()

    def _publish_late(
        self,
        borrowed: Borrowed,
        content: Content,
        notes: Optional[Notes],
        timeout: Optional[float],
        sequence: ctypes.c_uint64,
    ) -> None:
        """Waits for the slowest reader, where there was no room at once."""

        def publish(wait_ms: int) -> int:
            handle = self._used()
            with handle.lock:
                self._set_content(handle, content)
                if notes is not None:
                    notes.set("frame_writer", handle.pointer)
                code: int = waiting.frame_writer_publish_copy(
                    handle.pointer, borrowed.address, borrowed.size, wait_ms, _out(sequence)
                )
                check_unless_late(code)
            return code

        _wait_for_room(publish, timeout)

    def loan(
        self,
        shape: Any,
        dtype: Any = "uint8",
        *,
        format: Optional[str] = None,
        captured_ns: Optional[int] = None,
        clock: str = "realtime",
        source_number: Optional[int] = None,
        metadata: Any = None,
        content_type: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> Loan:
        """A place in the section, to be filled without a copy: `with writer.loan(...) as array`.

        shape, dtype: of the array; dtype may be a pixel format instead: loan((1080, 1920, 3),
        "BGR24"). With a format, shape may also be (height, width), for those with planes too.
        shape may be a number of bytes: a frame of bytes alone.
        The bytes are not cleared. The frame is published when the block is left, dropped when an
        exception leaves it. All else, and errors, as of publish(); a frame from a loan has a
        checksum only with checksum="all".
        """
        content, nbytes, layouts = content_of_shape(shape, dtype, format)
        notes = notes_of(captured_ns, clock, source_number, metadata, content_type)
        loan, data = ctypes.c_void_p(), ctypes.c_void_p()

        def lend(wait_ms: int) -> int:
            handle = self._used()
            lend_it = waiting.frame_writer_loan if wait_ms else quick.frame_writer_loan
            with handle.lock:
                self._set_content(handle, content)
                code: int = lend_it(handle.pointer, nbytes, wait_ms, _out(loan), _out(data))
                check_unless_late(code)
            return code

        if lend(0) == TIMED_OUT:
            _wait_for_room(lend, timeout)
        made = Loan(self._used(), loan.value, data.value or 0, nbytes, layouts)
        if notes is not None:
            notes.set("loan", loan.value)
        return made

    def _set_content(self, handle: Handle, content: Content) -> None:
        """What the frames from now on are, where it is not what they were."""
        if content != self._content:
            self._content = Content()
            content.set("frame_writer", handle.pointer)
            self._content = content

    # What the writer says of its stream.

    def skip(self, frames: int) -> None:
        """Reports that the source lost frames before the next one: readers count them as missed."""
        if frames < 0:
            raise ValueError("a number of frames is 0 or more")
        self._do(quick.frame_writer_skip, frames)

    def describe(self, text: str) -> None:
        """Gives the stream a description, or another one: JSON by custom, at most 65536 bytes.

        Readers find it at any time.
        """
        self._do(quick.frame_writer_describe, c_text(text))

    def set_facts(
        self,
        *,
        frame_rate: Union[None, int, Fraction] = None,
        pixel_aspect: Union[None, int, Fraction] = None,
        scan: Optional[str] = None,
    ) -> None:
        """Says what is true of all frames, for players.

        frame_rate: frames per second. pixel_aspect: a pixel's width over its height.
        scan: "progressive", "top_field_first", "bottom_field_first", "mixed" or "unknown".
        """
        options = options_text(
            frame_rate=_ratio_text(frame_rate), pixel_aspect=_ratio_text(pixel_aspect), scan=scan
        )
        self._do(quick.frame_writer_set_facts, options)

    # The readers.

    def wait_for_readers(self, count: int = 1, timeout: Optional[float] = None) -> None:
        """Waits until `count` readers are there. timeout: seconds.

        TimedOut, Interrupted; UsageError: more than reader_limit; PeerGone: somebody has removed
        the section.
        """
        deadline = Deadline(timeout)
        while True:
            handle = self._used()
            with handle.lock:
                code = waiting.frame_writer_wait_for_readers(
                    handle.pointer, count, deadline.slice_ms()
                )
                check_unless_late(code)
            if code != TIMED_OUT:
                return
            if deadline.has_passed():
                raise TimedOut(f"{count} readers did not come within {seconds_text(timeout)}")

    def check(self) -> None:
        """Whether it is still worth sending, for a source that is silent. PeerGone: nobody can see
        a further frame; InputOutputError: somebody has cut the section; Interrupted."""
        self._do(quick.frame_writer_check)

    @property
    def frames(self) -> int:
        """Published so far."""
        return self._value(_FRAMES)

    @property
    def readers(self) -> int:
        """Attached now."""
        return self._value(_READERS)

    @property
    def readers_lost(self) -> int:
        """Readers that died or were given up."""
        return self._value(_READERS_LOST)

    @property
    def renewals(self) -> int:
        """How often the section was removed and made again."""
        return self._value(_RENEWALS)

    @property
    def name_was_lost(self) -> bool:
        """Whether later readers could not find the section."""
        return bool(self._value(_NAME_WAS_LOST))

    # Life.

    def end(self) -> None:
        """Ends the stream: readers see its end after the last frame. Then closes the writer.

        delivery "each": waits until every reader has taken every frame. Interrupted.
        """
        handle = self._used()

        def end() -> None:
            with handle.lock:
                check(waiting.frame_writer_end(handle.pointer))

        interruptible(end, handle.stop)
        self.close()

    def abort(self, message: Optional[str] = None, code: int = 16) -> None:
        """Gives up: readers wait for another writer; if none comes, their error has this message
        and code (above 0). Then closes the writer."""
        self._do(quick.frame_writer_abort, code, None if message is None else c_text(message))
        self.close()

    def _give_up(self, message: str, code: int) -> None:
        self.abort(message, code)

    def __reduce__(self) -> Any:
        raise TypeError("a FrameWriter cannot be pickled: a section has one writer")

    def __repr__(self) -> str:
        state = "closed " if self.closed else ""
        return f"<{state}mapferry.FrameWriter of {self._section!r}>"


def _wait_for_room(call: Callable[[int], int], timeout: Optional[float]) -> None:
    """`call(milliseconds)` in slices, until it is in time."""
    deadline = Deadline(timeout)
    while not deadline.has_passed():
        if call(deadline.slice_ms()) != TIMED_OUT:
            return
    raise TimedOut(
        f"the slowest reader has not taken the oldest frame in {seconds_text(timeout)}"
    )


def check_unless_late(code: int) -> None:
    """Raises for an error, but not for a slice of time that is over."""
    if code > 0 and code != TIMED_OUT:
        raise last_error(code)
    if code < 0:
        raise UsageError("the C library handed nothing out")


def _ratio_text(value: Union[None, int, Fraction]) -> Optional[str]:
    if value is None:
        return None
    exact = Fraction(value)
    return f"{exact.numerator}/{exact.denominator}"
