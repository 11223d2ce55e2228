# SPDX-License-Identifier: Apache-2.0
"""Handles of the C library, which Python's reference counts keep alive.

The C object of a closed one stays open while an array or a memoryview shows its memory, and is
closed with the last of them. No call and no array can ever use memory that is gone.
"""

from __future__ import annotations

import ctypes
import os
import threading
import weakref
from typing import Any, Callable, List, Optional

from ._errors import check
from ._library import quick

_handles: "weakref.WeakSet[Handle]" = weakref.WeakSet()


def _disown() -> None:
    """In a child made by fork(), the handles are those of the parent."""
    for handle in list(_handles):
        handle.foreign = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disown)


class Stop:
    """What ends the waits of one object."""

    __slots__ = ("pointer", "_free")

    def __init__(self) -> None:
        self._free = quick.stop_free
        self.pointer: Optional[int] = None
        out = ctypes.c_void_p()
        check(quick.stop_new(ctypes.byref(out)))
        self.pointer = out.value

    def __del__(self) -> None:
        self._free(self.pointer)

    def raise_(self) -> None:
        quick.stop_raise(self.pointer)

    def lower(self) -> None:
        quick.stop_lower(self.pointer)


class Handle:
    """One object of the C library. `lock` is held during each call with it: a thread at a time.

    After close() the pointer is None, which every function of the C library refuses.
    """

    __slots__ = ("pointer", "stop", "lock", "foreign", "_close", "_shown", "__weakref__")

    def __init__(self, pointer: Optional[int], close: Callable[[Any], None], stop: Stop) -> None:
        self._close = close
        self._shown: List[weakref.ref[Any]] = []
        self.pointer = pointer
        self.stop = stop
        self.lock: Any = threading.RLock()
        #: Whether it belongs to the parent process of this one.
        self.foreign = False
        _handles.add(self)

    def shows(self, memory: Any) -> None:
        """Remembers an object with memory of this handle, which holds a reference to the handle."""
        self._shown = [ref for ref in self._shown if ref() is not None]
        self._shown.append(weakref.ref(memory))

    def close(self) -> None:
        """Closes the C object, or leaves that to the last reference where its memory is in use.

        A handler of a signal may call this within another call of this thread: then the last
        reference closes it, too.
        """
        if self.foreign:
            self._close_now()  # no thread of this process holds the lock
        elif not self.lock._is_owned():
            with self.lock:
                if all(ref() is None for ref in self._shown):
                    self._close_now()

    def _close_now(self) -> None:
        pointer, self.pointer = self.pointer, None
        if pointer is not None:
            # In a child by fork() the C library takes nothing from the parent.
            self._close(pointer)

    def __del__(self) -> None:
        self._close_now()


def opened(
    call: Callable[[Any, Any], Any], close: Callable[[Any], None], stop: Stop
) -> Handle:
    """Calls `call(stop, out)`, which hands out an object of the C library."""
    out = ctypes.c_void_p()
    check(call(stop.pointer, ctypes.byref(out)))
    return Handle(out.value, close, stop)
