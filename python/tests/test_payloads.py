# SPDX-License-Identifier: Apache-2.0
"""Payloads: in one call, one after the other, piece by piece."""

import threading

import numpy as np
import pytest

import mapferry


class Sending:
    """Sends in a thread, while the test receives."""

    def __init__(self, call, *arguments, **options):
        self.error = None
        self.result = None
        self.thread = threading.Thread(target=self.run, args=(call, arguments, options))
        self.thread.start()

    def run(self, call, arguments, options):
        try:
            self.result = call(*arguments, **options)
        except Exception as error:
            self.error = error

    def end(self):
        self.thread.join(60)
        assert not self.thread.is_alive()
        if self.error is not None:
            raise self.error
        return self.result


@pytest.mark.parametrize("data", [
    b"", b"x", bytes(100_000), bytearray(b"abc"), memoryview(b"abcd")[1:3],
    np.arange(12, dtype="int32").reshape(3, 4), np.arange(12)[::2],
])
def test_bytes_are_sent_and_received(section, data):
    sending = Sending(mapferry.send, section, data)
    assert mapferry.receive(section) == memoryview(data).tobytes()
    sending.end()


def test_text_is_sent_where_it_is_called_one(section):
    with pytest.raises(TypeError, match="text=True"):
        mapferry.send(section, "text")
    sending = Sending(mapferry.send, section, "grüße", text=True)
    with mapferry.Reader(section) as reader:
        payload = reader.next(60)
        assert payload.is_text and payload.read().decode() == "grüße"
    sending.end()


def test_file_goes_from_path_to_path(section, tmp_path):
    source, target = tmp_path / "source.bin", tmp_path / "target.bin"
    source.write_bytes(bytes(range(256)) * 1000)
    sending = Sending(mapferry.send, section, source)
    assert mapferry.receive(section, target) is None
    sending.end()
    assert target.read_bytes() == source.read_bytes()
    mapferry.keep(section, source)
    with pytest.raises(FileExistsError):
        mapferry.receive(section, target)
    mapferry.receive(section, target, overwrite="replace", consume=True)
    with pytest.raises(FileNotFoundError):
        mapferry.receive(section, timeout=0)


def test_file_that_is_not_there_is_named(section, tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.bin"):
        mapferry.keep(section, tmp_path / "nothing.bin")


def test_no_reader_in_time_is_an_error(section):
    with pytest.raises(TimeoutError):
        mapferry.send(section, b"x", timeout=0.1)


def test_kept_payload_is_taken_many_times_and_consumed_once(section):
    mapferry.keep(section, b"kept", name="a.txt")
    for _ in range(3):
        assert mapferry.receive(section) == b"kept"
    with pytest.raises(FileExistsError):
        mapferry.keep(section, b"other")
    assert mapferry.info(section)["payloads"][0]["name"] == "a.txt"
    assert [one["bytes"] for one in mapferry.verify(section)] == [4]
    assert mapferry.receive(section, consume=True) == b"kept"
    assert section not in mapferry.ls()


def test_payload_over_the_limit_is_refused(section):
    mapferry.keep(section, bytes(1000))
    with pytest.raises(mapferry.InputOutputError):
        mapferry.receive(section, limit=999)
    assert len(mapferry.receive(section, limit=1000)) == 1000


def test_writer_that_ended_without_a_payload_is_the_end(section):
    with mapferry.Writer(section, delivery="keep"):
        pass
    with pytest.raises(EOFError):
        mapferry.receive(section)


def test_payloads_come_one_after_the_other_with_what_is_said_of_them(section, tmp_path):
    file = tmp_path / "f.bin"
    file.write_bytes(b"file" * 5000)
    file.chmod(0o640)

    def send():
        with mapferry.Writer(section) as writer:
            writer.wait_for_readers(1, 60)
            first = writer.send(b"one", name="one.bin", meta={"key": "value", "b": ""})
            writer.send("zwei")
            writer.send(np.arange(6, dtype="float32").reshape(2, 3))
            writer.send_file(file)
            with writer.payload("pieces") as payload:
                payload.write(b"pie")
                payload.flush()
                payload.write_hole(5000)
                payload.write(bytearray(b"ces"))
        return first

    sending = Sending(send)
    seen = []
    with mapferry.Reader(section) as reader:
        for payload in reader:
            seen.append((payload, payload.read(), payload.digest()))
    first = sending.end()
    one, two, three, four, five = seen
    assert one[0].name == "one.bin" and one[0].meta == {"key": "value", "b": ""}
    assert one[1] == b"one" and one[0].nbytes == 3 and one[0].index == 0
    assert first.nbytes == 3 and first.digest == one[2] and len(one[2]) == 32
    assert two[0].is_text and two[1] == b"zwei" and two[0].meta == {}
    assert three[0].tensor == ((2, 3), "<f4")
    assert four[0].name == "f.bin" and four[1] == b"file" * 5000
    assert four[0].permissions == 0o640 and four[0].mtime_ns == file.stat().st_mtime_ns
    assert five[1] == b"pie" + bytes(5000) + b"ces"


def test_payload_is_read_piece_by_piece(section):
    mapferry.keep(section, bytes(range(256)) * 100)
    target = bytearray(1000)
    found = b""
    with mapferry.Reader(section) as reader:
        payload = reader.next(60)
        while True:
            count = payload.readinto(target)
            if count == 0:
                break
            found += target[:count]
        payload.acknowledge()
        with pytest.raises(mapferry.UsageError):
            payload.read()
    assert found == bytes(range(256)) * 100


def test_payload_that_is_left_out_is_counted_by_the_writer(section):
    def send():
        with pytest.raises(mapferry.PeerGone):
            with mapferry.Writer(section) as writer:
                writer.wait_for_readers(1, 60)
                writer.send(b"one")
                writer.send(b"two")

    sending = Sending(send)
    with mapferry.Reader(section) as reader:
        reader.next(60)
        assert reader.next(60).read() == b"two"
    sending.end()


def test_exception_in_the_writers_block_is_told_to_the_reader(section):
    def send():
        with pytest.raises(KeyError):
            with mapferry.Writer(section) as writer:
                writer.wait_for_readers(1, 60)
                raise KeyError("no disk")

    sending = Sending(send)
    with mapferry.Reader(section) as reader:
        with pytest.raises(ConnectionError, match="no disk"):
            reader.next(60)
        reader.close()
    sending.end()


def test_exception_in_the_readers_block_is_an_error_of_the_writer(section):
    sending = Sending(mapferry.send, section, bytes(10_000_000))
    with pytest.raises(KeyError):
        with mapferry.Reader(section) as reader:
            reader.next(60)
            raise KeyError("disk full")
    with pytest.raises(ConnectionError):
        sending.end()


def test_wait_for_a_payload_ends_in_time(section):
    with mapferry.Writer(section) as writer:
        with mapferry.Reader(section) as reader:
            with pytest.raises(TimeoutError, match="within 150 ms"):
                reader.next(0.15)
            writer.abort("enough")
            reader.close()


def test_view_of_a_kept_payload_is_in_place(section):
    mapferry.keep(section, bytes(range(200)))
    with mapferry.Reader(section) as reader:
        view = reader.next(60).view()
        assert view.readonly and np.frombuffer(view, "uint8").tolist() == list(range(200))


@pytest.mark.parametrize("name", ["../up", "a/b", "..", "", "a\\b" * 100, "n\n"])
def test_names_of_files_are_checked(name):
    with pytest.raises(mapferry.CannotCreate):
        mapferry.check_file_name(name)
    mapferry.check_file_name(mapferry.harmless_file_name(name) or "x")
    mapferry.check_file_name("photo.jpg")


def test_programs_receive_what_python_sends_and_the_reverse(section, programs, tmp_path):
    import subprocess

    file = tmp_path / "out.bin"
    sending = Sending(mapferry.send, section, b"to a program", name="x.bin")
    subprocess.run([programs / "mapferry-reader", "--name", section, "-o", file], check=True,
                   timeout=60, stdout=subprocess.DEVNULL)
    sending.end()
    assert file.read_bytes() == b"to a program"
    with subprocess.Popen([programs / "mapferry-writer", "--name", section, "-q", file]) as writer:
        assert mapferry.receive(section) == b"to a program"
        assert writer.wait(60) == 0


def test_programs_take_frames_of_python_and_the_reverse(section, programs, tmp_path):
    import subprocess

    image = (np.arange(48 * 64 * 3) % 251).astype("uint8").reshape(48, 64, 3)
    with mapferry.FrameWriter(section, delivery="each") as writer:
        reader = subprocess.Popen(
            [programs / "mapferry-reader", "-q", "--name", section, "--frames", "--count", "1",
             "-o", tmp_path / "frame.png"],
            stdout=subprocess.DEVNULL)
        writer.wait_for_readers(1, 60)
        writer.publish(image, timeout=60)
        assert reader.wait(60) == 0
    files = list(tmp_path.iterdir())
    assert len(files) == 1
    pixels, _ = mapferry.load_picture(files[0])
    np.testing.assert_array_equal(pixels, image)
    with subprocess.Popen([programs / "mapferry-writer", "-q", "--name", section, "--frames",
                           files[0]]) as writer:
        with mapferry.FrameReader(section) as reader:
            np.testing.assert_array_equal(reader.next(60).array[..., :3], image)
        writer.wait(60)
