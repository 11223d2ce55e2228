# SPDX-License-Identifier: Apache-2.0
"""What an exception that leaves a `with` block says to the other side."""

from __future__ import annotations

from typing import Tuple

from ._errors import INTERRUPTED, SYSTEM, MapferryError


def reason_of(error: BaseException) -> Tuple[str, int]:
    """A message and a code for abort()."""
    if isinstance(error, MapferryError):
        return error.message, error.code if error.code > 0 else SYSTEM
    text = str(error).replace("\0", " ")
    message = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return message, INTERRUPTED if isinstance(error, KeyboardInterrupt) else SYSTEM
