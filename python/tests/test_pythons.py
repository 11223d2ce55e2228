# SPDX-License-Identifier: Apache-2.0
"""The same files with every other CPython from 3.8 on that is here, without numpy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def version_of(python):
    text = "import sys; print(sys.implementation.name, *sys.version_info[:2])"
    try:
        done = subprocess.run([str(python), "-c", text], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, universal_newlines=True, timeout=60)
    except OSError:
        return None
    words = done.stdout.split()
    return tuple(map(int, words[1:])) if done.returncode == 0 and words[0] == "cpython" else None


def pythons():
    """$MAPFERRY_PYTHONS (paths with colons between), those of pyenv, and /usr/bin."""
    found = [Path(p) for p in os.environ.get("MAPFERRY_PYTHONS", "").split(":") if p]
    found += sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3"))
    found += sorted(p for p in Path("/usr/bin").glob("python3.*") if p.name.count(".") == 1)
    return [p for p in found if (version_of(p) or (0, 0)) >= (3, 8)] or [Path(sys.executable)]


@pytest.mark.parametrize("python", pythons(), ids=lambda path: str(path))
def test_package_works_without_numpy(python):
    environment = dict(os.environ, PYTHONPATH=str(HERE.parent))
    done = subprocess.run([str(python), "-B", str(HERE / "plain_python.py")], env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True, timeout=100)
    assert done.returncode == 0 and "\nok " in "\n" + done.stdout, done.stdout
    print(done.stdout)
