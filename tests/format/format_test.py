# SPDX-License-Identifier: Apache-2.0
"""format_test.py SCENE PROGRAMS_FOLDER PAGE: plays one scene of reader.py and the programs."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from reader import PUBLISHED, Reader
from section_map import DEAD, NEWEST, OPEN, Lost, SectionMap
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


def run(*words, code=0, text=None):
    """The output of a program that has to end with this code."""
    done = subprocess.run([f"{BIN}/mapferry", *words], input=text, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == code, (words, done)
    return done.stdout


def peer(code):
    """Another process with a reader `r` of the section."""
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
        time.sleep(0.002)
    return value


def opened(path=PATH):
    until(lambda: os.path.exists(path), path)
    return Reader(path)


def make(name, count, period=251):
    with open(name, "wb") as file:
        file.write(data := bytes(i * i // 7 % period for i in range(count)))
    return data


def report(child):
    """The last event of a program with --json that has ended well."""
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


# ---- kept sections -----------------------------------------------------------------------------

def listed_bytes():
    """The section that the page shows, whose other bytes are zeros."""
    section = bytearray(77824)
    for line in open(PAGE, encoding="utf-8"):
        if found := re.fullmatch(r"    ([0-9a-f]{8}): ((?:[0-9a-f]{4} ){8}) .*\n", line):
            at = int(found[1], 16)
            section[at:at + 16] = bytes.fromhex(found[2])
    return section


def worked_example():
    listed = listed_bytes()
    with open(os.open("page.sect", os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
        file.write(listed)
    shown = Reader("page.sect")
    assert [payload.data for payload in shown.payloads()] == [b"hi"]
    sequence = shown.load(1536)
    seed = shown.ident.epoch + sequence & 2**64 - 1
    assert sequence == 1 and shown.load(1544) == xxh3_64(listed[1600:2752], seed)
    run("send", "--keep", "--backing", "d.sect", "--name", "hello", "--text", "hi")
    made = bytearray(open("d.sect", "rb").read())
    slots = [shown.ident.slots_at + 128 * i for i in range(3)]
    # Epoch, time, process; the checksums that depend on them; times of messages.
    varying = [(0x10, 8), (0x50, 12), (0xF8, 8), (1544, 8)]
    varying += [(at + 40, 8) for at in slots] + [(at + 120, 8) for at in slots]
    for section in listed, made:
        for at, count in varying:
            section[at:at + count] = bytes(count)
    assert made == listed, [hex(i) for i, (a, b) in enumerate(zip(made, listed)) if a != b][:20]


def kept():
    data = make("a.bin", 300_000)
    for kind in "chunks", "bytes":
        run("send", "--keep", "--name", NAME, "--slot-size", "8k", "--digest", kind, "a.bin",
            "--text", "gr\u00fc\u00dfe")
        for writes in True, False:
            section = Reader(PATH, writes)
            got = sorted((p.name, p.is_text, p.data) for p in section.payloads())
            assert got == [("", True, "gr\u00fc\u00dfe".encode()), ("a.bin", False, data)]
            section.close()
        run("rm", NAME)


def kept_followed():
    data = make("a.bin", 10_000)
    writer = sender("--keep", "--slot-size", "4k", "-", stdin=subprocess.PIPE)
    section = opened()
    writer.stdin.write(data)
    writer.stdin.flush()
    messages = section.messages()
    kinds = [next(messages)[0].kind for _ in range(3)]
    assert kinds == [1, 2, 2] and section.writer() == OPEN
    writer.stdin.close()
    assert b"".join(part for facts, part in messages if facts.kind == 2) == data[8192:]
    assert writer.wait(60) == 0
    assert [payload.data for payload in section.payloads()] == [data]


def consumed():
    data = make("a.bin", 10_000)
    run("send", "--keep", "--name", NAME, "a.bin")
    section = opened()
    assert section.lock(2) and section.is_current()
    run("receive", "--name", NAME, "--consume", "--null", "--timeout", "50ms", code=75)
    assert [payload.data for payload in section.payloads()] == [data]
    section.consume()
    assert not os.path.exists(PATH)


def sparse():
    with open("holes.bin", "wb") as file:
        file.write(b"front")
        file.seek(3_000_000)
        file.write(b"back")
    data = open("holes.bin", "rb").read()
    run("send", "--keep", "--name", NAME, "--slot-size", "64k", "holes.bin")
    section = opened()
    facts = [facts for facts, _ in section.messages() if facts.flags & 4]
    assert len(facts) >= 2 and any(f.more_slots for f in facts)
    assert [payload.data for payload in section.payloads()] == [data]
    run("rm", NAME)
    writer = sender("--slot-size", "64k", "--slots", "5", "holes.bin")
    section = opened()
    assert [payload.data for payload in section.payloads(section.attach())] == [data]
    section.leave()
    assert report(writer)["readers_served"] == 1


# ---- streams -----------------------------------------------------------------------------------

def stream():
    data = make("a.bin", 100_000)
    writer = sender("a.bin", "--text", "one", "two")
    section = opened()
    got = [(p.name, p.data) for p in section.payloads(section.attach())]
    assert sorted(got) == [("", b"one"), ("", b"two"), ("a.bin", data)]
    section.leave()
    assert report(writer)["readers_served"] == 1 and not os.path.exists(PATH)


def wrap_around():
    data = make("a.bin", 500_000)
    writer = sender("--slots", "4", "--slot-size", "4k", "a.bin", where=("--backing", "ring.sect"))
    section = opened("ring.sect")
    assert [payload.data for payload in section.payloads(section.attach())] == [data]
    assert section.load(PUBLISHED) > 30 * section.ident.slot_count
    section.leave()
    assert report(writer)["readers_served"] == 1


def slow_reader():
    data = make("a.bin", 80_000)
    writer = sender("--slots", "4", "--slot-size", "4k", "a.bin")
    section = opened()
    ahead, got = [], b""
    for facts, part in section.messages(section.attach()):
        time.sleep(0.03)
        ahead.append(section.load(PUBLISHED) - (facts.sequence - 1))
        got += part if facts.kind == 2 else b""
    assert got == data and max(ahead) == section.ident.slot_count, ahead
    section.leave()
    assert report(writer)["readers_served"] == 1


def two_readers():
    data = make("a.bin", 200_000)
    writer = sender("--readers", "2", "--slots", "8", "--slot-size", "4k", "a.bin")
    other = start("receive", "--name", NAME, "-o", "b.bin", "-q")
    section = opened()
    assert [payload.data for payload in section.payloads(section.attach())] == [data]
    section.leave()
    assert other.wait(60) == 0 and open("b.bin", "rb").read() == data
    assert report(writer)["readers_served"] == 2


def writer_killed():
    data = make("a.bin", 400_000)
    writer = sender("--slots", "4", "--slot-size", "4k", "a.bin")
    section = opened()
    messages = section.messages(section.attach())
    got = b"".join(next(messages)[1] for _ in range(5))[1152:]
    writer.kill()
    writer.wait(60)
    began = time.monotonic()

    def read_on():
        nonlocal got
        for _, part in messages:
            got += part

    lost(read_on, "the writer died")
    assert time.monotonic() - began < 1
    assert len(got) // 4096 >= 4 and data.startswith(got)
    # The next writer needs no help.
    writer = sender("a.bin")
    until(lambda: not section.is_current() and os.path.exists(PATH), "the next section")
    section = Reader(PATH)
    assert [payload.data for payload in section.payloads(section.attach())] == [data]
    section.leave()
    assert report(writer)["readers_served"] == 1


def reader_killed():
    make("a.bin", 400_000)
    writer = sender("--slots", "4", "--slot-size", "4k", "a.bin")
    opened().close()
    other = peer("messages = r.messages(r.attach()); next(messages); print('ready', flush=True)\n"
                 "time.sleep(60)")
    other.kill()
    output = writer.communicate(timeout=60)[0]
    assert writer.returncode == 69 and b"it died" in output, output


def writer_aborts():
    writer = sender("-", stdin=subprocess.PIPE)
    section = opened()
    writer.stdin.write(bytes(1_000_000))
    writer.stdin.flush()
    messages = section.messages(section.attach())
    next(messages)
    writer.terminate()
    lost(lambda: list(messages), "the writer gave up: ")
    assert writer.wait(60) == -signal.SIGTERM


def late_reader():
    writer = sender("-", stdin=subprocess.PIPE)
    first = start("receive", "--name", NAME, "--null", "-q")
    section = opened()
    writer.stdin.write(bytes(1_000_000))
    writer.stdin.flush()
    until(lambda: section.load(PUBLISHED), "a message")
    other = peer("print('ready', flush=True)\ntry: r.attach()\nexcept Lost as e: print(e)")
    until(lambda: section.load(4096 + 128) & 255 == 1, "another reader")
    writer.stdin.close()
    said = other.communicate(timeout=60)[0]
    assert b"too late" in said, said
    assert first.wait(60) == 0 and report(writer)["readers_served"] == 1


# ---- frames ------------------------------------------------------------------------------------

def camera(*words):
    """A camera, its section, and what its frames are, in turn."""
    data = make("video.raw", FRAMES * FRAME_BYTES, 241)
    child = start("send", "--json", "--name", NAME, "--frames", "video.raw", *SHAPE, "--loop",
                  *words, stdout=subprocess.PIPE)
    return child, opened(), [data[i:i + FRAME_BYTES] for i in range(0, len(data), FRAME_BYTES)]


def check_frame(frame, source):
    facts, data = frame.facts, frame.data()
    assert facts.index == facts.sequence - 1 and not facts.flags
    assert data == source[facts.index % FRAMES] and xxh3_64(data) == facts.xxh3
    return facts.index


def latest():
    child, section, source = camera("--fps", "100", "--count", "150")
    frames = section.frames(section.attach())
    taken = [check_frame(next(frames), source)]
    others = Reader(PATH)
    others.attach()
    shown = [reader["pid"] for reader in json.loads(run("info", "--json", NAME))["readers"]]
    assert shown == [os.getpid()] * 2
    role = others.role
    assert section.is_held(role)
    others.leave()
    assert not section.is_held(role) and section.load(4096 + 128) == others.ticket << 8 | 2
    assert len(json.loads(run("info", "--json", NAME))["readers"]) == 1
    taken += [check_frame(frame, source) for frame in frames]
    assert taken == sorted(set(taken)) and len(taken) > 5 and taken[-1] == 149, taken
    section.leave()
    assert child.wait(60) == 0


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
    other = peer("wanted = r.attach()\nwhile not (f := r.claim(wanted)): time.sleep(0.01)\n"
                 "print('ready', flush=True); time.sleep(60)")
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
        time.sleep(0.002)
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
    other = peer("with r.locked(): print('ready', flush=True); time.sleep(60)")
    assert section.is_held(3) and not section.lock(3)
    other.kill()
    other.wait(60)
    assert b"holder died" in run("info", NAME)
    for expected in True, False:
        with section.locked() as died:
            assert died == expected


def clean_up():
    for child in children:
        child.kill()
        child.wait()
        for pipe in filter(None, (child.stdin, child.stdout)):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(PATH)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    try:
        globals()[SCENE]()
    finally:
        clean_up()
