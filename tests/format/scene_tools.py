# SPDX-License-Identifier: Apache-2.0
"""The common code of the scenes: the programs, other processes of Python, sections, sources."""

import contextlib
import json
import os
import subprocess
import sys
import time

from reader import Reader
from section_map import Lost
from xxh3 import xxh3_64

SCENE, BIN, PAGE = sys.argv[1], os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
NAME = f"py-{os.getpid()}"
PATH = f"/dev/shm/mapferry.{NAME}"
SHAPE, FRAME_BYTES, FRAMES = ("--image", "64x48:BGR24"), 64 * 48 * 3, 40
HERE = os.path.dirname(os.path.abspath(__file__))
children = []


def start(*words, **streams):
    child = subprocess.Popen([f"{BIN}/mapferry", *words], **streams)
    children.append(child)
    return child


def run(*words, code=0):
    """Runs a program that must end with this code; returns its output."""
    done = subprocess.run([f"{BIN}/mapferry", *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == code, (words, done)
    return done.stdout


def peer(code):
    """Starts another process with a reader `r` of the section."""
    text = (f"import sys, time; sys.path.insert(0, {HERE!r}); from section_map import Lost\n"
            f"from reader import *; r = Reader({PATH!r})")
    child = subprocess.Popen([sys.executable, "-B", "-c", f"{text}\n{code}"],
                             stdout=subprocess.PIPE)
    children.append(child)
    assert child.stdout.readline() == b"ready\n"
    return child


def until(holds, what):
    end = time.monotonic() + 30
    while not (value := holds()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.002)  # between two looks
    return value


def opened(path=PATH):
    until(lambda: os.path.exists(path), path)
    return Reader(path)


def make(name, count, period=251):
    with open(name, "wb") as file:
        file.write(data := bytes(i * i // 7 % period for i in range(count)))
    return data


def report(child):
    """The last event of a program with --json that has succeeded."""
    if child.stdin:
        child.stdin.close()
        child.stdin = None
    output = child.communicate(timeout=60)[0]
    assert child.returncode == 0, output
    return json.loads(output.splitlines()[-1])


def lost(what, words):
    try:
        what()
    except Lost as error:
        assert words in str(error), error
        return
    raise AssertionError(f"nobody was lost: {words}")


def sender(*words, where=("--name", NAME), **streams):
    return start("send", "--json", *where, *words, stdout=subprocess.PIPE, **streams)


def frames_in(data):
    return [data[i:i + FRAME_BYTES] for i in range(0, len(data), FRAME_BYTES)]


def camera(*words):
    """Starts a camera; returns it, its section and its frames in order."""
    data = make("video.raw", FRAMES * FRAME_BYTES, 241)
    child = start("send", "--json", "--name", NAME, "--frames", "video.raw", *SHAPE, "--loop",
                  *words, stdout=subprocess.PIPE)
    return child, opened(), frames_in(data)


def check_frame(frame, source):
    facts, data = frame.facts, frame.data()
    assert facts.index == facts.sequence - 1 and not facts.flags & 0xFFFF
    assert data == source[facts.index % len(source)] and xxh3_64(data) == facts.xxh3
    return facts.index


def clean_up():
    for child in children:
        child.kill()
        child.wait()
        for pipe in filter(None, (child.stdin, child.stdout, child.stderr)):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(PATH)
