# SPDX-License-Identifier: Apache-2.0
"""Sending payloads: one after the other, whole or piece by piece."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, NamedTuple, Optional

from ._content import Content, content_of_array
from ._errors import TIMED_OUT, TimedOut, UsageError, check
from ._frame_writer import check_unless_late
from ._handles import Stop, opened
from ._library import quick, waiting
from ._memory import Borrowed, packed
from ._owner import Ender
from ._text import Path, Section, c_path, c_section, c_text, milliseconds, options_text
from ._waiting import Deadline, interruptible, seconds_text

_READERS_SERVED = 0
_READERS_LOST = 1
_NAME_WAS_LOST = 2
_PERSISTS = 3
_PAYLOAD_BYTES = 4
_CHUNK_COUNT = 5
_DIGEST_OVER_BYTES = 6
_SOURCE_CHANGED = 7


class SentPayload(NamedTuple):
    """A payload that was sent: its bytes, and XXH3-128 as 32 hexadecimal digits.

    digest_over_bytes: the digest is that of `xxh128sum`, otherwise it is taken over the chunks'
    checksums. source_changed: a file changed while it was sent.
    """

    nbytes: int
    digest: str
    digest_over_bytes: bool
    source_changed: bool


class Writer(Ender):
    """Sends payloads into a new section: send(), send_file(), payload().

    section: "NAME", "file:PATH", "global:NAME", or a path object.
    delivery: "stream", or "keep": payloads stay in the section for readers that come later.
    known_bytes: the sizes of the payloads to come, where they are known. unknown_count: how many
    payloads of unknown size come; None: 1 without known_bytes.
    space: with keep and unknown sizes: the most memory in bytes; None: all that is free.
    readers: how many readers must get everything; None: 1.
    stall_timeout: seconds; a reader that makes no progress for so long is given up.
    sharing: "group:NAME": who else may open the section.
    label: of a section in a file.

    CannotCreate: a living writer, a kept payload or a buffer has the name; InputOutputError: not
    enough space; UsageError.

    As a context manager it ends on a clean exit and aborts when an exception leaves the block, as
    close() without end() does: readers then get PeerGone at once. Any thread may use it, one at a
    time.
    """

    _kind = "writer"
    _fact = quick.writer_value

    def __init__(
        self,
        section: Section,
        *,
        delivery: str = "stream",
        known_bytes: Iterable[int] = (),
        unknown_count: Optional[int] = None,
        space: Optional[int] = None,
        readers: Optional[int] = None,
        stall_timeout: Optional[float] = None,
        sharing: Optional[str] = None,
        label: Optional[str] = None,
    ) -> None:
        options = options_text(
            delivery=delivery,
            known_bytes=",".join(str(size) for size in known_bytes) or None,
            unknown_count=unknown_count,
            space_bytes=space,
            readers_wanted=readers,
            stall_timeout_ms=None if stall_timeout is None else milliseconds(stall_timeout),
            sharing=sharing,
            label=label,
        )
        name = c_section(section)
        self._section = section
        stop = Stop()
        self._handle = opened(
            lambda pointer, out: quick.writer_create(name, options, pointer, out),
            quick.writer_close,
            stop,
        )

    def _wait(self, call: Callable[[Any], int]) -> None:
        """`call(pointer)`, which waits for readers without a limit of time."""
        handle = self._used()

        def run() -> None:
            with handle.lock:
                check(call(handle.pointer))

        interruptible(run, handle.stop)

    def wait_for_readers(self, count: int = 1, timeout: Optional[float] = None) -> None:
        """"stream": waits until `count` readers are there. "keep": returns at once.

        timeout: seconds. TimedOut, Interrupted; UsageError: more than 64.
        """
        deadline = Deadline(timeout)
        while True:
            handle = self._used()
            with handle.lock:
                code = waiting.writer_wait_for_readers(handle.pointer, count, deadline.slice_ms())
                check_unless_late(code)
            if code != TIMED_OUT:
                return
            if deadline.has_passed():
                raise TimedOut(f"{count} readers did not come within {seconds_text(timeout)}")

    def send(
        self, data: Any, *, name: Optional[str] = None, meta: Optional[Dict[str, str]] = None
    ) -> SentPayload:
        """Sends bytes, of any object with a packed buffer, as one payload. A str is a text.

        An array of numpy travels with its type and shape. name: a file name without a folder.
        meta: words of the sender's own, about 2900 bytes in all.
        PeerGone: no reader is left; InputOutputError: a kept section is full; Interrupted.
        """
        is_text = isinstance(data, str)
        content = Content()
        if isinstance(data, str):
            data = data.encode()
        elif hasattr(data, "dtype"):
            data, content = content_of_array(data, None, True)
        source = packed(data)
        with self.payload(
            name, size=source.nbytes, text=is_text, meta=meta, _content=content
        ) as payload:
            payload.write(source)
        return self._sent()

    def send_file(self, path: Path, *, name: Optional[str] = None) -> SentPayload:
        """Sends a whole file as one payload, with its name, size, time and permission bits.

        name: another name; "" gives it none. NotFound, NotPermitted; InputOutputError: it became
        shorter; PeerGone, Interrupted. After an error the payload is unfinished: abort.
        """
        file, options = c_path(path), options_text(name=name)
        self._wait(lambda pointer: int(waiting.writer_send_file(pointer, file, options)))
        return self._sent()

    def payload(
        self,
        name: Optional[str] = None,
        *,
        size: Optional[int] = None,
        text: bool = False,
        meta: Optional[Dict[str, str]] = None,
        _content: Content = Content(),
    ) -> "OutgoingPayload":
        """Begins a payload that is sent piece by piece: `with writer.payload("x") as payload`.

        size: its bytes; None: known at the end. text: the bytes are a text.
        UsageError: the last payload has not ended.
        """
        for key, value in (meta or {}).items():
            self._do(quick.writer_add_pair, c_text(key), c_text(value))
        if _content.format is not None or _content.tensor_type is not None:
            handle = self._used()
            with handle.lock:
                _content.set("writer", handle.pointer)
        file_name = None if name is None else c_text(name)
        options = options_text(text=text)
        wanted = -1 if size is None else size
        self._wait(
            lambda pointer: int(waiting.writer_begin(pointer, file_name, wanted, options))
        )
        return OutgoingPayload(self)

    def _sent(self) -> SentPayload:
        handle = self._used()
        with handle.lock:
            digest: bytes = quick.writer_digest(handle.pointer)
        return SentPayload(
            self._value(_PAYLOAD_BYTES),
            digest.decode(),
            bool(self._value(_DIGEST_OVER_BYTES)),
            bool(self._value(_SOURCE_CHANGED)),
        )

    @property
    def readers_served(self) -> int:
        """Readers that acknowledged everything."""
        return self._value(_READERS_SERVED)

    @property
    def readers_lost(self) -> int:
        """Readers that died, failed or were given up."""
        return self._value(_READERS_LOST)

    def check(self) -> None:
        """Whether it is still worth sending, for a source that is silent. PeerGone: no reader is
        left, or somebody has removed the kept section; InputOutputError, Interrupted."""
        self._do(quick.writer_check)

    def end(self) -> None:
        """Ends the section, and closes the writer.

        "stream": waits until every reader has acknowledged everything; "keep": the section stays.
        PeerGone: fewer readers than wanted got everything; UsageError: a payload has not ended.
        """
        self._wait(lambda pointer: int(waiting.writer_end(pointer)))
        self.close()

    def abort(self, message: Optional[str] = None, code: int = 16) -> None:
        """Gives up and removes the section: readers get PeerGone with this message and code."""
        self._do(quick.writer_abort, code, None if message is None else c_text(message))
        self.close()

    def _give_up(self, message: str, code: int) -> None:
        self.abort(message, code)

    def __reduce__(self) -> Any:
        raise TypeError("a Writer cannot be pickled: a section has one writer")


class OutgoingPayload:
    """A payload that is being sent. A clean exit of its block ends it."""

    __slots__ = ("_writer", "_ended")

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._ended = False

    def write(self, data: Any) -> None:
        """Adds bytes, of any object with a packed buffer. Waits for the slowest reader.

        PeerGone: no reader is left; InputOutputError: a kept section is full; Interrupted.
        """
        if self._ended:
            raise UsageError("the payload has ended")
        with Borrowed(packed(data)) as (address, size):
            self._writer._wait(
                lambda pointer: int(waiting.writer_write(pointer, address, size))
            )

    def write_hole(self, size: int) -> None:
        """Adds zeros that take no memory where they are many."""
        if size < 0:
            raise ValueError("a hole has 0 bytes or more")
        self._writer._wait(lambda pointer: int(waiting.writer_write_hole(pointer, size)))

    def flush(self) -> None:
        """Hands over what was written so far, before this process waits for a slow source."""
        self._writer._wait(lambda pointer: int(waiting.writer_flush(pointer)))

    def end(self, source_changed: bool = False) -> None:
        """Ends the payload. UsageError: it has another size than was said."""
        self._writer._wait(
            lambda pointer: int(waiting.writer_end_payload(pointer, int(source_changed)))
        )
        self._ended = True

    def __enter__(self) -> "OutgoingPayload":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is None and not self._ended:
            self.end()
