# SPDX-License-Identifier: Apache-2.0
"""The shared library: where it is, and its functions in two forms.

`quick.NAME(...)` keeps the interpreter's lock (the GIL), for calls that do not wait. With another
busy thread a call that drops it gets it back only after the switch interval of 5 ms.
`waiting.NAME(...)` drops it, for calls that wait or that work for long.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any, List

from ._prototypes import PREFIX, PROTOTYPES

# The version of the header that the table of functions was made for.
HEADER_VERSION = 100

_TYPES: Any = {
    "v": None,
    "i": ctypes.c_int32,
    "q": ctypes.c_int64,
    "u": ctypes.c_uint32,
    "Q": ctypes.c_uint64,
    "z": ctypes.c_size_t,
    "s": ctypes.c_char_p,
    "p": ctypes.c_void_p,
}


def library_path() -> str:
    """Where the library is looked for: $MAPFERRY_LIBRARY, in this package, then as the system does.

    $MAPFERRY_LIBRARY is the path of a file, for those who build the library themselves.
    """
    chosen = os.environ.get("MAPFERRY_LIBRARY")
    if chosen:
        return chosen
    name = "mapferry.dll" if sys.platform == "win32" else "libmapferry.so.0"
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    return beside if os.path.exists(beside) else name


def _loaders() -> List[Any]:
    if sys.platform != "win32":
        return [ctypes.PyDLL, ctypes.CDLL]

    # The functions of 32-bit Windows are stdcall. ctypes has no loader that calls them with the
    # interpreter's lock held.
    class PyWinDLL(ctypes.PyDLL):
        _func_flags_ = 0x0 | 0x4  # FUNCFLAG_STDCALL, FUNCFLAG_PYTHONAPI

    return [PyWinDLL, ctypes.WinDLL]


class Functions:
    """The functions of the library, without `mapferry_`, called through one loader."""

    def __init__(self, library: Any, path: str) -> None:
        for name, letters in PROTOTYPES.items():
            result, arguments = letters.split(" ")
            try:
                function = getattr(library, PREFIX + name)
            except AttributeError:
                raise ImportError(
                    f"{path} is no mapferry library of this version: it has no {PREFIX}{name}"
                ) from None
            function.restype = _TYPES[result]
            function.argtypes = [_TYPES[letter] for letter in arguments]
            setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)  # says to type checkers that every name is a function


def _load() -> List[Functions]:
    path = library_path()
    try:
        return [Functions(loader(path), path) for loader in _loaders()]
    except OSError as error:
        raise ImportError(
            f"cannot load mapferry's shared library: {error}. "
            "Install it, or set MAPFERRY_LIBRARY to its path"
        ) from error


quick, waiting = _load()

_version = quick.version()
if _version < HEADER_VERSION:
    raise ImportError(f"{library_path()} is older than this package: {_version}")

version: str = quick.version_text().decode()
