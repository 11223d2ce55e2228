# SPDX-License-Identifier: Apache-2.0
"""Texts for the C interface: section names, paths, options, limits of time."""

from __future__ import annotations

import math
import os
import re
import sys
from typing import Optional, Union

Path = Union[str, "os.PathLike[str]"]
Section = Union[str, "os.PathLike[str]"]

_PLAIN = re.compile(r"[A-Za-z0-9_.,:/+-]+")
# The longest time of the C interface, 24 days. What is longer is for ever.
_LONGEST_MS = 0x7FFFFFFF


def c_text(text: str) -> bytes:
    """The text as UTF-8. ValueError: it has a NUL, at which C would cut it."""
    if not isinstance(text, str):
        raise TypeError(f"a text is needed, not {type(text).__name__}")
    if "\0" in text:
        raise ValueError("a text must not have a NUL character")
    return text.encode("utf-8", "surrogateescape")


def c_path(path: Path) -> bytes:
    """A path as the C interface takes it: the bytes as they are, on Windows UTF-8."""
    text = os.fspath(path)
    if not isinstance(text, str):
        raise TypeError("a path is a str or an os.PathLike of one")
    if "\0" in text:
        raise ValueError("a path must not have a NUL character")
    return text.encode("utf-8") if sys.platform == "win32" else os.fsencode(text)


def c_section(section: Section) -> bytes:
    """A section: "NAME", "file:PATH", "global:NAME", or a path object of its file."""
    if isinstance(section, str):
        return c_path(section)
    return b"file:" + c_path(section)


def milliseconds(timeout: Optional[float]) -> int:
    """A time in seconds as whole ms, rounded up; -1 for None, which waits as long as it takes."""
    if timeout is None:
        return -1
    if math.isnan(timeout) or timeout < 0:
        raise ValueError(f"a timeout is 0 or more seconds, or None: not {timeout}")
    if timeout * 1000 >= _LONGEST_MS:
        return -1
    return math.ceil(timeout * 1000)


def _value_text(value: Union[str, int, bool]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if _PLAIN.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def options_text(**options: Union[None, str, int, bool]) -> bytes:
    """"key=value key=value"; options that are None are left out."""
    words = (f"{k}={_value_text(v)}" for k, v in options.items() if v is not None)
    return c_text(" ".join(words))
