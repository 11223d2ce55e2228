# SPDX-License-Identifier: Apache-2.0
"""Sections that are written in Python."""

import json
import os
import subprocess
import time

from scene_tools import (FRAME_BYTES, FRAMES, NAME, PATH, check_frame, make, opened, run, start,
                         until)
from section_map import KEEP, LATEST, STREAM
from writer import Writer


def writes_kept():
    data = make("a.bin", 30_000)
    writer = Writer(PATH, KEEP, 20, 4096)
    follower = start("receive", "--name", NAME, "-o", "b.bin", "-q")
    writer.payload("a.bin", data)
    assert json.loads(run("info", "--json", NAME))["payloads"][0]["state"] == "whole"
    writer.end()
    assert follower.wait(60) == 0 and open("b.bin", "rb").read() == data
    run("verify", NAME)
    assert run("receive", "--name", NAME, "--consume", "-o", "-") == data
    assert not os.path.exists(PATH)


def writes_stream():
    data = make("a.bin", 60_000)
    writer = Writer(PATH, STREAM, 4, 4096)
    names = "b.bin", "c.bin"
    others = [start("receive", "--name", NAME, "-o", name, "-q") for name in names]
    until(lambda: len(writer.waiting()) == 2, "two readers")
    writer.payload("a.bin", data)
    writer.end()
    assert [other.wait(60) for other in others] == [0, 0] and not os.path.exists(PATH)
    assert [open(name, "rb").read() for name in names] == [data, data]
    # One whose writer dies says so.
    writer = Writer(PATH, STREAM, 4, 4096)
    other = start("receive", "--name", NAME, "-o", "d.bin", stderr=subprocess.PIPE)
    until(writer.waiting, "a reader")
    writer.begin("d.bin", 100_000)
    os.close(writer.writer_fd)
    assert b"the writer died" in other.communicate(timeout=60)[1]
    assert other.returncode == 69 and not os.path.exists("d.bin")


def writes_frames():
    data = make("video.raw", FRAMES * FRAME_BYTES, 241)
    source = [data[i:i + FRAME_BYTES] for i in range(0, len(data), FRAME_BYTES)]
    writer = Writer(PATH, LATEST, 8, 12288)
    other = start("receive", "--name", NAME, "--frames", "-o", "got.raw", "-q")
    section = opened()
    wanted = section.attach()
    until(lambda: section.load(4096 + 128) & 255 == 1, "two readers")
    writer.frame(source[0])
    held = section.claim(wanted)
    for index in range(1, 60):
        writer.frame(source[index % FRAMES])
        time.sleep(0.01)
    check_frame(held, source)
    slots = [writer.ident.slots_at + 128 * i for i in range(8)]
    assert held.facts.sequence in [writer.load(at) for at in slots]
    section.give_back(held)
    section.leave()
    writer.frame(source[60 % FRAMES])
    writer.frame(source[61 % FRAMES])
    assert held.facts.sequence not in [writer.load(at) for at in slots]
    writer.end()
    assert other.wait(60) == 0
    got = open("got.raw", "rb").read()
    frames = [got[i:i + FRAME_BYTES] for i in range(0, len(got), FRAME_BYTES)]
    assert len(frames) > 5 and all(frame in source for frame in frames)
    assert frames[-1] == source[61 % FRAMES]
