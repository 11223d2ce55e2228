# SPDX-License-Identifier: Apache-2.0
"""Frames from array to array: shapes, formats, facts."""

import json
import sys
from fractions import Fraction

import numpy as np
import pytest

import mapferry


def ramp(shape, dtype):
    """Different numbers that fit the dtype."""
    count = int(np.prod(shape))
    return (np.arange(count) % 199).astype(dtype).reshape(shape)


IMAGES = [
    ((6, 8), "uint8", "GRAY8"),
    ((6, 8), "uint16", "GRAY16"),
    ((6, 8, 3), "uint8", "BGR24"),
    ((6, 8, 4), "uint8", "BGRA32"),
    ((6, 8, 3), "uint16", "BGR48"),
    ((6, 8, 4), "uint16", "BGRA64"),
]
TENSORS = [
    ((), "float32"),
    ((5,), "int8"),
    ((2, 3), "float64"),
    ((2, 3, 4, 5), "float32"),
    ((2, 3), "bool"),
    ((2, 0, 3), "int32"),
    ((3, 2), "complex64"),
    ((3,), "float16"),
    ((7, 2), "uint64"),
    ((1, 2, 3, 1, 2, 3, 1, 2), "int64"),
]


@pytest.mark.parametrize("shape, dtype, format", IMAGES)
def test_image_comes_with_its_shape_and_the_format_of_opencv(pair, shape, dtype, format):
    writer, reader = pair
    sent = ramp(shape, dtype)
    writer.publish(sent)
    frame = reader.next(10)
    assert frame.format == format
    assert (frame.height, frame.width) == shape[:2]
    assert not frame.is_tensor
    assert frame.array.dtype == sent.dtype
    np.testing.assert_array_equal(frame.array, sent)


@pytest.mark.parametrize("shape, dtype", TENSORS)
def test_tensor_comes_with_its_shape_and_dtype(pair, shape, dtype):
    writer, reader = pair
    sent = ramp(shape, dtype)
    writer.publish(sent)
    frame = reader.next(10)
    assert frame.is_tensor and frame.format == ""
    assert frame.array.dtype == sent.dtype and frame.array.shape == shape
    np.testing.assert_array_equal(frame.array, sent)
    np.testing.assert_array_equal(frame.copy(), sent)


def test_image_of_one_channel_keeps_its_third_dimension(pair):
    writer, reader = pair
    writer.publish(ramp((4, 5, 1), "uint8"))
    frame = reader.next(10)
    assert frame.format == "GRAY8" and frame.array.shape == (4, 5, 1)


def test_tensor_of_an_images_shape_is_no_image(pair):
    writer, reader = pair
    writer.publish(ramp((4, 5, 3), "uint8"), as_tensor=True)
    frame = reader.next(10)
    assert frame.is_tensor and frame.width == 0


@pytest.mark.parametrize("format, shape, dtype", [
    ("RGB24", (4, 6, 3), "uint8"),
    ("XBGR32", (4, 6, 4), "uint8"),
    ("RGB48", (4, 6, 3), "uint16"),
    ("GRAY12", (4, 6), "uint16"),
    ("RGGB8", (4, 6), "uint8"),
    ("GRAYF32", (4, 6), "float32"),
    ("RGBF32", (4, 6, 3), "float32"),
    ("RGB565", (4, 6), "uint16"),
    ("X2RGB10", (4, 6), "uint32"),
    ("YUYV", (4, 6, 2), "uint8"),
    ("NV12", (6, 6), "uint8"),
    ("I420", (6, 6), "uint8"),
])
def test_named_format_goes_there_and_back(pair, format, shape, dtype):
    writer, reader = pair
    sent = ramp(shape, dtype)
    writer.publish(sent, format=format)
    frame = reader.next(10)
    assert frame.format == format
    np.testing.assert_array_equal(frame.array, sent)
    np.testing.assert_array_equal(frame.copy(), sent)


def test_format_may_have_the_name_of_another_program(pair):
    writer, reader = pair
    writer.publish(ramp((4, 6, 3), "uint8"), format="rgb24")  # FFmpeg's
    assert reader.next(10).format == "RGB24"


@pytest.mark.parametrize("array, format", [
    (np.zeros((4, 6), "uint8"), "BGR24"),
    (np.zeros((4, 6, 3), "float32"), "BGR24"),
    (np.zeros((4, 6), "uint8"), "no such format"),
    (np.zeros((4, 6), "uint8"), "GRAY10P"),
    (np.zeros((4, 6), "uint8"), "NV16"),
    (np.zeros((5, 6), "uint8"), "NV12"),
])
def test_array_that_does_not_fit_its_format_is_refused(pair, array, format):
    writer, _ = pair
    with pytest.raises(ValueError):
        writer.publish(array, format=format)
    assert writer.frames == 0


@pytest.mark.parametrize("array", [
    np.zeros(3, ">f4"), np.array([object()]), np.zeros(2, [("a", "i4")]), "text", 5,
    np.zeros(2, "S3"), np.zeros(2, "datetime64[s]"),
])
def test_array_without_a_type_of_elements_is_refused(pair, array):
    writer, _ = pair
    with pytest.raises((TypeError, ValueError)):
        writer.publish(array)
    assert writer.frames == 0


@pytest.mark.parametrize("part", [
    np.s_[:, ::2], np.s_[::-1], np.s_[1:3, 2:5], np.s_[..., ::-1], np.s_[:, :, 0],
])
def test_array_that_is_not_packed_arrives_as_it_looks(pair, part):
    writer, reader = pair
    sent = ramp((6, 8, 3), "uint8")[part]
    writer.publish(sent)
    np.testing.assert_array_equal(reader.next(10).array, sent)


def test_fortran_order_arrives_as_it_looks(pair):
    writer, reader = pair
    sent = np.asfortranarray(ramp((3, 4, 5), "float32"))
    writer.publish(sent)
    np.testing.assert_array_equal(reader.next(10).array, sent)


def test_objects_that_become_arrays_are_published(pair):
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return np.arange(6, dtype="float32").reshape(2, 3)

    writer, reader = pair
    writer.publish(Tensor())
    assert reader.next(10).array.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_bytes_come_as_bytes(pair):
    writer, reader = pair
    assert writer.publish_bytes(b"hello") == 0
    frame = reader.next(10)
    assert bytes(frame.view()) == b"hello" and len(frame) == frame.nbytes == 5
    assert frame.array.tolist() == list(b"hello")
    assert frame.copy_bytes() == b"hello"


def test_frame_without_bytes_comes(pair):
    writer, reader = pair
    writer.publish_bytes(b"")
    frame = reader.next(10)
    assert bytes(frame.view()) == b"" and frame.array.shape == (0,)
    assert frame.copy_bytes() == b"" and frame.copy().shape == (0,)


def test_image_with_padded_rows_comes_without_the_padding(pair):
    writer, reader = pair
    rows = ramp((4, 32), "uint8")
    writer.publish_bytes(rows, size=(8, 4), format="BGR24", row_stride=32)
    frame = reader.next(10)
    assert frame.row_stride == 32
    np.testing.assert_array_equal(frame.array, rows[:, :24].reshape(4, 8, 3))
    np.testing.assert_array_equal(frame.copy(), rows[:, :24].reshape(4, 8, 3))


def test_planes_of_nv12_and_i420_come_apart(pair):
    writer, reader = pair
    sent = ramp((6, 6), "uint8")
    writer.publish(sent, format="NV12")
    y, uv = reader.next(10).planes
    np.testing.assert_array_equal(y, sent[:4])
    np.testing.assert_array_equal(uv, sent[4:].reshape(2, 3, 2))
    writer.publish(sent, format="I420")
    y, u, v = reader.next(10).copy_planes()
    np.testing.assert_array_equal(u.reshape(-1), sent.reshape(-1)[24:30])
    assert v.flags.writeable


def test_planes_that_are_no_single_array_are_refused_as_one(pair):
    writer, reader = pair
    writer.publish_bytes(bytes(4 * 6 * 2), size=(6, 4), format="NV16")
    frame = reader.next(10)
    with pytest.raises(ValueError, match="planes"):
        frame.array
    assert [plane.shape for plane in frame.planes] == [(4, 6), (4, 3, 2)]


def test_odd_sizes_of_planes_are_rounded_up(pair):
    writer, reader = pair
    with writer.loan((3, 5), "NV12") as (y, uv):
        assert y.shape == (3, 5) and uv.shape == (2, 3, 2)
        y[:], uv[:] = 1, 2
    frame = reader.next(10)
    assert frame.planes[1].tolist() == uv.tolist()


@pytest.mark.parametrize("format", "NV12 NV21 NV16 NV24 P010 I420 YV12 I422 I444 S010 S416 YUYV "
                         "BGR24 GRAY8 RGB565 RGBAF32".split())
@pytest.mark.parametrize("size", [(8, 6), (7, 5), (1, 1)])
def test_loan_of_a_format_has_the_planes_that_the_reader_sees(pair, format, size):
    writer, reader = pair
    loan = writer.loan((size[1], size[0]), format)
    for number, plane in enumerate(loan.planes):
        plane[:] = number + 1
    sent = [plane.copy() for plane in loan.planes]
    loan.publish()
    frame = reader.next(10)
    assert frame.format == format and (frame.width, frame.height) == size
    assert len(sent) == len(frame.planes)
    for ours, theirs in zip(sent, frame.planes):
        np.testing.assert_array_equal(ours, theirs)


def test_loan_of_a_dtype_is_published_at_the_end_of_its_block(pair):
    writer, reader = pair
    with writer.loan((2, 3), np.float32) as target:
        target[:] = [[1, 2, 3], [4, 5, 6]]
        assert writer.frames == 0
    frame = reader.next(10)
    assert frame.array.tolist() == [[1, 2, 3], [4, 5, 6]] and not frame.has_checksum


def test_loan_is_dropped_when_an_exception_leaves_its_block(pair):
    writer, reader = pair
    with pytest.raises(ZeroDivisionError):
        with writer.loan((2, 3), "float32"):
            1 / 0
    assert writer.frames == 0 and reader.try_next() is None
    writer.publish_bytes(b"next")
    assert bytes(reader.next(10).view()) == b"next"


def test_published_loan_cannot_be_written_to(pair):
    writer, _ = pair
    with writer.loan((2, 3), "uint8") as target:
        target[:] = 1
    with pytest.raises(ValueError):
        target[:] = 2


def test_loan_of_bytes_has_a_number_of_them(pair):
    writer, reader = pair
    loan = writer.loan(5)
    loan.view()[:] = b"lent!"
    assert loan.publish() == loan.sequence == 0
    with pytest.raises(mapferry.UsageError):
        loan.publish()
    frame = reader.next(10)
    assert bytes(frame.view()) == b"lent!" and frame.width == 0 and not frame.is_tensor


def test_notes_of_a_frame_come(pair):
    writer, reader = pair
    writer.publish(np.zeros((2, 2), "uint8"), captured_ns=123, clock="tai",
                   source_number=(1 << 64) - 1, metadata={"model": "resnet", "n": [1, 2]})
    frame = reader.next(10)
    assert (frame.captured_ns, frame.capture_clock) == (123, "tai")
    assert frame.source_number == (1 << 64) - 1
    assert frame.content_type == "application/json"
    assert frame.json() == json.loads(frame.metadata) == {"model": "resnet", "n": [1, 2]}


def test_notes_of_a_loan_come(pair):
    writer, reader = pair
    with writer.loan((2, 2), "uint8", captured_ns=5, clock="monotonic", source_number=0,
                     metadata=b"\0\xff", content_type="x/y"):
        pass
    frame = reader.next(10)
    assert (frame.captured_ns, frame.capture_clock, frame.source_number) == (5, "monotonic", 0)
    assert (frame.metadata, frame.content_type) == (b"\0\xff", "x/y")
    with pytest.raises(ValueError):
        frame.json()


def test_frame_after_one_with_notes_has_none(pair):
    writer, reader = pair
    writer.publish(np.zeros((2, 2), "uint8"), captured_ns=5, source_number=7, metadata="text")
    assert reader.next(10).content_type == "text/plain"
    writer.publish(np.zeros(3))
    frame = reader.next(10)
    assert frame.captured_ns is None and frame.source_number is None
    assert frame.metadata == b"" and frame.content_type == "" and frame.json() == {}


def test_frames_after_an_image_are_no_images(pair):
    writer, reader = pair
    writer.publish(np.zeros((2, 2, 3), "uint8"))
    writer.publish_bytes(b"x")
    assert reader.latest(10).width == 0


@pytest.mark.parametrize("notes", [
    {"clock": "sundial"}, {"source_number": -1}, {"source_number": 1 << 64},
    {"captured_ns": 1 << 63}, {"content_type": "x"}, {"metadata": bytes(65537)},
    {"metadata": b"x", "content_type": "a" * 65}, {"metadata": b"x", "content_type": "a\0b"},
])
def test_notes_that_make_no_sense_are_refused(pair, notes):
    writer, _ = pair
    with pytest.raises(ValueError):
        writer.publish_bytes(b"x", **notes)
    assert writer.frames == 0
    writer.publish_bytes(b"x")


def test_facts_of_frames_count(pair):
    writer, reader = pair
    for number in range(3):
        assert writer.publish_bytes(b"x") == number
    first = reader.latest(10)
    assert first.sequence == 2 and first.epoch == reader.epoch
    writer.publish_bytes(b"x")
    writer.skip(4)
    writer.publish_bytes(b"x")
    frame = reader.latest(10)
    assert frame.sequence == 4 and frame.missed == 5
    assert frame.latency > 0 and frame.published_ns > 10**18
    assert writer.frames == 5 and writer.readers == 1 and writer.readers_lost == 0


def test_description_and_facts_of_the_stream_come(pair):
    writer, reader = pair
    assert reader.description is None and reader.description_version == 0
    writer.describe('{"camera": "left"}')
    writer.set_facts(frame_rate=Fraction(30000, 1001), pixel_aspect=1, scan="progressive")
    assert json.loads(reader.description) == {"camera": "left"}
    assert reader.description_version == 1
    assert reader.facts == (Fraction(30000, 1001), Fraction(1), "progressive")
    assert reader.section_facts.delivery == "latest"
    assert reader.section_facts.reader_limit == writer.section_facts.reader_limit == 16


def test_frame_is_converted(pair):
    writer, reader = pair
    sent = ramp((4, 6, 3), "uint8")
    writer.publish(sent)
    frame = reader.next(10)
    np.testing.assert_array_equal(frame.to("RGB24"), sent[..., ::-1])
    assert frame.to("NV12").shape == (6, 6)
    assert frame.to("GRAY16").dtype == "uint16"
    assert frame.to("I444").shape == (4 * 6 * 3,)
    with pytest.raises(ValueError):
        frame.to("PNG")


def test_levels_of_a_conversion_are_heeded(pair):
    writer, reader = pair
    writer.publish(np.array([[100, 200, 300]], "uint16"))
    frame = reader.next(10)
    assert frame.to("GRAY8", levels="auto").tolist() == [[0, 127, 255]]
    assert frame.to("GRAY8", levels=(100, 500)).tolist() == [[0, 64, 127]]


def test_frame_is_saved_and_the_file_loaded(pair, tmp_path):
    writer, reader = pair
    sent = ramp((4, 6, 3), "uint8")
    writer.publish(sent)
    frame = reader.next(10)
    frame.save(tmp_path / "a.png")
    pixels, format = mapferry.load_picture(tmp_path / "a.png")
    assert format == "BGR24" and pixels.flags.writeable
    np.testing.assert_array_equal(pixels, sent)
    with pytest.raises(FileExistsError):
        frame.save(tmp_path / "a.png")
    frame.save(tmp_path / "a.png", overwrite="replace")
    with pytest.raises(ValueError):
        frame.save(tmp_path / "a.tiff")


def test_bottom_up_image_is_shown_top_down(section, programs, tmp_path):
    import subprocess

    top_down = ramp((4, 8, 3), "uint8")
    bmp = tmp_path / "a.bmp"
    with mapferry.FrameWriter(section) as writer, mapferry.FrameReader(section) as reader:
        writer.publish(top_down)
        reader.next(10).save(bmp)
    # A bitmap's rows begin at the bottom, and the program passes them on as they are.
    command = [programs / "mapferry-writer", "-q", "--name", section, "--frames", bmp]
    with subprocess.Popen(command) as sender:
        with mapferry.FrameReader(section) as reader:
            frame = reader.next(10)
            np.testing.assert_array_equal(frame.array, top_down)
            np.testing.assert_array_equal(frame.copy(), top_down)
            frame.release()
        sender.wait(60)


def test_checksum_is_verified(section):
    with mapferry.FrameWriter(section, checksum="all") as writer:
        with mapferry.FrameReader(section) as reader:
            with writer.loan((2, 3), "uint8") as target:
                target[:] = 1
            frame = reader.next(10)
            frame.verify()
            frame.array.ctypes.data  # in place: only a process that may write could change it
    with mapferry.FrameWriter(section, checksum="none") as writer:
        with mapferry.FrameReader(section) as reader:
            writer.publish_bytes(b"x")
            with pytest.raises(mapferry.UsageError):
                reader.next(10).verify()


def test_formats_have_names_in_other_programs():
    assert mapferry.format_name("BGR24", "ffmpeg") == "bgr24"
    assert mapferry.format_name("0x33524742") == "BGR24"
    assert mapferry.format_name("0x20303159") == "GRAY10"  # "Y10 ": a name with a blank
    assert mapferry.format_name("nonsense") == ""


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the buffer protocol of Python 3.12")
def test_frame_has_the_buffer_protocol(pair):
    writer, reader = pair
    writer.publish(ramp((4, 6, 3), "uint8"))
    view = memoryview(reader.next(10))
    assert view.shape == (4, 6, 3) and view.readonly


def test_array_interface_of_a_frame_is_read_only(pair):
    writer, reader = pair
    sent = ramp((4, 6, 3), "uint8")
    writer.publish(sent)
    frame = reader.next(10)
    array = np.asarray(frame)
    assert not array.flags.writeable
    frame.release()
    for _ in range(20):
        writer.publish(np.zeros((4, 6, 3), "uint8"))
    np.testing.assert_array_equal(array, sent)
