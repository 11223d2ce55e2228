# SPDX-License-Identifier: Apache-2.0
"""File names that came from another process, and the guard of a program."""

from __future__ import annotations

from ._bytes import taken_text
from ._errors import check
from ._library import quick
from ._text import c_text


def check_file_name(name: str) -> None:
    """Whether a file in a folder of the caller's choice may have a name that came with a payload.

    By the rules of this system. CannotCreate: no, and the message says why.
    """
    check(quick.check_file_name(c_text(name)))


def harmless_file_name(name: str) -> str:
    """The same name where it is accepted; otherwise underscores stand for its refused parts."""
    return taken_text(lambda out: quick.harmless_file_name(c_text(name), out))


def install_fault_guard() -> None:
    """For programs, not for libraries. Linux: from now on an access to a section that its owner
    has cut finds zeros, where the system would end the process by SIGBUS. It installs a handler
    for SIGBUS, which passes all other faults on. Call it once, in the main thread."""
    check(quick.install_fault_guard())
