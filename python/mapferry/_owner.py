# SPDX-License-Identifier: Apache-2.0
"""What the objects with a handle have in common: their life, and their facts by key."""

from __future__ import annotations

import ctypes
from typing import Any, Optional, TypeVar

from ._errors import UsageError, check
from ._facts import SectionFacts, section_facts
from ._handles import Handle
from ._leaving import reason_of

_Self = TypeVar("_Self", bound="Owner")


class Owner:
    """A Python object with a handle until it is closed."""

    # For messages: "the frame reader is closed".
    _kind = "object"
    # The function of the library that gives a fact by its key.
    _fact: Any = None
    _handle: Optional[Handle] = None

    def _used(self) -> Handle:
        """The handle. UsageError: the object is closed, or belongs to the parent process."""
        handle = self._handle
        if handle is None:
            raise UsageError(f"the {self._kind} is closed")
        if handle.foreign:
            raise UsageError(
                f"the {self._kind} belongs to the parent process",
                hint="open it again after the fork",
            )
        return handle

    # Calls that do not wait.

    def _do(self, function: Any, *arguments: Any) -> None:
        handle = self._used()
        with handle.lock:
            check(function(handle.pointer, *arguments))

    def _value(self, key: int) -> int:
        handle = self._used()
        with handle.lock:
            return int(self._fact(handle.pointer, key))

    # Life.

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._handle is None

    def interrupt(self) -> None:
        """Ends the waits of this object within 100 ms with Interrupted, and all later ones.

        Any thread may call it, a signal handler too.
        """
        handle = self._handle
        if handle is not None and not handle.foreign:
            handle.stop.raise_()

    def close(self) -> None:
        """Closes it, and ends its waits in other threads. A second close() does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.stop.raise_()
            self._leave(handle)
            handle.close()

    def _leave(self, handle: Handle) -> None:
        """What close() does before it closes the handle."""

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.close()

    def __getstate__(self) -> Any:
        raise TypeError(f"a {self._kind} cannot be pickled")


class Streaming(Owner):
    """An owner whose section carries frames or payloads."""

    def _notification(self, function: Any) -> int:
        out = ctypes.c_int64()
        self._do(function, ctypes.byref(out))
        return out.value

    @property
    def section_facts(self) -> SectionFacts:
        """Delivery, limits and sizes of the section. A reader of frames may follow a writer into
        another one."""
        return section_facts(self._value)


class Ender(Streaming):
    """One whose block ends in order, or is given up when an exception leaves it."""

    def end(self) -> None:
        raise NotImplementedError

    def _give_up(self, message: str, code: int) -> None:
        raise NotImplementedError

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if self._handle is None or self._handle.foreign:
                return
            if error is None:
                self.end()
            else:
                self._give_up(*reason_of(error))
        finally:
            self.close()
