# SPDX-License-Identifier: Apache-2.0
"""Reading frames in place."""

from __future__ import annotations

import asyncio
import ctypes
from typing import Any, AsyncIterator, Callable, Iterator, Optional, Tuple

from ._bytes import taken_text
from ._errors import END, NOTHING, OK, PEER_GONE, TIMED_OUT
from ._errors import StreamEnded, TimedOut, UsageError, last_error
from ._facts import SCANS, U64, StreamFacts, ratio, word
from ._frame import Frame, Lease
from ._handles import Handle, Stop, opened
from ._library import quick, waiting
from ._news import LoopWaits
from ._owner import Streaming
from ._text import Section, c_section, milliseconds, options_text
from ._waiting import SLICE_MS, Deadline, opened_in_time, seconds_text

_EPOCH = 0
_HAS_ENDED = 1
_DESCRIPTION_VERSION = 2
_RATE = 3
_ASPECT = 5
_SCAN = 7

# How often a reader whose writer has gone looks for another one.
_LOOK_SECONDS = 0.01

_try_next = quick.frame_reader_next
_try_latest = quick.frame_reader_latest


class FrameReader(Streaming):
    """Reads the frames of a section: `for frame in reader`, next(), latest(), `async for`.

    section: "NAME", in memory; "file:PATH" or a path object, in that file; "global:NAME", in
    memory for all login sessions of a Windows machine.
    timeout: seconds to wait for a writer; None: as long as it takes.
    successor_timeout: seconds to wait for another writer when this one has died or aborted.
    waiting: "sleep", or "spin": takes frames in under 1 us and occupies a processor.
    after_end: "stop", or "follow": after an ended writer, too, the next one is waited for.
    sharing: "group:NAME" or "user:NAME": whom this process trusts beside its own user.

    NotFound: no writer, with timeout 0; TimedOut: none came, or no place for a reader is free;
    PeerGone: there is only what a dead writer left; UsageError: the section carries something
    else; NotPermitted, Corrupt, FormatVersion.

    Any thread may use it, one at a time: others wait for their turn. A pickled reader opens the
    section anew where it is unpickled. Its frames stay valid when it is closed. In a child made
    by fork() it refuses to work.
    """

    _kind = "frame reader"
    _fact = quick.frame_reader_value

    def __init__(
        self,
        section: Section,
        *,
        timeout: Optional[float] = 30.0,
        successor_timeout: Optional[float] = 30.0,
        waiting: str = "sleep",
        after_end: str = "stop",
        sharing: Optional[str] = None,
    ) -> None:
        # Python waits for the successor, as the C library's wait does not end for Ctrl-C.
        options = dict(
            successor_timeout_ms=0, waiting=waiting, after_end=after_end, sharing=sharing
        )
        Deadline(successor_timeout)
        self._arguments = (section, timeout, successor_timeout, waiting, after_end, sharing)
        self._successor_timeout = successor_timeout
        self._loop_waits = LoopWaits()
        name = c_section(section)
        stop = Stop()
        self._handle = opened_in_time(lambda t: _open(name, t, options, stop), timeout, stop)

    # Taking frames.

    def next(self, timeout: Optional[float] = None) -> Frame:
        """The oldest frame after the last one that this reader took.

        With delivery "each" that is the very next one; with "latest" some may be missing.
        timeout: seconds; None: as long as the writer lives.
        StreamEnded: the writer has ended its stream; TimedOut: no frame came in time; PeerGone:
        the writer died or aborted, and no other one came within successor_timeout; Evicted: the
        writer gave this reader up; UsageError: the reader has four frames that still live;
        Interrupted, Corrupt, InputOutputError.
        """
        frame = self._try(_try_next, False)
        return frame if frame is not None else self._wait(waiting.frame_reader_next, timeout)

    def latest(self, timeout: Optional[float] = None) -> Frame:
        """As next(), but the newest frame. Older ones are skipped and count as missed.

        A writer with delivery "each" does not wait for this reader until it calls next() again.
        """
        frame = self._try(_try_latest, False)
        return frame if frame is not None else self._wait(waiting.frame_reader_latest, timeout)

    def try_next(self) -> Optional[Frame]:
        """next() without waiting. None: there is no new frame. PeerGone: the writer has gone, and
        no other one is there now."""
        return self._try(_try_next, True)

    def try_latest(self) -> Optional[Frame]:
        """latest() without waiting. None: there is no new frame."""
        return self._try(_try_latest, True)

    def _try(self, take: Any, tells_losses: bool) -> Optional[Frame]:
        """The frame that is there, or None. tells_losses: that the writer has gone is an error."""
        handle = self._handle
        if handle is None or handle.foreign:
            handle = self._used()
        lease = Lease()
        with handle.lock:
            code = take(handle.pointer, 0, _out(lease))
            if code == OK:
                return Frame(lease)
            if code == NOTHING or (code == PEER_GONE or code == TIMED_OUT) and not tells_losses:
                return None
            raise _failure(code)

    def _wait(self, take: Any, timeout: Optional[float]) -> Frame:
        deadline = Deadline(timeout)
        for_another: Optional[Deadline] = None
        lease = Lease()
        while True:
            slice_ms = deadline.slice_ms()
            left = Deadline(slice_ms / 1000)
            handle = self._used()
            with handle.lock:
                code = take(handle.pointer, slice_ms, _out(lease))
                if code == OK:
                    return Frame(lease)
                if code not in (NOTHING, PEER_GONE, TIMED_OUT):
                    raise _failure(code)
                failure = _failure(code)
            # The writer has gone: a slice that is over too soon says so for an ended one.
            has_gone = code == PEER_GONE or (code == TIMED_OUT and left.slice_ms() > SLICE_MS // 2)
            if has_gone:
                if for_another is None:
                    for_another = Deadline(self._successor_timeout)
                if for_another.has_passed():
                    raise failure
                for_another.nap(_LOOK_SECONDS)
            else:
                for_another = None
            if deadline.has_passed():
                raise TimedOut(f"no frame came within {seconds_text(timeout)}")

    def __iter__(self) -> Iterator[Frame]:
        """All frames until the writer ends, by next() without a limit of time."""
        while True:
            try:
                frame = self.next()
            except StreamEnded:
                return
            yield frame
            # This generator must not keep the frame while it waits for the next one.
            del frame

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """All frames until the writer ends. The event loop goes on meanwhile."""
        while True:
            try:
                frame = await self.next_async()
            except StreamEnded:
                return
            yield frame
            del frame

    async def next_async(self) -> Frame:
        """next() for asyncio. A cancelled call loses no frame."""
        return await self._take_async(_try_next)

    async def latest_async(self) -> Frame:
        """latest() for asyncio. A cancelled call loses no frame."""
        return await self._take_async(_try_latest)

    async def _take_async(self, take: Any) -> Frame:
        for_another: Optional[Deadline] = None
        lost = 0  # the epoch of the writer that has gone
        while True:
            try:
                frame = self._try(take, True)
            except ConnectionError:
                if for_another is None:
                    for_another, lost = Deadline(self._successor_timeout), self.epoch
                if for_another.has_passed():
                    raise
                frame = None
            if frame is not None:
                return frame
            if for_another is not None and self.epoch == lost:
                await asyncio.sleep(_LOOK_SECONDS)
            else:
                for_another = None
                await self._loop_waits.wait(self.fileno())

    # What the writer says of its stream.

    @property
    def epoch(self) -> int:
        """The random number of the section that is open now."""
        return self._value(_EPOCH) & U64

    @property
    def has_ended(self) -> bool:
        """Whether a call has found that the writer ended its stream."""
        return bool(self._value(_HAS_ENDED))

    @property
    def description(self) -> Optional[str]:
        """What the writer says of its stream now, JSON by custom; None: nothing.

        It comes from another process: never trust it. Corrupt, InputOutputError.
        """
        handle = self._used()
        with handle.lock:
            text = taken_text(lambda out: quick.frame_reader_description(handle.pointer, out))
        return text or None

    @property
    def description_version(self) -> int:
        """0: none; grows with every change. Cheap: it shows whether to read the description."""
        return self._value(_DESCRIPTION_VERSION)

    @property
    def facts(self) -> StreamFacts:
        """Frame rate, pixel aspect and scan, as the writer says them now."""
        value = self._value
        return StreamFacts(
            ratio(value(_RATE), value(_RATE + 1)),
            ratio(value(_ASPECT), value(_ASPECT + 1)),
            word(SCANS, value(_SCAN)),
        )

    # Event loops.

    def fileno(self) -> int:
        """A handle for event loops: a file descriptor, on Windows a HANDLE.

        It is readable (Windows: set) while try_next() has something to return: a frame, the end
        or an error. The reader owns it: do not read or close it, and remove it from the loop
        before you close the reader. The first call starts a thread of the library.
        """
        return self._notification(quick.frame_reader_notification)

    # Life.

    def _leave(self, handle: Handle) -> None:
        self._loop_waits.end()

    def __reduce__(self) -> Tuple[Any, ...]:
        return _reopened, self._arguments

    def __repr__(self) -> str:
        state = "closed " if self.closed else ""
        return f"<{state}mapferry.FrameReader of {self._arguments[0]!r}>"


_out: Callable[[Any], Any] = ctypes.byref


def _failure(code: int) -> Exception:
    if code == END:
        return StreamEnded("the writer has ended its stream")
    if code < OK:
        return UsageError("the C library handed nothing out")
    return last_error(code)


def _open(name: bytes, timeout: Optional[float], options: Any, stop: Stop) -> Handle:
    text = options_text(timeout_ms=milliseconds(timeout), **options)
    return opened(
        lambda pointer, out: waiting.frame_reader_open(name, text, pointer, out),
        quick.frame_reader_close,
        stop,
    )


def _reopened(
    section: Section,
    timeout: Optional[float],
    successor_timeout: Optional[float],
    waiting: str,
    after_end: str,
    sharing: Optional[str],
) -> FrameReader:
    return FrameReader(
        section,
        timeout=timeout,
        successor_timeout=successor_timeout,
        waiting=waiting,
        after_end=after_end,
        sharing=sharing,
    )
