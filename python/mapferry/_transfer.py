# SPDX-License-Identifier: Apache-2.0
"""One payload in one call: send(), keep(), receive()."""

from __future__ import annotations

import os
from typing import Any, Optional

from ._bytes import taken_bytes
from ._errors import END, StreamEnded, check
from ._handles import Stop
from ._library import waiting
from ._memory import Borrowed, packed
from ._text import Path, Section, c_path, c_section, c_text, milliseconds, options_text
from ._waiting import interruptible


def send(
    section: Section,
    data: Any,
    *,
    name: Optional[str] = None,
    text: bool = False,
    readers: Optional[int] = None,
    timeout: Optional[float] = 30.0,
    stall_timeout: Optional[float] = None,
    sharing: Optional[str] = None,
    label: Optional[str] = None,
) -> None:
    """Sends bytes or a file as the only payload of a new section, and waits until it is stored.

    data: any object with a packed buffer (bytes, an array), or a path object
    (pathlib.Path("x.jpg")), which sends the file with its name, time and permission bits. With
    text=True also a str.
    name: a file name without a folder, for the readers.
    readers: how many readers must get it; None: 1.
    timeout: seconds to wait for them.
    stall_timeout: seconds; a reader that makes no progress for so long is given up.
    sharing: "group:NAME": who else may open the section.
    label: of a section in a file.

    CannotCreate: a living writer, a kept payload or a buffer has the name; TimedOut: no reader
    came; PeerGone: fewer readers than wanted got it; NotFound, NotPermitted: the file; Corrupt:
    the file changed meanwhile; InputOutputError: not enough space.
    """
    options = options_text(
        readers_wanted=readers,
        timeout_ms=milliseconds(timeout),
        stall_timeout_ms=None if stall_timeout is None else milliseconds(stall_timeout),
        sharing=sharing,
        label=label,
    )
    _send(section, data, name, text, options)


def keep(
    section: Section,
    data: Any,
    *,
    name: Optional[str] = None,
    text: bool = False,
    linger: Optional[float] = 0.0,
    sharing: Optional[str] = None,
    label: Optional[str] = None,
) -> None:
    """Leaves bytes or a file in a new section for later readers, and returns at once.

    The payload stays until receive(consume=True) or rm(). Windows, in memory: it ends with this
    call, which therefore stays `linger` seconds, or until somebody has consumed the payload.
    All else, and errors, as of send().
    """
    options = options_text(
        delivery="keep",
        linger_timeout_ms=milliseconds(linger) or None,
        sharing=sharing,
        label=label,
    )
    _send(section, data, name, text, options)


def _send(section: Section, data: Any, name: Optional[str], text: bool, options: bytes) -> None:
    place = c_section(section)
    stop = Stop()
    if isinstance(data, str) and not text:
        raise TypeError("a str is sent with text=True, and a file as pathlib.Path(...)")
    if isinstance(data, os.PathLike):
        path = c_path(data)
        if name is not None:
            options += b" " + options_text(name=name)
        if text:
            raise ValueError("text is of bytes and str, not of files")
        interruptible(lambda: check(waiting.send_file(place, options, stop.pointer, path)), stop)
        return
    source = data.encode() if isinstance(data, str) else packed(data)
    file_name = None if name is None else c_text(name)
    if text:
        options += b" text=yes"
    with Borrowed(source) as (address, size):
        interruptible(
            lambda: check(
                waiting.send_bytes(place, options, stop.pointer, file_name, address, size)
            ),
            stop,
        )


def receive(
    section: Section,
    path: Optional[Path] = None,
    *,
    timeout: Optional[float] = 30.0,
    limit: int = 1 << 30,
    consume: bool = False,
    overwrite: Optional[str] = None,
    stall_timeout: Optional[float] = None,
    sharing: Optional[str] = None,
) -> Optional[bytes]:
    """Receives the next payload of a section, every byte verified, and acknowledges it.

    path: where to write it as a file, which appears whole or not at all; None: returns the bytes.
    timeout: seconds to wait for the section. limit: bytes; InputOutputError for a larger payload
    (not for files). consume: removes a kept section, which must have only this payload.
    overwrite: of an existing file: "refuse", "replace" or "in_place"; None: refuse.
    stall_timeout: seconds; a writer that publishes nothing for so long is given up.
    sharing: "group:NAME" or "user:NAME": whom this process trusts beside its own user.

    StreamEnded: the writer ended without a payload; TimedOut, NotFound, PeerGone, Corrupt,
    NotPermitted; CannotCreate: the file exists, or its folder does not; UsageError.
    """
    options = options_text(
        timeout_ms=milliseconds(timeout),
        stall_timeout_ms=None if stall_timeout is None else milliseconds(stall_timeout),
        consume=consume,
        sharing=sharing,
        overwrite=overwrite,
    )
    place = c_section(section)
    stop = Stop()
    if path is not None:
        file = c_path(path)
        interruptible(
            lambda: _taken(waiting.receive_file(place, options, stop.pointer, file)), stop
        )
        return None
    if limit < 0:
        raise ValueError("limit is a number of bytes")
    return interruptible(
        lambda: taken_bytes(
            lambda out: _taken(
                waiting.receive_bytes(place, options, stop.pointer, limit, out)
            )
        ),
        stop,
    )


def _taken(code: int) -> int:
    if code == END:
        raise StreamEnded("the writer ended without a payload")
    check(code)
    return code
