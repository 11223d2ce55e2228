# SPDX-License-Identifier: Apache-2.0
"""A place in the section that its writer fills without a copy."""

from __future__ import annotations

import ctypes
from typing import Any, List, Optional, Tuple

from ._errors import UsageError, check
from ._handles import Handle
from ._library import quick
from ._memory import Layout, Shown, has_numpy, memory_view, numpy


class _Place:
    """A loan of the C library, until it is published or dropped, and the memory behind it.

    The arrays over the memory have this object as their base, so that a late access finds memory.
    """

    __slots__ = ("pointer", "handle", "_memory", "_drop", "_free", "__weakref__")

    def __init__(self, handle: Handle, pointer: Optional[int]) -> None:
        self._drop = quick.loan_drop
        self._free = quick.memory_free
        self.handle = handle
        self.pointer = pointer
        self._memory: Optional[int] = None
        memory = ctypes.c_void_p()
        check(quick.loan_memory(pointer, ctypes.byref(memory)))
        self._memory = memory.value

    def __del__(self) -> None:
        self.drop()
        self._free(self._memory)

    def drop(self) -> None:
        pointer, self.pointer = self.pointer, None
        if pointer is None:
            return
        if self.handle.foreign:  # no thread of this process holds the lock
            self._drop(pointer)
            return
        with self.handle.lock:  # a loan belongs to its writer's thread
            self._drop(pointer)


class Loan:
    """A frame that is not published yet: FrameWriter.loan() lends it.

    As a context manager it gives its array: a numpy array, a tuple of them for formats with
    planes, or without numpy a memoryview of all bytes. It publishes on a clean exit and drops the
    loan when an exception leaves the block. Do not write to the array afterwards.
    """

    __slots__ = ("_place", "_address", "_nbytes", "_layouts", "_views", "sequence")

    def __init__(
        self,
        handle: Handle,
        pointer: Optional[int],
        address: int,
        nbytes: int,
        layouts: List[Layout],
    ) -> None:
        self._place: Optional[_Place] = _Place(handle, pointer)
        self._address = address
        self._nbytes = nbytes
        self._layouts = layouts
        self._views: List[Any] = []
        #: The frame's number in the section, after publish().
        self.sequence: Optional[int] = None

    def _lent(self) -> _Place:
        if self._place is None:
            raise UsageError("the loan was published or dropped")
        if self._place.handle.foreign:
            raise UsageError("the loan belongs to the parent process")
        return self._place

    @property
    def nbytes(self) -> int:
        """The bytes that it has."""
        return self._nbytes

    @property
    def planes(self) -> Tuple[Any, ...]:
        """Its planes as writable numpy arrays; of packed formats and tensors one. Needs numpy."""
        place = self._lent()
        arrays = tuple(
            numpy().asarray(Shown(place, self._address, layout, False))
            for layout in self._layouts
        )
        self._views.extend(arrays)
        return arrays

    @property
    def array(self) -> Any:
        """Its only plane as a writable numpy array. ValueError: it has several. Needs numpy."""
        arrays = self.planes
        if len(arrays) != 1:
            raise ValueError("this format has planes: use planes")
        return arrays[0]

    def view(self) -> memoryview:
        """All its bytes as a writable memoryview of one dimension."""
        return memory_view(self._lent(), self._address, self._nbytes, False)

    def publish(self) -> int:
        """Makes it the newest frame, at the same cost for any size. Returns its number.

        After an error the loan is still there: publish it again or drop it. UsageError: the
        writer is closed; InputOutputError: no memory; PeerGone: nobody can ever see it.
        """
        place = self._lent()
        sequence = ctypes.c_uint64()
        with place.handle.lock:
            check(quick.loan_publish(place.pointer, ctypes.byref(sequence)))
            place.pointer = None
        self._leave()
        self.sequence = sequence.value
        return sequence.value

    def drop(self) -> None:
        """Gives it back unpublished. A published one stays published."""
        if self._place is not None:
            self._place.drop()
            self._leave()

    def _leave(self) -> None:
        """A late write to the frame is an error of the caller, which numpy reports from now on."""
        for array in self._views:
            array.flags.writeable = False
        self._views.clear()
        self._place = None

    def __enter__(self) -> Any:
        if not has_numpy():
            return self.view()
        arrays = self.planes
        return arrays[0] if len(arrays) == 1 else arrays

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._place is None:
            return
        try:
            if error is None:
                self.publish()
        finally:
            self.drop()

    def __reduce__(self) -> Any:
        raise TypeError("a loan cannot be pickled: it is a place in a section")
