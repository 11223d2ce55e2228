# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, as exceptions. Each derives from the built-in one of its kind."""

from __future__ import annotations

from typing import Any, Dict, Tuple, Type

from ._hints import HINTS
from ._library import quick

# Codes of the C interface.
OK = 0
END = -1
NOTHING = -2
USAGE = 1
NOT_FOUND = 2
NOT_READY = 3
BUSY = 4
STILL_FILLING = 5
TIMED_OUT = 6
INTERRUPTED = 7
PEER_GONE = 8
EVICTED = 9
CORRUPT = 10
FORMAT_VERSION = 11
PERMISSION = 12
CANNOT_CREATE = 13
IO = 14
OUT_OF_MEMORY = 15
SYSTEM = 16


class MapferryError(OSError):
    """Any failure of mapferry.

    code: the number of the C interface (c_base.h), which never changes.
    code_name: its short name, "timed-out".
    hint: the way out, in words; "" if there is none.
    os_error: errno, on Windows the number of GetLastError(); 0 if the system was not involved.
    """

    code: int = SYSTEM

    def __init__(self, message: str, code: int = 0, hint: str = "", os_error: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.hint = hint
        self.os_error = os_error

    @property
    def code_name(self) -> str:
        """The code's short name, "timed-out"."""
        name: bytes = quick.code_name(self.code)
        return name.decode()

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.message, self.code, self.hint, self.os_error)


class UsageError(MapferryError, ValueError):
    """An argument makes no sense, or the object is closed."""

    code = USAGE


class NotFound(MapferryError, FileNotFoundError):
    """No such section or file."""

    code = NOT_FOUND


class NotReady(MapferryError, BlockingIOError):
    """The object of this name is no section, or not finished: try again later."""

    code = NOT_READY


class Busy(MapferryError, BlockingIOError):
    """What the call needs is in use: the section, or every slot of it."""

    code = BUSY


class StillFilling(MapferryError, BlockingIOError):
    """The section's writer is still filling it: try again later."""

    code = STILL_FILLING


class TimedOut(MapferryError, TimeoutError):
    """Nothing happened in time."""

    code = TIMED_OUT


class Interrupted(MapferryError, InterruptedError):
    """The wait was ended by interrupt(), or by closing the object in another thread."""

    code = INTERRUPTED


class PeerGone(MapferryError, ConnectionResetError):
    """The process on the other side died, gave up or aborted."""

    code = PEER_GONE


class Evicted(MapferryError, ConnectionAbortedError):
    """The writer gave this reader up, as it made no progress."""

    code = EVICTED


class Corrupt(MapferryError, ValueError):
    """A checksum or a field is wrong."""

    code = CORRUPT


class FormatVersion(MapferryError, ValueError):
    """The section has another format version than this library."""

    code = FORMAT_VERSION


class NotPermitted(MapferryError, PermissionError):
    """Not allowed, or owned by somebody else."""

    code = PERMISSION


class CannotCreate(MapferryError, FileExistsError):
    """The name is taken, or the output exists."""

    code = CANNOT_CREATE


class InputOutputError(MapferryError):
    """Reading, writing or reserving space failed."""

    code = IO


class OutOfMemory(MapferryError, MemoryError):
    """No memory, or no room in this process's address space."""

    code = OUT_OF_MEMORY


class SystemRefused(MapferryError):
    """The system refused for another reason."""

    code = SYSTEM


class StreamEnded(MapferryError, EOFError):
    """The writer has ended its stream: there is nothing more to take."""

    code = END


_CLASSES: Dict[int, Type[MapferryError]] = {
    kind.code: kind
    for kind in (
        UsageError,
        NotFound,
        NotReady,
        Busy,
        StillFilling,
        TimedOut,
        Interrupted,
        PeerGone,
        Evicted,
        Corrupt,
        FormatVersion,
        NotPermitted,
        CannotCreate,
        InputOutputError,
        OutOfMemory,
        SystemRefused,
        StreamEnded,
    )
}


def _text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")


def last_error(code: int) -> MapferryError:
    """The exception for a call of this thread that has just returned `code`, above 0."""
    kind = _CLASSES.get(code, SystemRefused)
    remedy: bytes = quick.remedy_name(quick.error_remedy())
    hint = HINTS.get(remedy.decode()) or _text(quick.error_hint())
    return kind(_text(quick.error_message()), code, hint, quick.error_os())


def check(code: int) -> None:
    """Raises the exception for a code above 0."""
    if code > 0:
        raise last_error(code)
