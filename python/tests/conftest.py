# SPDX-License-Identifier: Apache-2.0
"""What the tests share: names that nobody else has, other processes, a watchdog."""

import faulthandler
import itertools
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

import mapferry

_RUN = uuid.uuid4().hex[:10]
_numbers = itertools.count()
# A test that hangs prints the stacks of all threads and ends the run.
_WATCHDOG_SECONDS = 120 + float(os.environ.get("MAPFERRY_SOAK_SECONDS", "0"))


@pytest.fixture(autouse=True)
def watchdog():
    faulthandler.dump_traceback_later(_WATCHDOG_SECONDS, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture
def section():
    """A section's name of this test alone. What is left under it is removed."""
    name = f"pytest-{_RUN}-{next(_numbers)}"
    yield name
    try:
        mapferry.rm(name, force=True)
    except mapferry.NotFound:
        pass


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left():
    """No section of this run stays behind."""
    yield
    assert [name for name in mapferry.ls() if _RUN in name] == []


@pytest.fixture
def programs():
    """The folder of the C++ programs."""
    folder = os.environ.get("MAPFERRY_PROGRAMS")
    if not folder:
        pytest.fail("MAPFERRY_PROGRAMS must name the folder of mapferry-writer, mapferry-reader")
    return Path(folder)


class Script:
    """A Python program in a process of its own, which prints lines and reads lines."""

    def __init__(self, text, *arguments, python=sys.executable, **options):
        self.process = subprocess.Popen(
            [python, "-u", "-c", text, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            universal_newlines=True,
            **options,
        )

    def line(self):
        return self.process.stdout.readline().strip()

    def say(self, text="go"):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def end(self):
        """The lines that are left, and the exit code."""
        rest, _ = self.process.communicate(timeout=60)
        return rest.split("\n")[:-1], self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def script():
    """Starts scripts, which are ended with the test."""
    started = []

    def start(text, *arguments, **options):
        started.append(Script(text, *arguments, **options))
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def pair(section):
    """A writer and a reader of one section."""
    with mapferry.FrameWriter(section) as writer:
        with mapferry.FrameReader(section, timeout=10) as reader:
            yield writer, reader
