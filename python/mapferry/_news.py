# SPDX-License-Identifier: Apache-2.0
"""Waiting for the notification handles of readers: in asyncio, and for several readers."""

from __future__ import annotations

import asyncio
import ctypes
from typing import Any, Optional, Sequence

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


async def wait_for_news(handle: int) -> None:
    """Returns when the handle is readable. Takes nothing, so it can be cancelled."""
    loop = asyncio.get_running_loop()
    future: "asyncio.Future[None]" = loop.create_future()
    try:
        loop.add_reader(handle, _done, future)
    except NotImplementedError:
        # The event loop of Windows knows no handles: a thread waits for this one.
        while await loop.run_in_executor(None, _look, handle) == TIMED_OUT:
            pass
        return
    try:
        await future
    finally:
        loop.remove_reader(handle)


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
