# SPDX-License-Identifier: Apache-2.0
"""Waits that end for Ctrl-C and other signals within 100 ms.

Python runs signal handlers in the main thread, between its own instructions. So the main thread
never stays in the C library for long: where a call has a time limit, it is called in slices;
where it has none, another thread makes the call and the main thread waits for that.
"""

from __future__ import annotations

import threading
import time
from typing import Callable, List, Optional, TypeVar

from ._errors import BUSY, NOT_FOUND, NOT_READY, PEER_GONE, STILL_FILLING, TIMED_OUT
from ._errors import MapferryError
from ._handles import Handle, Stop
from ._text import milliseconds

SLICE_MS = 50

# Failures to open what another process may still make.
_MAY_COME = (NOT_FOUND, NOT_READY, BUSY, STILL_FILLING, TIMED_OUT, PEER_GONE)

T = TypeVar("T")


class Deadline:
    """The end of a wait of `timeout` seconds; None: there is no end."""

    __slots__ = ("_end",)

    def __init__(self, timeout: Optional[float]) -> None:
        wait_ms = milliseconds(timeout)
        self._end = None if wait_ms < 0 else time.monotonic() + wait_ms / 1000

    def slice_ms(self) -> int:
        """How long the next slice may wait."""
        if self._end is None:
            return SLICE_MS
        left_ms = (self._end - time.monotonic()) * 1000
        return max(0, min(SLICE_MS, int(left_ms + 0.999)))

    def has_passed(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end

    def nap(self, seconds: float) -> None:
        """Sleeps for a moment, but not past the end."""
        if self._end is not None:
            seconds = min(seconds, max(0.0, self._end - time.monotonic()))
        time.sleep(seconds)


def seconds_text(timeout: Optional[float]) -> str:
    """"5 s", "20 ms"."""
    if timeout is None:
        return "any time"
    return f"{timeout:g} s" if timeout >= 1 else f"{timeout * 1000:g} ms"


def _wait_for(done: threading.Event) -> None:
    # In slices: on Windows a wait without end does not end for Ctrl-C.
    while not done.wait(SLICE_MS / 1000):
        pass


def _wait_whatever_comes(done: threading.Event) -> None:
    while not done.is_set():
        try:
            done.wait(SLICE_MS / 1000)
        except BaseException:  # noqa: B036 - the first exception is on its way already
            pass


def interruptible(call: Callable[[], T], stop: Stop) -> T:
    """Returns `call()`, a wait without a limit. An exception of a signal handler raises `stop`,
    waits until the call has ended, and goes on."""
    if threading.current_thread() is not threading.main_thread():
        return call()
    results: List[T] = []
    failures: List[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(call())
        except BaseException as failure:
            failures.append(failure)
        finally:
            done.set()

    helper = threading.Thread(target=run, name="mapferry wait")
    helper.start()
    try:
        _wait_for(done)
    except BaseException:
        stop.raise_()
        _wait_whatever_comes(done)
        stop.lower()
        raise
    finally:
        helper.join()
    if failures:
        try:
            raise failures.pop()
        finally:
            del helper, run  # no cycle with the traceback, which would keep handles alive
    return results[0]


def opened_in_time(
    open_in: Callable[[Optional[float]], Handle], timeout: Optional[float], stop: Stop
) -> Handle:
    """`open_in(seconds)`, first without waiting: no thread is needed for what is there."""
    milliseconds(timeout)
    try:
        return open_in(0)
    except MapferryError as error:
        if timeout == 0 or error.code not in _MAY_COME:
            raise
    return interruptible(lambda: open_in(timeout), stop)
