# SPDX-License-Identifier: Apache-2.0
"""The package as a whole: exceptions, options, names, documentation, life without numpy."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mapferry
from mapferry import _errors
from mapferry._text import c_section, c_text, milliseconds, options_text

PACKAGE = Path(mapferry.__file__).parent


@pytest.mark.parametrize("kind, built_in", [
    (mapferry.UsageError, ValueError), (mapferry.NotFound, FileNotFoundError),
    (mapferry.NotReady, BlockingIOError), (mapferry.Busy, BlockingIOError),
    (mapferry.TimedOut, TimeoutError), (mapferry.Interrupted, InterruptedError),
    (mapferry.PeerGone, ConnectionError), (mapferry.Evicted, ConnectionError),
    (mapferry.Corrupt, ValueError), (mapferry.FormatVersion, ValueError),
    (mapferry.NotPermitted, PermissionError), (mapferry.CannotCreate, FileExistsError),
    (mapferry.InputOutputError, OSError), (mapferry.OutOfMemory, MemoryError),
    (mapferry.StreamEnded, EOFError), (mapferry.StillFilling, BlockingIOError),
])
def test_exception_is_a_built_in_one_of_its_kind(kind, built_in):
    error = kind("what", hint="how", os_error=5)
    assert isinstance(error, built_in) and isinstance(error, mapferry.MapferryError)
    assert str(error) == "what (how)" and error.os_error == 5 and error.code == kind.code
    assert error.code_name not in ("", "unknown", "ok")


def test_unknown_code_of_a_newer_library_is_still_a_failure():
    assert isinstance(_errors.last_error(99), mapferry.MapferryError)


def test_hint_names_the_way_out(section):
    with pytest.raises(mapferry.UsageError) as caught:
        mapferry.FrameWriter(section, delivery="sometimes")
    assert "latest" in str(caught.value)


def test_every_remedy_of_the_library_has_words():
    from mapferry._hints import HINTS
    from mapferry._library import quick

    names, number = [], 1
    while quick.remedy_name(number):
        names.append(quick.remedy_name(number).decode())
        number += 1
    assert names == list(HINTS)
    for hint in HINTS.values():
        assert "mapferry_" not in hint and "_ms" not in hint and "_bytes=" not in hint


def test_hints_speak_of_this_package(section):
    with pytest.raises(mapferry.TimedOut, match=r"\(start a writer .*, or raise timeout\)"):
        mapferry.FrameReader(section, timeout=0.01)


@pytest.mark.parametrize("name", ["", "a/b", ".hidden", "x" * 65, "blank name"])
def test_name_that_no_section_can_have_is_refused(name):
    for make in (mapferry.FrameWriter, mapferry.FrameReader, mapferry.Buffer, mapferry.Writer,
                 mapferry.Reader, mapferry.info, mapferry.rm):
        with pytest.raises(ValueError):
            make(name)


@pytest.mark.parametrize("name", ["nul\0", 5, None, b"bytes"])
def test_name_that_is_no_text_is_refused(name):
    with pytest.raises((TypeError, ValueError)):
        mapferry.FrameReader(name, timeout=0)


def test_words_of_options_are_quoted():
    assert options_text(a=1, b=None, c=True, d="plain", e='q"b\\ x', f="") == (
        b'a=1 c=yes d=plain e="q\\"b\\\\ x" f=""')
    with pytest.raises(ValueError):
        options_text(a="x\0y")


def test_label_of_a_file_comes_back(tmp_path):
    label = "left_camera-2"
    with mapferry.Buffer(tmp_path / "x", size=10, label=label):
        assert mapferry.info(tmp_path / "x")["label"] == label


def test_times_are_rounded_up():
    assert [milliseconds(t) for t in (None, 0, 0.0001, 1, 1e9)] == [-1, 0, 1, 1000, -1]


def test_paths_keep_their_bytes():
    if sys.platform != "win32":
        assert c_section(Path(os.fsdecode(b"/tmp/\xff"))) == b"file:/tmp/\xff"
        assert c_section("file:" + os.fsdecode(b"\xff")) == b"file:\xff"
    assert c_text("\u00fc") == b"\xc3\xbc"


def test_sections_are_listed_told_and_removed(section):
    with mapferry.FrameWriter(section) as writer:
        writer.publish_bytes(b"x")
        assert section in mapferry.ls()
        assert mapferry.info(section)["writer_alive"] is True
        with pytest.raises(mapferry.Busy):
            mapferry.rm(section)
        mapferry.rm(section, force=True)
        assert section not in mapferry.ls()
        with pytest.raises(FileNotFoundError):
            mapferry.rm(section)


def test_garbage_of_a_dead_writer_is_collected(section, script):
    one = script("import sys, mapferry\nw = mapferry.FrameWriter(sys.argv[1])\nprint(1)\n"
                 "sys.stdin.readline()\n", section)
    one.line()
    one.kill()
    assert section in mapferry.ls()
    removed = [entry for entry in mapferry.gc() if entry.get("name") == section]
    assert len(removed) == 1 and section not in mapferry.ls()


def test_damage_in_a_kept_payload_is_corrupt(tmp_path):
    path = tmp_path / "kept"
    mapferry.keep(path, b"0123456789" * 1000)
    data = bytearray(path.read_bytes())
    place = data.index(b"0123456789")
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(mapferry.Corrupt):
        mapferry.verify(path)
    with pytest.raises(ValueError):
        mapferry.receive(path)


def public_objects():
    for name in mapferry.__all__:
        thing = getattr(mapferry, name)
        yield name, thing
        if inspect.isclass(thing):
            for attribute, value in vars(thing).items():
                if not attribute.startswith("_") and (
                        callable(value) or isinstance(value, property)):
                    yield f"{name}.{attribute}", value


def test_everything_public_is_documented():
    missing = [name for name, thing in public_objects()
               if not isinstance(thing, str) and not inspect.getdoc(thing)]
    assert missing == []


def test_reference_is_what_the_package_says():
    root = PACKAGE.parents[1]
    done = subprocess.run([sys.executable, str(root / "python/reference.py")], check=True,
                          stdout=subprocess.PIPE, universal_newlines=True)
    page = (root / "docs/python_reference.md").read_text(encoding="utf-8")
    assert page == done.stdout, "python3 python/reference.py >docs/python_reference.md"
    assert all(f"\n### {name}\n" in page for name in mapferry.__all__)


def test_version_is_that_of_the_library():
    assert mapferry.version == mapferry.__version__ and mapferry.version.count(".") == 2


def test_package_is_typed_and_its_files_are_short():
    assert (PACKAGE / "py.typed").exists()
    for path in list(PACKAGE.glob("*.py")) + list(Path(__file__).parent.glob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0] == "# SPDX-License-Identifier: Apache-2.0", path
        assert len(lines) < 500, path
        assert max(map(len, lines)) <= 100, path


def test_library_that_is_missing_is_an_import_error_with_a_remedy():
    environment = dict(os.environ, MAPFERRY_LIBRARY="/nowhere/libmapferry.so.0")
    done = subprocess.run([sys.executable, "-c", "import mapferry"], env=environment,
                          stderr=subprocess.PIPE, universal_newlines=True)
    assert done.returncode == 1
    assert "ImportError" in done.stderr and "MAPFERRY_LIBRARY" in done.stderr


def test_mypy_finds_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, str(PACKAGE)],
        stdout=subprocess.PIPE, universal_newlines=True)
    assert done.returncode == 0, done.stdout
