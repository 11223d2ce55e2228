# SPDX-License-Identifier: Apache-2.0
"""Kept sections and streams, read in Python."""

import os
import re
import signal
import subprocess
import time

from reader import PUBLISHED, Reader
from scene_tools import (NAME, PAGE, PATH, lost, make, opened, peer, report, run, sender, start,
                         until)
from section_map import OPEN, Damaged
from xxh3 import xxh3_64


def listed_bytes():
    """The section that the page shows; its other bytes are zeros."""
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
    # Differ between two sections: epoch, time, process; the checksums over them; times of messages.
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


def may_open(trusted=None):
    try:
        Reader(PATH, trusted=trusted).close()
    except PermissionError:
        return False
    return True


def shared():
    run("send", "--keep", "--name", NAME, "--share", f"group:{os.getegid()}", "--text", "hi")
    assert os.stat(PATH).st_mode & 0o7777 == 0o660
    assert [payload.data for payload in Reader(PATH).payloads()] == [b"hi"]
    os.chmod(PATH, 0o666)
    assert not may_open()
    if os.geteuid() == 0:  # another user's
        os.chown(PATH, 4711, 4712)
        os.chmod(PATH, 0o660)
        assert may_open(("group", 4712)) and may_open(("user", 4711))
        assert not may_open() and not may_open(("group", 4711)) and not may_open(("user", 4712))
        os.chmod(PATH, 0o664)
        assert not may_open(("group", 4712))
    run("rm", "--force", NAME)


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
        time.sleep(0.03)  # time itself: this reader is slower than the writer
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
    assert time.monotonic() - began < 5
    assert len(got) // 4096 >= 4 and data.startswith(got)
    # The next writer works without cleaning.
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
                 "time.sleep(60)")  # until it is killed
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


def given_up():
    data = make("a.bin", 100_000)
    writer = sender("--readers", "2", "--stall-timeout", "200ms", "--slots", "4", "--slot-size",
                    "4k", "a.bin")
    other = start("receive", "--name", NAME, "-o", "b.bin", "-q")
    section = opened()
    messages = section.messages(section.attach())
    next(messages)
    until(lambda: section.load(section.admission) == section.ticket << 8 | 2, "the verdict")
    assert other.wait(60) == 0 and open("b.bin", "rb").read() == data
    lost(lambda: list(messages), "gave this reader up")
    section.leave(75)
    assert b"it made no progress" in writer.communicate(timeout=60)[0] and writer.returncode == 69


def cut_file():
    make("a.bin", 100_000)
    run("send", "--keep", "--backing", "d.sect", "a.bin")
    section = opened("d.sect")
    os.truncate("d.sect", section.ident.payload_at + 2000)
    try:
        list(section.messages())
    except Damaged as error:
        assert "cut" in str(error)
    else:
        raise AssertionError("the file that was cut was read")


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
