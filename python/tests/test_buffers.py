# SPDX-License-Identifier: Apache-2.0
"""Buffers: bytes at offsets under a lock."""

import threading

import numpy as np
import pytest

import mapferry


@pytest.fixture
def buffer(section):
    with mapferry.Buffer(section, size=64) as one:
        yield one


def test_new_buffer_is_zeroed_and_found_by_its_name(buffer, section):
    assert len(buffer) == buffer.size == 64 and not buffer.already_existed
    assert buffer[:] == bytes(64)
    with mapferry.Buffer(section) as other:
        assert other.size == 64 and other.already_existed
        buffer[10:15] = b"hello"
        assert other[10:15] == b"hello"


def test_slices_are_those_of_bytes(buffer):
    buffer[:] = bytes(range(64))
    model = bytes(range(64))
    for part in (np.s_[3:9], np.s_[:5], np.s_[60:], np.s_[-4:], np.s_[::7], np.s_[9:3], 5, -1):
        assert buffer[part] == model[part]
    buffer[-1] = 255
    assert buffer[63] == 255
    for index in (64, -65):
        with pytest.raises(IndexError):
            buffer[index]
    for part, value in ((np.s_[0:3], b"four"), (np.s_[::2], bytes(32)), (0, 256)):
        with pytest.raises(ValueError):
            buffer[part] = value


def test_write_stops_at_the_end(buffer):
    assert buffer.write(60, b"sixty-four") == 4
    assert buffer.read(60, 100) == b"sixt" and buffer.read(100) == b""
    with pytest.raises(ValueError):
        buffer.read(-1)


def test_array_is_in_place_under_the_lock(buffer, section):
    with pytest.raises(mapferry.UsageError, match="lock"):
        buffer.array()
    with pytest.raises(mapferry.UsageError, match="lock"):
        buffer.view()
    with buffer.lock(10) as held:
        assert not held.previous_holder_died and buffer.locked
        held.array("int32")[4] = 0x6C6C6568
        held.array(np.uint8, (2, 3), offset=20)[:] = [[111, 0, 1], [2, 3, 4]]
        held.view()[0:2] = b"ab"
        held[30:32] = b"cd"
        assert held[16:21] == b"hello"
        for arguments in (("int32", 17), ("uint8", 5, 60), ("uint8", -1), ("uint8", None, -1)):
            with pytest.raises(ValueError):
                held.array(*arguments)
    assert not buffer.locked
    with mapferry.Buffer(section) as other:
        assert other[:32] == b"ab" + bytes(14) + b"hello\0\1\2\3\4" + bytes(4) + b"cd"


def test_lock_excludes_another_holder_until_it_comes_free(buffer, section):
    order = []

    def other():
        with mapferry.Buffer(section) as two:
            with pytest.raises(TimeoutError, match="lock did not come free"):
                two.lock(0.1)
            order.append("refused")
            started.set()
            with two.lock(60):
                order.append("locked")

    started = threading.Event()
    with buffer.lock(10):
        thread = threading.Thread(target=other)
        thread.start()
        started.wait(60)
        order.append("unlocks")
    thread.join(60)
    assert order == ["refused", "unlocks", "locked"]


def test_lock_is_given_back_once(buffer):
    held = buffer.lock(10)
    with pytest.raises(mapferry.UsageError):
        buffer.lock(0)
    held.release()
    with pytest.raises(mapferry.UsageError):
        held.release()
    with buffer.lock(10) as held:
        held.release()


def test_death_of_the_holder_is_told_to_the_next_one(buffer, section, script):
    one = script("import sys, mapferry\nb = mapferry.Buffer(sys.argv[1])\nlock = b.lock()\n"
                 "b[0:3] = b'abc'\nprint(1)\nsys.stdin.readline()\n", section)
    one.line()
    one.kill()
    with buffer.lock(60) as held:
        assert held.previous_holder_died and buffer.previous_holder_died
        assert held[0:3] == b"abc"
    with buffer.lock(60) as held:
        assert not held.previous_holder_died


def test_read_only_buffer_is_only_read(buffer, section):
    buffer[0:2] = b"ab"
    with mapferry.Buffer(section, mode="open", access="read_only") as other:
        assert other.read_only and other[0:2] == b"ab"
        with pytest.raises(PermissionError):
            other[0:2] = b"cd"
        with other.lock(10) as held:
            assert not held.array().flags.writeable and held.view().readonly


def test_modes_of_opening(section):
    with pytest.raises(FileNotFoundError):
        mapferry.Buffer(section)
    mapferry.Buffer(section, size=10, mode="create").close()
    with pytest.raises(FileExistsError):
        mapferry.Buffer(section, size=10, mode="create")
    with pytest.raises(FileExistsError):
        mapferry.Buffer(section, size=11)
    with pytest.raises(ValueError):
        mapferry.Buffer(section, mode="sideways")
    with mapferry.Buffer(section, size=10) as again:
        assert again.already_existed
    with mapferry.FrameWriter(section + "-f"):
        with pytest.raises(ValueError):
            mapferry.Buffer(section + "-f")


def test_buffer_in_a_file_stays_there(tmp_path):
    path = tmp_path / "with blanks, ümlaut.bin"
    with mapferry.Buffer(path, size=10, label="mine") as one:
        one[0:2] = b"ab"
        assert one.persists
    with mapferry.Buffer("file:" + str(path)) as one:
        assert one[0:2] == b"ab"
    assert mapferry.info(path)["label"] == "mine"


def test_processes_count_together_under_the_lock(section, script):
    text = ("import sys, mapferry\n"
            "with mapferry.Buffer(sys.argv[1], size=8, timeout=60) as b:\n"
            "    for _ in range(200):\n"
            "        with b.lock(60):\n"
            "            n = int.from_bytes(b[0:8], 'little') + 1\n"
            "            b[0:8] = n.to_bytes(8, 'little')\n")
    started = [script(text, section) for _ in range(3)]
    for one in started:
        assert one.end() == ([], 0)
    with mapferry.Buffer(section) as buffer:
        assert int.from_bytes(buffer[0:8], "little") == 600
