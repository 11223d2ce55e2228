# SPDX-License-Identifier: Apache-2.0
"""Sections, written in Python."""

import json
import os
import subprocess
import time

import notes
from scene_tools import (BIN, FRAME_BYTES, FRAMES, NAME, PATH, check_frame, frames_in, make, opened,
                         run, start, until)
from section_map import KEEP, LATEST, STREAM, Later
from writer import Flags, Writer


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
    # The reader of a writer that dies reports its death.
    writer = Writer(PATH, STREAM, 4, 4096)
    other = start("receive", "--name", NAME, "-o", "d.bin", stderr=subprocess.PIPE)
    until(writer.waiting, "a reader")
    writer.begin("d.bin", 100_000)
    os.close(writer.writer_fd)
    assert b"the writer died" in other.communicate(timeout=60)[1]
    assert other.returncode == 69 and not os.path.exists("d.bin")


def writes_frames():
    data = make("video.raw", FRAMES * FRAME_BYTES, 241)
    source = frames_in(data)
    writer = Writer(PATH, LATEST, 8, 12288)
    other = start("receive", "--name", NAME, "--frames", "-o", "got.raw", "-q")
    section = opened()
    wanted = section.attach()
    until(lambda: section.load(4096 + 128) & 255 == 1, "two readers")
    writer.frame(source[0])
    held = section.claim(wanted)
    for index in range(1, 60):
        writer.frame(source[index % FRAMES])
        time.sleep(0.01)  # time itself: the pace of a camera
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
    frames = frames_in(got)
    assert len(frames) > 5 and all(frame in source for frame in frames)
    assert frames[-1] == source[61 % FRAMES]


def writes_notes():
    """What Python says beside a frame's bytes arrives, and the programs read the frame."""
    writer = Writer(PATH, LATEST, 8, 4096 + 69632)
    assert notes.description(writer) == ""
    for text in b'{"a": 1}', b"", bytes(65536), b"last":
        writer.describe(text)
        assert notes.description(opened()) == text.decode()
    section = opened()
    wanted = section.attach()
    tensor = b"\x02\x20\x01\x00\x02\x00\x00\x00" + (2).to_bytes(8, "little") * 2
    contents = {notes.METADATA: notes.pack_metadata("application/json", b'{"gain": 2}'),
                notes.TENSOR: tensor}
    writer.frame(bytes(16), contents, (3, 12345), 7, 2)
    frame = section.claim(wanted)
    assert (frame.facts.clock, frame.facts.captured) == (3, 12345)
    assert (frame.facts.number, frame.facts.skipped, frame.facts.flags & 8) == (7, 2, 8)
    assert notes.metadata(frame.notes[notes.METADATA]) == ("application/json", b'{"gain": 2}')
    assert notes.tensor(frame.notes[notes.TENSOR]) == (2, 32, 1, (2, 2))
    section.give_back(frame)
    assert run("receive", "--name", NAME, "--frames", "--count", "1", "-o", "-") == bytes(16)
    section.leave()
    writer.end()


def future_entries():
    """An entry of a new type is passed over, or refused with 76 where it must be known."""
    for kind, code in (0x8FFF, 0), (0x7FFF, 76):
        writer = Writer(PATH, LATEST, 8, 4096 + 69632)
        other = start("receive", "--name", NAME, "--frames", "-o", "got.raw", "-f",
                      stderr=subprocess.PIPE)
        until(lambda: writer.load(4096) & 255 == 1, "a reader")
        writer.frame(bytes(100), {kind: b"abc"})
        if code == 0:
            writer.end()
        errors = other.communicate(timeout=60)[1]
        assert other.returncode == code and (b"later version" in errors) == (code != 0), errors
        if code != 0:
            writer.end()
        writer = Writer(PATH, KEEP, 20, 4096)
        writer.payload("a.bin", bytes(100), {kind: b"abc"})
        writer.end()
        run("verify", NAME, code=code)
        os.unlink(PATH)


# ---- "Versions": sections from the future ------------------------------------------------------

IGNORED, TO_KNOW = 0xF0000, 0x8000


def future_announces():
    """What need not be known is ignored, by the programs and by the reader in Python."""
    Flags.ident = Flags.slot = Flags.manifest = Flags.end = IGNORED
    for scene in writes_kept, writes_stream, writes_frames:
        scene()
        for name in [*os.listdir(), *filter(os.path.exists, [PATH])]:
            os.remove(name)
    data = make("a.bin", 30_000)
    writer = Writer(PATH, KEEP, 20, 4096)
    writer.payload("a.bin", data)
    writer.end()
    assert [one.data for one in opened().payloads()] == [data]
    os.unlink(PATH)


def future_must_be_known():
    """What must be known is refused with 76, wherever it is said."""
    data = make("a.bin", 10_000)
    for place in "ident", "slot", "manifest", "end":
        setattr(Flags, place, TO_KNOW)
        writer = None
        try:
            writer = Writer(PATH, KEEP, 20, 4096)
        except Later:
            assert place == "ident"
        if writer:
            writer.payload("a.bin", data)
            writer.end()
        for words in ("receive", "--name", NAME, "--timeout", "0", "-o", "b.bin"), ("verify", NAME):
            done = subprocess.run([f"{BIN}/mapferry", *words], capture_output=True, timeout=60)
            assert done.returncode == 76 and b"later version" in done.stderr, (place, done)
        assert not os.path.exists("b.bin")
        if writer:
            try:
                list(opened().payloads())
                raise AssertionError(f"{place}: read")
            except Later:
                pass
        setattr(Flags, place, 0)
        os.unlink(PATH)


def future_frames_must_be_known():
    data = make("video.raw", FRAME_BYTES, 241)
    Flags.slot = TO_KNOW
    writer = Writer(PATH, LATEST, 8, 12288)
    other = start("receive", "--name", NAME, "--frames", "-o", "got.raw", stderr=subprocess.PIPE)
    until(lambda: writer.load(4096) & 255 == 1, "a reader")
    writer.frame(data)
    assert b"later version" in other.communicate(timeout=60)[1] and other.returncode == 76
    writer.end()
