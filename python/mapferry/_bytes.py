# SPDX-License-Identifier: Apache-2.0
"""Bytes that the library hands out, as objects of Python."""

from __future__ import annotations

import ctypes
import json
from typing import Any, Callable, Dict, List

from ._errors import check
from ._library import quick


def taken_bytes(call: Callable[[Any], Any]) -> bytes:
    """The bytes that `call(out)` hands out. Raises for codes above 0; b"" for those below."""
    out = ctypes.c_void_p()
    check(call(ctypes.byref(out)))
    try:
        return ctypes.string_at(quick.bytes_data(out), quick.bytes_size(out))
    finally:
        quick.bytes_free(out)


def taken_text(call: Callable[[Any], Any]) -> str:
    return taken_bytes(call).decode("utf-8", "backslashreplace")


def taken_objects(call: Callable[[Any], Any]) -> List[Dict[str, Any]]:
    """One object of JSON a line."""
    return [json.loads(line) for line in taken_text(call).splitlines() if line]
