# SPDX-License-Identifier: Apache-2.0
"""A section, its words, bells and roles, and a reader's place in it, with only the standard library
of Python, on Linux. It was written from docs/section_format.md alone; comments name the headings
that it follows."""

import collections
import errno
import fcntl
import mmap
import os
import stat
import struct
import time

from xxh3 import xxh3_64

STREAM, KEEP, LATEST, EACH, BUFFER = range(1, 6)
OPEN, ENDED, ABORTED, DEAD = range(1, 5)
STATE, WRITER_BELL, NEWEST, ADMISSIONS, NOTE = 264, 384, 448, 512, 3136
LINES, ROLES, UNSET = 4096, 2**62, 2**64 - 1
IDENT = struct.Struct("<QIIQQIIQQQQQqIIQI4x64s72xQ")
Ident = collections.namedtuple(
    "Ident", "magic version ident_bytes epoch section_bytes delivery reader_limit slot_count "
    "slot_bytes readers_at slots_at payload_at created pid wake buffer_bytes flags label xxh3")
SLOT = struct.Struct("<QQQQQqIIQ32sQQ8xQ")
Slot = collections.namedtuple("Slot", "sequence bytes xxh3 offset index timestamp kind flags "
                              "count image holes more_slots slot_xxh3")
FRAME = struct.Struct("<QQQQQqIIII32sqQ8xQ")
FrameSlot = collections.namedtuple("FrameSlot", "sequence bytes xxh3 skipped index timestamp kind "
                                   "flags notes_bytes clock image captured number slot_xxh3")
FLOCK = struct.Struct("hhqqi0q")  # struct flock where off_t has 64 bits
fence = os.sched_yield  # "Languages without atomics"


class Lost(Exception):
    """The other side died, gave up, or gave this reader up."""


class Damaged(Exception):
    """A checksum or a field is wrong."""


class Later(Exception):
    """A later version made this, and one must know what it means."""


def require(holds, what):
    if not holds:
        raise Damaged(what)


def payload_place(delivery, slots_at, slot_count):  # "Map"
    areas = 2 * 65600 if delivery in (LATEST, EACH) else 0
    return (slots_at + 128 * slot_count + areas + 65535) // 65536 * 65536


def may_use(fd, facts, trusted):  # "Open", 2
    mode, own = facts.st_mode & 0o7777, facts.st_uid == os.geteuid()
    shared = mode in (0o660, 0o640) and "system.posix_acl_access" not in os.listxattr(fd)
    named = trusted in (("user", facts.st_uid), ("group", facts.st_gid))
    return stat.S_ISREG(facts.st_mode) and (own and not mode & 0o22 or shared and (own or named))


class SectionMap:
    line = None  # this reader's, as an offset

    def __init__(self, path, writes=True, trusted=None):  # "Open"
        self.path = path
        access = os.O_RDWR if writes else os.O_RDONLY
        self.fd = os.open(path, access | os.O_NOFOLLOW | os.O_NONBLOCK)
        facts = os.fstat(self.fd)
        if not may_use(self.fd, facts, trusted):
            raise PermissionError(f"{path} is no regular file of this user or of one it trusts")
        head = os.pread(self.fd, 256, 0)
        require(len(head) == 256 and head[:8] == b"MAPFERRY", "this is no section")
        self.ident = one = Ident(*IDENT.unpack(head))
        require((one.version, one.ident_bytes) == (1, 256), "the format's version")
        require(one.xxh3 == xxh3_64(head[:248]), "the ident's checksum")
        self.known(one, "flags", 0)
        payload_at = payload_place(one.delivery, one.slots_at, one.slot_count)
        require((one.readers_at, one.slots_at, one.payload_at)
                == (LINES, LINES + 128 * one.reader_limit, payload_at), "an offset in the ident")
        require(one.section_bytes == one.payload_at + one.slot_count * one.slot_bytes
                and facts.st_size >= one.section_bytes, "the section's size")
        self.map = mmap.mmap(self.fd, one.payload_at,
                             access=mmap.ACCESS_WRITE if writes else mmap.ACCESS_READ)
        self.words = {size: memoryview(self.map).cast(code) for size, code in ((8, "Q"), (4, "I"))}
        self.lock(4, fcntl.F_RDLCK)

    def known(self, record, flags, known):  # "Versions"
        """The record, whose flags (a name or a place) are among these where they must be known."""
        flags = getattr(record, flags) if isinstance(flags, str) else record[flags]
        if flags & 0xFFFF & ~known:
            raise Later(f"flags {flags:#x}")
        return record

    def close(self):
        for words in self.words.values():
            words.release()
        self.map.close()  # the map has a copy of the descriptor, which keeps the locks
        os.close(self.fd)

    def is_current(self):
        """Whether the name still leads to this section."""
        try:
            return os.path.samestat(os.lstat(self.path), os.fstat(self.fd))
        except FileNotFoundError:
            return False

    def remove_name(self):  # "Remove a name"
        self.lock_in_time(1, 5)
        if self.is_current():
            os.unlink(self.path)
        self.unlock(1)

    def load(self, at, size=8):
        value = self.words[size][at // size]
        fence()
        return value

    def store(self, at, value, size=8):
        fence()
        self.words[size][at // size] = value
        fence()

    def descriptor(self, raw):
        facts = Slot(*SLOT.unpack(raw))
        require(facts.slot_xxh3 == xxh3_64(raw[:120], self.ident.epoch), "a descriptor's checksum")
        require(facts.bytes <= self.ident.slot_bytes, "a descriptor's bytes")
        self.known(facts, "flags", 15)
        return FrameSlot(*FRAME.unpack(raw)) if facts.kind == 4 else facts

    def slot_bytes(self, slot, count):
        """Reads by a call, not through the mapping: neither a cut file nor a hole can do harm."""
        one = self.ident
        data = os.pread(self.fd, count, one.payload_at + slot * one.slot_bytes)
        require(len(data) == count, "the section was cut")
        return data

    def ring(self, bell):  # "Bells": without the system call, which Python does not have
        if self.load(bell + 4, 4) != 0:
            self.store(bell + 4, 0, 4)
            self.store(bell, self.load(bell, 4) + 1 & 0xFFFFFFFF, 4)

    def control(self, command, role, kind):  # "Roles"
        question = FLOCK.pack(kind, os.SEEK_SET, ROLES + role, 1, 0)
        return FLOCK.unpack(fcntl.fcntl(self.fd, command, question))[0]

    def lock(self, role, kind=fcntl.F_WRLCK):
        """Takes the role if it is free. Waits while another process only asks about the role."""
        for _ in range(50):
            try:
                self.control(fcntl.F_OFD_SETLK, role, kind)
                return True
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
            if self.is_held(role):
                return False
            time.sleep(0.0002)  # between two looks
        return False

    def unlock(self, role):
        self.control(fcntl.F_OFD_SETLK, role, fcntl.F_UNLCK)

    def lock_in_time(self, role, seconds):
        end = time.monotonic() + seconds
        while not self.lock(role):
            if time.monotonic() >= end:
                raise TimeoutError(f"role {role} did not come free")
            time.sleep(0.005)  # between two looks

    def is_held(self, role):
        """Whether another opening of the section holds the role."""
        return self.control(fcntl.F_OFD_GETLK, role, fcntl.F_WRLCK) == fcntl.F_WRLCK

    def writer(self):  # "The writer's condition"
        lives = self.is_held(0)
        state = self.load(STATE, 4)
        return state if state in (ENDED, ABORTED) else OPEN if lives else DEAD

    def check(self, condition):
        """Raises Lost when nothing more will come in this condition."""
        if condition == ABORTED:
            count = min(self.load(NOTE, 4), 248)
            note = self.map[NOTE + 8:NOTE + 8 + count].decode(errors="replace")
            raise Lost("the writer gave up: " + note)
        if condition == DEAD:
            raise Lost("the writer died")
        self.check_verdict()

    def check_verdict(self):
        if self.line is not None and self.load(self.admission) == self.ticket << 8 | 2:
            raise Lost("the writer gave this reader up")

    def wait(self, condition):
        """Waits for the next look at the news."""
        self.check(condition)
        time.sleep(0.001)  # between two looks

    def take_line(self):  # "Attach", steps 1 to 3
        for settled in (True, False):
            for i in range(self.ident.reader_limit):
                if not self.lock(16 + i):
                    continue
                self.line, self.admission, self.role = LINES + 128 * i, ADMISSIONS + 16 * i, 16 + i
                verdict, old = self.load(self.admission), self.load(self.line) >> 8
                if settled and old and verdict == old << 8 | 1:
                    self.unlock(self.role)
                    continue
                known = old, verdict >> 8
                ticket = max(t if t < 2**48 else 0 for t in known) + 1
                self.ticket = 1 if ticket in known else ticket
                return
        raise Lost("all places for readers are taken")

    def attach(self):  # "Attach"; returns the sequence to begin with
        self.take_line()
        is_stream = self.ident.delivery == STREAM
        first = max(self.load(NEWEST) >> 16, 1) - 1
        for at in (16, 40, 48, 56) if is_stream else (16, 40, 48, 56, *range(64, 128, 8)):
            self.store(self.line + at, 0)
        self.store(self.line + 8, UNSET if is_stream else first)
        self.store(self.line + 32, os.getpid(), 4)
        self.store(self.line + 36, 0, 4)
        self.store(self.line, self.ticket << 8 | 1)
        self.ring(WRITER_BELL)
        admitted = self.ticket << 8 | 1
        while is_stream and self.load(self.admission) != admitted:
            condition = self.writer()
            if self.load(self.admission) == admitted:
                break
            if condition == ENDED:
                raise Lost("too late: the stream ended before another payload began")
            self.wait(condition)
        return self.load(self.admission + 8) if is_stream else first

    def move_cursor(self, sequence):
        if self.line is not None:
            self.store(self.line + 8, sequence)
            self.ring(WRITER_BELL)

    def leave(self, cause=0):  # "Leave"
        self.store(self.line + 36, cause, 4)
        self.store(self.line, self.ticket << 8 | (3 if cause else 2))
        self.ring(WRITER_BELL)
        self.unlock(self.role)
        self.line = None
