# SPDX-License-Identifier: Apache-2.0
"""mapferry: "cp" for shared memory. Frames, arrays, files and buffers between processes.

    import mapferry

    with mapferry.FrameReader("camera", timeout=5.0) as reader:
        for frame in reader:
            print(frame.sequence, frame.array.mean())  # in place: read-only, and not copied

    with mapferry.FrameWriter("camera") as writer:
        writer.publish(image)                          # any array; copied once
        with writer.loan((1080, 1920, 3), "BGR24") as target:
            target[:] = 0                              # in place

    with mapferry.Buffer("state", size=1024) as buffer, buffer.lock(5.0):
        buffer[16:21] = b"hello"

    mapferry.send("name", b"bytes")
    data = mapferry.receive("name")

Times are seconds. Every failure is a MapferryError, and a built-in exception of its kind:
TimedOut is a TimeoutError, NotFound a FileNotFoundError. Waits end for Ctrl-C within 100 ms, and
other threads run meanwhile. Arrays need numpy; everything else works without it.
"""

from ._buffer import Buffer, BufferLock
from ._errors import (
    Busy,
    CannotCreate,
    Corrupt,
    Evicted,
    FormatVersion,
    InputOutputError,
    Interrupted,
    MapferryError,
    NotFound,
    NotPermitted,
    NotReady,
    OutOfMemory,
    PeerGone,
    StillFilling,
    StreamEnded,
    SystemRefused,
    TimedOut,
    UsageError,
)
from ._facts import Color, SectionFacts, StreamFacts
from ._formats import format_name
from ._frame import Frame
from ._frame_reader import FrameReader
from ._frame_writer import FrameWriter
from ._library import version
from ._loan import Loan
from ._names import check_file_name, harmless_file_name, install_fault_guard
from ._news import wait_any
from ._payload_reader import IncomingPayload, Reader
from ._payload_writer import OutgoingPayload, SentPayload, Writer
from ._pictures import load_picture
from ._sections import gc, info, ls, rm, verify
from ._transfer import keep, receive, send

__version__ = version

__all__ = [
    "Buffer",
    "BufferLock",
    "Busy",
    "CannotCreate",
    "Color",
    "Corrupt",
    "Evicted",
    "FormatVersion",
    "Frame",
    "FrameReader",
    "FrameWriter",
    "IncomingPayload",
    "InputOutputError",
    "Interrupted",
    "Loan",
    "MapferryError",
    "NotFound",
    "NotPermitted",
    "NotReady",
    "OutOfMemory",
    "OutgoingPayload",
    "PeerGone",
    "Reader",
    "SectionFacts",
    "SentPayload",
    "StillFilling",
    "StreamEnded",
    "StreamFacts",
    "SystemRefused",
    "TimedOut",
    "UsageError",
    "Writer",
    "check_file_name",
    "format_name",
    "gc",
    "harmless_file_name",
    "info",
    "install_fault_guard",
    "keep",
    "load_picture",
    "ls",
    "receive",
    "rm",
    "send",
    "verify",
    "version",
    "wait_any",
]
