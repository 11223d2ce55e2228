# SPDX-License-Identifier: Apache-2.0
"""Frames and buffers, read in Python."""

import itertools
import json
import os
import subprocess
import time

from reader import Reader
from scene_tools import (FRAME_BYTES, FRAMES, NAME, PATH, SHAPE, camera, check_frame, frames_in,
                         lost, make, opened, peer, report, run, sender, start, until)
from section_map import DEAD, NEWEST, OPEN


def latest():
    child = sender("--frames", "-", *SHAPE, stdin=subprocess.PIPE)
    source = frames_in(make("film.raw", 60 * FRAME_BYTES, 241))
    film = iter(source)

    def show(count):
        child.stdin.write(b"".join(itertools.islice(film, count)))
        child.stdin.flush()

    section = opened()
    show(1)
    frames = section.frames(section.attach())
    take = lambda: check_frame(next(frames), source)
    assert take() == 0
    others = Reader(PATH)
    others.attach()
    shown = [reader["pid"] for reader in json.loads(run("info", "--json", NAME))["readers"]]
    assert shown == [os.getpid()] * 2
    role = others.role
    assert section.is_held(role)
    others.leave()
    assert not section.is_held(role) and section.load(4096 + 128) == others.ticket << 8 | 2
    assert len(json.loads(run("info", "--json", NAME))["readers"]) == 1
    for index in range(1, 6):
        show(1)
        assert take() == index
    show(24)
    until(lambda: section.load(NEWEST) >> 16 == 30, "24 more frames")
    assert take() == 29
    show(30)
    report(child)
    assert [check_frame(frame, source) for frame in frames][-1] == 59
    section.leave()


def lease_holds():
    child, section, source = camera("--fps", "300")
    wanted = section.attach()
    held = until(lambda: section.claim(wanted, 2), "a frame")
    others = section.frames(held.facts.sequence)
    for _ in range(30):
        check_frame(next(others), source)
    assert section.load(NEWEST) >> 16 > held.facts.sequence + section.ident.slot_count // 8
    check_frame(held, source)
    section.give_back(held)
    others.close()
    section.leave()


def reader_dies_with_lease():
    child, section, source = camera("--fps", "300")
    other = peer("wanted = r.attach()\n"
                 "while not (f := r.claim(wanted)): time.sleep(0.01)\n"  # between two looks
                 "print('ready', flush=True); time.sleep(60)")  # until it is killed
    mark = section.load(4096 + 16)
    slots = [section.ident.slots_at + 128 * i for i in range(section.ident.slot_count)]
    is_there = lambda: mark in [section.load(at) for at in slots]
    until(lambda: section.load(NEWEST) >> 16 > mark + 60, "60 more frames")
    assert mark != 0 and is_there()
    other.kill()
    other.wait(60)
    until(lambda: not is_there(), "the dead reader's slot in use")


def no_lease():
    child, section, source = camera("--fps", "300")
    until(lambda: section.load(NEWEST), "a frame")
    before = bytes(section.map[4096:section.ident.slots_at])
    for _ in range(50):
        facts, data = section.look()
        assert data == source[facts.index % FRAMES]
        time.sleep(0.002)  # time itself: frames come between two looks
    assert bytes(section.map[4096:section.ident.slots_at]) == before == bytes(len(before))


def follows_restart():
    child, section, source = camera("--fps", "200")
    check_frame(next(section.frames(section.attach())), source)
    child.kill()
    child.wait(60)
    assert section.writer() == DEAD
    lost(lambda: list(section.frames(2**40)), "the writer died")
    camera("--fps", "200")
    until(lambda: not section.is_current() and os.path.exists(PATH), "another section")
    successor = Reader(PATH)
    assert successor.ident.epoch != section.ident.epoch and successor.writer() == OPEN
    check_frame(next(successor.frames(successor.attach())), source)


def each():
    child, section, source = camera("--lossless", "--fps", "0", "--count", "100")
    taken = [check_frame(frame, source) for frame in section.frames(section.attach())]
    assert taken == list(range(100)), taken
    section.leave()
    assert child.wait(60) == 0


# ---- buffers -----------------------------------------------------------------------------------

def buffer():
    run("send", "--buffer", NAME, "--size", "100")
    section = opened()
    at = section.ident.payload_at
    assert section.ident.buffer_bytes == 100
    with section.locked() as died:
        assert not died
        run("send", "--buffer", NAME, "--at", "8", "--text", "x", "--timeout", "50ms", code=75)
        os.pwrite(section.fd, b"hello", at + 8)
        waiting = start("send", "--buffer", NAME, "--at", "50", "--text", "later", "-q")
        until(lambda: section.load(3076, 4), "a sleeper")
    assert waiting.wait(60) == 0
    assert run("receive", "--buffer", NAME, "--at", "8", "--bytes", "5", "-o", "-") == b"hello"
    assert section.slot_bytes(0, 100)[50:55] == b"later"
    others = [peer("print('ready', flush=True)\nfor _ in range(50):\n  with r.locked():\n"
                   "    n = int.from_bytes(r.slot_bytes(0, 4), 'little') + 1\n"
                   "    os.pwrite(r.fd, n.to_bytes(4, 'little'), r.ident.payload_at)\n")
              for _ in range(2)]
    assert [other.wait(60) for other in others] == [0, 0]
    assert int.from_bytes(section.slot_bytes(0, 4), "little") == 100


def buffer_holder_died():
    run("send", "--buffer", NAME, "--size", "100")
    section = opened()
    other = peer("with r.locked(): print('ready', flush=True); time.sleep(60)")  # until killed
    assert section.is_held(3) and not section.lock(3)
    other.kill()
    other.wait(60)
    assert b"holder died" in run("info", NAME)
    for expected in True, False:
        with section.locked() as died:
            assert died == expected
