# SPDX-License-Identifier: Apache-2.0
"""The wheel: its tag, what is in it, and that every CPython can use it."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_pythons import pythons

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = os.environ.get("MAPFERRY_WHEEL_LIBRARY")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not LIBRARY,
    reason="MAPFERRY_WHEEL_LIBRARY names a library with its C++ runtime inside")


def build(folder):
    """The wheel, from nothing but what is installed here."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment.update(PYTHON=sys.executable, SOURCE_DATE_EPOCH="1700000000")
    done = subprocess.run([str(ROOT / "python/build_wheel.sh"), "linux", str(folder), LIBRARY],
                          stdout=subprocess.PIPE, universal_newlines=True, check=True,
                          env=environment, timeout=100)
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with the package as pip installs it."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-q",
                    "--no-index", "--no-deps", "--target", str(folder), str(wheel)],
                   check=True, timeout=100)
    return folder


def newest_glibc(library):
    """The newest version of glibc that a function of the library needs."""
    symbols = subprocess.run(["objdump", "-T", str(library)], stdout=subprocess.PIPE,
                             universal_newlines=True, check=True).stdout
    versions = re.findall(r"\bGLIBC_(\d+)\.(\d+)", symbols)
    assert len(versions) > 50
    return max((int(major), int(minor)) for major, minor in versions)


def test_name_says_what_the_library_needs(wheel, installed):
    match = re.fullmatch(
        r"mapferry-[0-9.]+-py3-none-manylinux_(\d+)_(\d+)_x86_64\.whl", wheel.name)
    assert match, wheel.name
    newest = newest_glibc(installed / "mapferry/libmapferry.so.0")
    assert newest <= (int(match.group(1)), int(match.group(2)))


def test_library_needs_only_the_c_library(installed):
    text = subprocess.run(["objdump", "-p", str(installed / "mapferry/libmapferry.so.0")],
                          stdout=subprocess.PIPE, universal_newlines=True, check=True).stdout
    needed = set(re.findall(r"NEEDED\s+(\S+)", text))
    assert "libc.so.6" in needed
    assert needed <= {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"}


def test_wheel_has_the_package_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    inside = {name for name in names if not name.split("/")[0].endswith(".dist-info")}
    sources = {"mapferry/" + path.name for path in (ROOT / "python/mapferry").glob("*.py")}
    assert inside == sources | {"mapferry/py.typed", "mapferry/libmapferry.so.0"}
    assert {"LICENSE", "NOTICE"} <= {Path(name).name for name in names}
    metadata = next(name for name in names if name.endswith(".dist-info/WHEEL"))
    assert b"Root-Is-Purelib: false" in zipfile.ZipFile(wheel).read(metadata)


def test_two_builds_are_equal(wheel, tmp_path):
    again = build(tmp_path)
    sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (wheel, again)]
    assert sums[0] == sums[1] and wheel.name == again.name


@pytest.mark.parametrize("python", pythons(), ids=lambda path: str(path))
def test_installed_package_works(installed, python):
    environment = {k: v for k, v in os.environ.items() if k != "MAPFERRY_LIBRARY"}
    environment["PYTHONPATH"] = str(installed)
    done = subprocess.run(
        [str(python), "-B", str(ROOT / "python/tests/plain_python.py")], env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, timeout=100)
    assert done.returncode == 0 and "\nok " in "\n" + done.stdout, done.stdout
