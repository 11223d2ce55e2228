# SPDX-License-Identifier: Apache-2.0
"""One frame, in place in the section."""

from __future__ import annotations

import ctypes
import json
from typing import Any, Callable, Dict, Optional, Tuple, Union

from ._errors import UsageError, check
from ._facts import (
    BOTTOM_UP,
    CLOCKS,
    IMAGE_FOURCC,
    IMAGE_HEIGHT,
    IMAGE_MATRIX,
    IMAGE_ORIENTATION,
    IMAGE_PLANE_COUNT,
    IMAGE_PRIMARIES,
    IMAGE_RANGE,
    IMAGE_ROW_STRIDE,
    IMAGE_TRANSFER,
    IMAGE_WIDTH,
    KEY_COUNT,
    RANGES,
    TENSOR_BITS,
    TENSOR_DIMENSIONS,
    TENSOR_LANES,
    TENSOR_SHAPE,
    TENSOR_TYPE,
    U64,
    Color,
    planes_of,
    word,
)
from ._formats import format_of_fourcc, image_layout, plane_layout, tensor_layout
from ._library import quick, waiting
from ._memory import Layout, Shown, array_interface, has_numpy, memory_view, numpy
from ._pictures import converted, save_options
from ._text import Path, c_path, c_text

_BYTES = 0
_ADDRESS = 1
_SEQUENCE = 2
_MISSED = 3
_EPOCH = 4
_RESTARTED = 5
_HAS_CHECKSUM = 6
_PUBLISHED = 7
_LATENCY = 8
_CAPTURED = 9
_CLOCK = 10
_HAS_SOURCE_NUMBER = 11
_SOURCE_NUMBER = 12
_METADATA_BYTES = 13
_METADATA_ADDRESS = 14

_Values = ctypes.c_int64 * KEY_COUNT
_frame_values = quick.frame_values

# The layouts of the last kinds of frames, by all facts of their image and array. A stream has few
# kinds, and after a wait, with cold caches, each line of code that is not run saves time.
_layouts: Dict[bytes, Layout] = {}
_OF_KIND = slice(IMAGE_WIDTH * 8, None)


class Lease(ctypes.c_void_p):
    """A frame's place in the section, which the writer leaves alone while this object lives.

    The call that takes a frame stores the pointer in it, so that nothing can come between.
    """

    # As an argument: at the end of the interpreter, names of modules may be gone.
    def __del__(self, release: Callable[[Any], None] = quick.frame_release) -> None:
        if self:
            release(self)


class Frame:
    """An image, an array or other bytes, in place in the section: read-only, and not copied.

    The writer does not touch the bytes while the frame, an array of it or a memoryview of it
    lives. So release() can never make an array invalid: it only gives up the frame's own share.
    A reader has at most four frames at once. A frame may outlive its reader, and may be used by
    any thread. It cannot be pickled; its copy() can.
    """

    __slots__ = ("_lease", "_values", "_pinned", "__weakref__")

    def __init__(self, lease: Lease) -> None:
        self._lease: Optional[Lease] = lease
        self._values: Any = _Values()
        _frame_values(lease, self._values, KEY_COUNT)

    # Facts. They stay after release().

    @property
    def nbytes(self) -> int:
        """The bytes of the frame."""
        return int(self._values[_BYTES])

    @property
    def sequence(self) -> int:
        """Its number in the section: 0, 1, 2, ..."""
        return int(self._values[_SEQUENCE])

    @property
    def missed(self) -> int:
        """Frames before it that the reader never saw, and those that the source lost."""
        return int(self._values[_MISSED])

    @property
    def epoch(self) -> int:
        """The random number of its section. Another writer's section has another one."""
        return int(self._values[_EPOCH]) & U64

    @property
    def writer_restarted(self) -> bool:
        """Whether it is the first frame of another writer, or of another section."""
        return bool(self._values[_RESTARTED])

    @property
    def has_checksum(self) -> bool:
        """Whether verify() can say something."""
        return bool(self._values[_HAS_CHECKSUM])

    @property
    def published_ns(self) -> Optional[int]:
        """When it was published, in ns since 1970 UTC by the writer's clock. None: not known."""
        return self._values[_PUBLISHED] or None

    @property
    def latency(self) -> Optional[float]:
        """Seconds from its capture, or else its publication, until the reader took it.

        None: not known, as for the first frame that a reader takes.
        """
        ns = self._values[_LATENCY]
        return ns / 1e9 if ns >= 0 else None

    @property
    def captured_ns(self) -> Optional[int]:
        """When its source took it, in ns of capture_clock. None: not known."""
        return self._values[_CAPTURED] or None

    @property
    def capture_clock(self) -> str:
        """"realtime" (UTC since 1970), "monotonic" (since this machine started), "tai" or
        "unknown" (ticks of the source)."""
        return word(CLOCKS, self._values[_CLOCK])

    @property
    def source_number(self) -> Optional[int]:
        """The source's own number of it. None: it has none."""
        if not self._values[_HAS_SOURCE_NUMBER]:
            return None
        return int(self._values[_SOURCE_NUMBER]) & U64

    @property
    def width(self) -> int:
        """Pixels; 0: it is no image."""
        return int(self._values[IMAGE_WIDTH])

    @property
    def height(self) -> int:
        """Pixels; 0: it is no image."""
        return int(self._values[IMAGE_HEIGHT])

    @property
    def format(self) -> str:
        """The pixel format: "BGR24", "NV12", "PNG"; "" for what is no image."""
        fourcc = self._values[IMAGE_FOURCC]
        return format_of_fourcc(fourcc) if fourcc else ""

    @property
    def row_stride(self) -> int:
        """Bytes from one row to the next of the first plane; 0: no image, or an encoded one."""
        return int(self._values[IMAGE_ROW_STRIDE])

    @property
    def color(self) -> Color:
        """How the numbers become colours."""
        v = self._values
        return Color(
            v[IMAGE_PRIMARIES], v[IMAGE_TRANSFER], v[IMAGE_MATRIX], word(RANGES, v[IMAGE_RANGE])
        )

    @property
    def is_tensor(self) -> bool:
        """Whether it has a type of elements and a shape of its own."""
        return bool(self._values[TENSOR_TYPE] >= 0)

    @property
    def shape(self) -> Tuple[int, ...]:
        """The shape of `array`. ValueError: its planes are no single array."""
        return self._layout().shape

    @property
    def released(self) -> bool:
        """Whether release() was called."""
        return self._lease is None

    # Bytes in place.

    def _held(self) -> Lease:
        lease = self._lease
        if lease is None:
            raise UsageError("the frame was released")
        return lease

    def _layout(self) -> Layout:
        """Of the whole frame as one array."""
        kind = bytes(self._values)[_OF_KIND]
        layout = _layouts.get(kind)
        if layout is None:
            layout = self._new_layout()
            if self._values[IMAGE_PLANE_COUNT] == 0 and self._values[TENSOR_TYPE] < 0:
                return layout  # of bytes: their number is not part of the kind
            if len(_layouts) >= 64:
                _layouts.clear()
            _layouts[kind] = layout
        return layout

    def _new_layout(self) -> Layout:
        values = self._values
        if values[TENSOR_TYPE] >= 0:
            dimensions = values[TENSOR_DIMENSIONS]
            shape = tuple(values[TENSOR_SHAPE : TENSOR_SHAPE + dimensions])
            return tensor_layout(
                values[TENSOR_TYPE], values[TENSOR_BITS], values[TENSOR_LANES], shape
            )
        if values[IMAGE_PLANE_COUNT] == 0:
            return Layout(0, (values[_BYTES],), "|u1", None)
        layout = image_layout(self.format, planes_of(values), values[IMAGE_WIDTH])
        if layout is None:
            raise UsageError(f"the planes of this {self.format} frame are no single array: planes")
        return layout.flipped() if values[IMAGE_ORIENTATION] == BOTTOM_UP else layout

    def _plane_layouts(self) -> Tuple[Layout, ...]:
        values = self._values
        name = self.format
        layouts = (
            plane_layout(name, index, plane, values[IMAGE_WIDTH])
            for index, plane in enumerate(planes_of(values))
        )
        if values[IMAGE_ORIENTATION] == BOTTOM_UP:
            return tuple(layout.flipped() for layout in layouts)
        return tuple(layouts)

    @property
    def array(self) -> Any:
        """The frame as a numpy array, in place and read-only. Needs numpy.

        A tensor has its own shape and dtype. An image is (height, width) or (height, width,
        channels), of uint8, uint16, uint32 or float32; row 0 is the top one. YUYV and its kin are
        (height, width, 2). NV12, NV21, I420 and YV12 are (height * 3 / 2, width) where their
        planes follow each other, as OpenCV takes them. Packed formats such as GRAY10P are
        (height, bytes). Everything else, encoded pictures too, is (nbytes,) of uint8.

        The array keeps its place in the section: the writer cannot use that while the array or a
        part of it lives. UsageError: the frame was released, or it has planes apart.
        """
        lease = self._lease
        if lease is None:
            lease = self._held()
        values = self._values
        layout = _layouts.get(bytes(values)[_OF_KIND]) or self._layout()
        return numpy().asarray(Shown(lease, values[_ADDRESS], layout, True))

    @property
    def planes(self) -> Tuple[Any, ...]:
        """The planes of an image as numpy arrays, in place and read-only. Needs numpy.

        NV12: (height, width) and (height / 2, width / 2, 2), of uint8. I420: three of two
        dimensions. Packed formats have one plane, encoded pictures and tensors none.
        """
        lease = self._held()
        address = self._values[_ADDRESS]
        asarray = numpy().asarray
        return tuple(
            asarray(Shown(lease, address, layout, True)) for layout in self._plane_layouts()
        )

    def view(self) -> memoryview:
        """All bytes of the frame as a read-only memoryview of one dimension, in place."""
        return memory_view(self._held(), self._values[_ADDRESS], self._values[_BYTES], True)

    def __buffer__(self, flags: int) -> memoryview:
        """The buffer protocol, from Python 3.12 on: as `array`, without numpy as view()."""
        if flags & 1:
            raise BufferError("a frame is read-only")
        return memoryview(self.array) if has_numpy() else self.view()

    @property
    def __array_interface__(self) -> Any:
        # The array's base is this object: release() must leave it its place in the section.
        self._pinned: Lease = self._held()
        return array_interface(self._values[_ADDRESS], self._layout(), True)

    def __len__(self) -> int:
        return self.nbytes

    # Copies.

    def copy_bytes(self) -> bytearray:
        """A copy of all bytes, verified where the frame has a checksum.

        A writer that means harm can change bytes in the section, but not in a copy. Corrupt: the
        checksum differs; InputOutputError: somebody has cut the section.
        """
        copy = bytearray(self.nbytes)
        target = (ctypes.c_char * len(copy)).from_buffer(copy)
        check(quick.frame_copy(self._held(), target, len(copy)))
        return copy

    def _copied(self) -> Any:
        copy = numpy().empty(self.nbytes, dtype="uint8")
        check(quick.frame_copy(self._held(), copy.ctypes.data, copy.nbytes))
        return copy

    def copy(self) -> Any:
        """A verified copy as a writable numpy array of the shape and dtype of `array`.

        Errors as of copy_bytes().
        """
        layout = self._layout()
        return _array_in(self._copied(), layout)

    def copy_planes(self) -> Tuple[Any, ...]:
        """A verified copy, as writable numpy arrays of the shapes of `planes`."""
        copy = self._copied()
        return tuple(_array_in(copy, layout) for layout in self._plane_layouts())

    def verify(self) -> None:
        """Reads every byte and compares the checksum. Corrupt: it differs; UsageError: the frame
        has none (see checksum= of FrameWriter); InputOutputError: somebody has cut the section."""
        check(quick.frame_verify(self._held()))

    def to(self, format: str, *, levels: Union[None, str, Tuple[float, float]] = None) -> Any:
        """The picture in another pixel format, as a new array (without numpy a bytearray).

        format: "BGR24", "RGB24", "GRAY8", "RGBAF32", "NV12", ...: see docs/pixel_formats.md.
        levels: what becomes black and white, for more than 8 bits a sample: "auto", or (black,
        white) in units of the frame's format.
        UsageError: a format cannot be converted.
        """
        lease = self._held()

        def convert(options: bytes, target: int, size: int) -> int:
            code: int = waiting.frame_convert(
                lease, c_text(format), options, target, size
            )
            return code

        return converted(self.width, self.height, format, levels, convert)

    def save(self, path: Path, *, overwrite: str = "refuse", jpeg_quality: int = 95) -> None:
        """Stores the picture from a verified copy: .bmp, .png, .jpg, .jpeg, .ppm, .pgm or .pnm.

        overwrite: "refuse", "replace" or "in_place".
        jpeg_quality: 1 to 100.
        CannotCreate: the file exists, or its folder does not; UsageError: unknown extension, or
        pixels that cannot be converted; InputOutputError, NotPermitted, OutOfMemory.
        """
        options = save_options(overwrite, jpeg_quality)
        check(waiting.frame_save(self._held(), c_path(path), options))

    # Metadata.

    @property
    def content_type(self) -> str:
        """What the metadata are: "application/json" by custom; "" if there are none."""
        found: bytes = quick.frame_content_type(self._held())
        return found.decode("ascii", "backslashreplace")

    @property
    def metadata(self) -> bytes:
        """A copy of the bytes that the writer gave with the frame; b"" if there are none.

        They come from another process: never trust them.
        """
        self._held()
        size = self._values[_METADATA_BYTES]
        return ctypes.string_at(self._values[_METADATA_ADDRESS], size) if size > 0 else b""

    def json(self) -> Dict[str, Any]:
        """The metadata as the object of JSON that they are; {} if there are none.

        ValueError: they are no JSON, or no object.
        """
        found = self.metadata
        parsed = json.loads(found) if found else {}
        if not isinstance(parsed, dict):
            raise ValueError("the metadata are JSON, but no object")
        return parsed

    # Life.

    def release(self) -> None:
        """Gives up this object's share of the frame. Arrays and views of it stay valid."""
        self._lease = None

    def __enter__(self) -> "Frame":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def __reduce__(self) -> Any:
        raise TypeError("a Frame cannot be pickled, as it is a place in a section: use copy()")

    def __repr__(self) -> str:
        image = f"{self.width}x{self.height} {self.format}"
        what = image if self.format else f"{self.nbytes} bytes"
        state = ", released" if self.released else ""
        return f"<mapferry.Frame {self.sequence}: {what}{state}>"


def _array_in(copy: Any, layout: Layout) -> Any:
    """An array of this layout in the bytes of another array."""
    return numpy().ndarray(
        layout.shape, layout.typestr, buffer=copy, offset=layout.offset, strides=layout.strides
    )
