# SPDX-License-Identifier: Apache-2.0
"""Waiting for the notification handles of readers: in asyncio, and for several readers."""

from __future__ import annotations

import asyncio
import ctypes
import threading
from typing import Any, Optional, Sequence, Set

from ._errors import TIMED_OUT, TimedOut, check
from ._library import quick, waiting
from ._waiting import SLICE_MS, Deadline, seconds_text


def _done(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _look(handle: int) -> int:
    handles = (ctypes.c_int64 * 1)(handle)
    index = ctypes.c_int32()
    code: int = waiting.wait_any(handles, 1, SLICE_MS, ctypes.byref(index))
    return code


class _LoopWait:
    """One task that waits for a handle in its event loop."""

    __slots__ = ("_loop", "_handle", "_future", "_left")

    def __init__(self, loop: asyncio.AbstractEventLoop, handle: int) -> None:
        self._loop = loop
        self._handle = handle
        self._future: "asyncio.Future[None]" = loop.create_future()
        self._left = threading.Event()

    async def run(self) -> None:
        self._loop.add_reader(self._handle, _done, self._future)
        try:
            await self._future
        finally:
            self._leave()

    def _leave(self) -> None:
        if not self._left.is_set():
            self._loop.remove_reader(self._handle)
            self._left.set()

    def _end(self) -> None:
        self._leave()
        _done(self._future)

    def end(self) -> None:
        """Takes the handle out of the loop, before it is closed, and wakes the task."""
        try:
            running: Any = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is self._loop:
            self._end()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)
            self._left.wait(1)


class LoopWaits:
    """The tasks that wait for one reader."""

    def __init__(self) -> None:
        self._waits: Set[_LoopWait] = set()

    async def wait(self, handle: int) -> None:
        """Returns when the handle is readable. Takes nothing, so it can be cancelled."""
        loop = asyncio.get_running_loop()
        wait = _LoopWait(loop, handle)
        self._waits.add(wait)
        try:
            await wait.run()
        except NotImplementedError:
            # The event loop of Windows knows no handles: a thread waits for this one.
            while await loop.run_in_executor(None, _look, handle) == TIMED_OUT:
                pass
        finally:
            self._waits.discard(wait)

    def end(self) -> None:
        """Wakes the tasks, as the reader is closed."""
        for wait in list(self._waits):
            wait.end()


def wait_any(readers: Sequence[Any], timeout: Optional[float] = None) -> Any:
    """Waits until one of these readers has something to take, and returns it: the first such one.

    readers: FrameReader and Reader objects, in any mixture; on Windows at most 64.
    timeout: seconds; None: as long as it takes. TimedOut: none has.
    """
    handles = (ctypes.c_int64 * len(readers))(*(reader.fileno() for reader in readers))
    index = ctypes.c_int32()
    code = quick.wait_any(handles, len(readers), 0, ctypes.byref(index))
    deadline = Deadline(timeout)
    while code == TIMED_OUT and not deadline.has_passed():
        code = waiting.wait_any(handles, len(readers), deadline.slice_ms(), ctypes.byref(index))
    if code == TIMED_OUT:
        raise TimedOut(f"no reader had anything to take within {seconds_text(timeout)}")
    check(code)
    return readers[index.value]
