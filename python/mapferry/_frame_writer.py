# SPDX-License-Identifier: Apache-2.0
"""Writing frames: arrays, images or other bytes."""

from __future__ import annotations

import ctypes
from fractions import Fraction
from typing import Any, Callable, Optional, Tuple, Union

from ._content import Content, Notes, content_of_array, content_of_bytes, content_of_shape
from ._errors import TIMED_OUT, TimedOut, UsageError, check, last_error
from ._facts import SectionFacts, section_facts
from ._handles import Handle, Owner, Stop, opened
from ._leaving import reason_of
from ._library import quick, waiting
from ._loan import Loan
from ._memory import Borrowed
from ._text import Section, c_section, c_text, milliseconds, options_text
from ._waiting import Deadline, interruptible, seconds_text

_FRAMES = 0
_READERS = 1
_READERS_LOST = 2
_RENEWALS = 3
_NAME_WAS_LOST = 4


class FrameWriter(Owner):
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
    leaves the block: readers then wait for another writer. Any thread may use it, one at a time.
    It cannot be pickled, and refuses to work in a child made by fork().
    """

    _kind = "frame writer"

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
        notes = Notes(captured_ns, clock, source_number, metadata, content_type)
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
        notes = Notes(captured_ns, clock, source_number, metadata, content_type)
        return self._publish(data, content, notes, timeout)

    def _publish(
        self, data: Any, content: Content, notes: Notes, timeout: Optional[float]
    ) -> int:
        sequence = ctypes.c_uint64()
        with Borrowed(data) as (address, size):

            def publish(functions: Any, wait_ms: int) -> int:
                handle = self._used()
                with handle.lock:
                    self._set_content(handle, content)
                    notes.set("frame_writer", handle.pointer)
                    code: int = functions.frame_writer_publish_copy(
                        handle.pointer, address, size, wait_ms, ctypes.byref(sequence)
                    )
                    check_unless_late(code)
                return code

            self._wait_for_room(publish, timeout)
        return sequence.value

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
        notes = Notes(captured_ns, clock, source_number, metadata, content_type)
        loan, data = ctypes.c_void_p(), ctypes.c_void_p()

        def lend(functions: Any, wait_ms: int) -> int:
            handle = self._used()
            with handle.lock:
                self._set_content(handle, content)
                code: int = functions.frame_writer_loan(
                    handle.pointer, nbytes, wait_ms, ctypes.byref(loan), ctypes.byref(data)
                )
                check_unless_late(code)
            return code

        self._wait_for_room(lend, timeout)
        made = Loan(self._used(), loan.value, data.value or 0, nbytes, layouts)
        notes.set("loan", loan.value)
        return made

    def _set_content(self, handle: Handle, content: Content) -> None:
        """What the frames from now on are, where it is not what they were."""
        if content != self._content:
            self._content = Content()
            content.set("frame_writer", handle.pointer)
            self._content = content

    def _wait_for_room(
        self, call: Callable[[Any, int], int], timeout: Optional[float]
    ) -> None:
        deadline = Deadline(timeout)
        code = call(quick, 0)
        while code == TIMED_OUT:
            if deadline.has_passed():
                raise TimedOut(
                    f"the slowest reader has not taken the oldest frame in {seconds_text(timeout)}"
                )
            code = call(waiting, deadline.slice_ms())

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

    def _do(self, function: Any, *arguments: Any) -> None:
        handle = self._used()
        with handle.lock:
            check(function(handle.pointer, *arguments))

    def _value(self, key: int) -> int:
        handle = self._used()
        with handle.lock:
            return int(quick.frame_writer_value(handle.pointer, key))

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

    @property
    def section_facts(self) -> SectionFacts:
        """Its delivery, limits and sizes."""
        return section_facts(self._value)

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

    def close(self) -> None:
        """Closes the writer, and gives up if it has not ended. A wait in another thread ends."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.stop.raise_()
            handle.close()

    def __enter__(self) -> "FrameWriter":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._handle is None or self._handle.foreign:
            self.close()
            return
        try:
            if error is None:
                self.end()
            else:
                self.abort(*reason_of(error))
        finally:
            self.close()

    def __reduce__(self) -> Any:
        raise TypeError("a FrameWriter cannot be pickled: a section has one writer")

    def __repr__(self) -> str:
        state = "closed " if self.closed else ""
        return f"<{state}mapferry.FrameWriter of {self._section!r}>"


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
