# SPDX-License-Identifier: Apache-2.0
"""A writer of mapferry's sections in pure Python: kept payloads, streams and frames. It was written
from docs/section_format.md alone; comments name the recipes that it follows."""

import fcntl
import os
import secrets
import struct
import time

from notes import AREA, DESCRIPTION, pack_entries, pack_frame_notes
from section_map import (ADMISSIONS, FLOCK, FRAME, IDENT, KEEP, LATEST, LINES, NEWEST, ROLES, SLOT,
                         STATE, UNSET, Ident, Lost, SectionMap, payload_place)
from xxh3 import xxh3_64, xxh3_128

PUBLISHED, READERS_BELL, LEASES = 256, 320, (16, 40, 48, 56)
IS_MANIFEST, IS_CHUNK, IS_END, IS_FRAME = range(1, 5)
NO_IMAGE = bytes(32)


class Flags:  # "Versions": what a later writer would set; here for every section and message
    ident = slot = manifest = end = 0


def create(path, delivery, slot_count, slot_bytes, lines=2):  # "Create a section", steps 2 to 5
    slots_at = LINES + 128 * lines
    payload_at = payload_place(delivery, slots_at, slot_count)
    size = payload_at + slot_count * slot_bytes
    fd = os.open(os.path.dirname(path) or ".", os.O_TMPFILE | os.O_RDWR, 0o600)
    os.fchmod(fd, 0o600)
    os.ftruncate(fd, size)
    fcntl.fcntl(fd, fcntl.F_OFD_SETLK, FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, ROLES, 1, 0))
    os.posix_fallocate(fd, 0, size)
    wake = 1 if path.startswith("/dev/shm/") else 2
    ident = IDENT.pack(*Ident(
        int.from_bytes(b"MAPFERRY", "little"), 1, 256, secrets.randbits(63) + 1, size, delivery,
        lines, slot_count, slot_bytes, LINES, slots_at, payload_at, time.time_ns(), os.getpid(),
        wake, 0, Flags.ident, b"python", 0))
    os.pwrite(fd, ident[:248] + xxh3_64(ident[:248]).to_bytes(8, "little"), 0)
    os.link(f"/proc/self/fd/{fd}", path, src_dir_fd=fd)  # fd is ignored: the path is absolute
    return fd


class Writer(SectionMap):
    def __init__(self, path, *geometry):
        self.writer_fd = create(path, *geometry)  # it has role 0
        super().__init__(path)
        self.next, self.payload_count, self.seats, self.marks = 0, 0, {}, {}

    def slot(self, at, sequence, kind, data, offset=0, index=0):
        self.put_slot(at, sequence, data,
                      SLOT.pack(sequence, len(data), xxh3_64(data), offset, index, time.time_ns(),
                                kind, Flags.slot, 0, NO_IMAGE, 0, 0, 0))

    def put_slot(self, at, sequence, data, facts):
        where, facts = self.ident.slots_at + 128 * at, facts[:120]
        seal = xxh3_64(facts, self.ident.epoch).to_bytes(8, "little")
        os.pwrite(self.fd, data, self.ident.payload_at + at * self.ident.slot_bytes)
        self.map[where + 8:where + 128] = facts[8:] + seal
        self.store(where, sequence)

    # ---- "Write messages" ----------------------------------------------------------------------

    def waiting(self):
        """Lines and tickets of readers that wait to be admitted."""
        found = {}
        for i in range(self.ident.reader_limit):
            ticket, phase = divmod(self.load(LINES + 128 * i), 256)
            if phase == 1 and 0 < ticket <= 2**48 and self.is_held(16 + i):
                if self.load(ADMISSIONS + 16 * i) >> 8 != ticket:
                    found[i] = ticket
        return found

    def admit(self):
        for i, ticket in self.waiting().items():
            self.seats[i] = ticket, self.next
            self.store(ADMISSIONS + 16 * i + 8, self.next)
            self.store(ADMISSIONS + 16 * i, ticket << 8 | 1)
        self.ring(READERS_BELL)

    def slowest(self):
        """The cursor of the slowest admitted reader. Drops lost readers."""
        for i, (ticket, before) in list(self.seats.items()):
            lives = self.is_held(16 + i)
            attachment = self.load(LINES + 128 * i)
            cursor = self.load(LINES + 128 * i + 8)
            cursor = before if cursor == UNSET else cursor
            is_lost = attachment >> 8 != ticket or attachment & 255 == 3
            has_all = not is_lost and cursor == self.next
            if is_lost or not (has_all or lives and attachment & 255 == 1):
                self.store(ADMISSIONS + 16 * i, ticket << 8 | 3)
                del self.seats[i]
            elif not before <= cursor <= self.next:
                self.store(ADMISSIONS + 16 * i, ticket << 8 | 2)
                del self.seats[i]
            else:
                self.seats[i] = ticket, cursor
        if not self.seats:
            raise Lost("no reader is left")
        return min(cursor for _, cursor in self.seats.values())

    def put(self, kind, data, offset=0):
        s, slots = self.next, self.ident.slot_count
        while self.ident.delivery != KEEP and s >= slots and self.slowest() <= s - slots:
            time.sleep(0.001)  # between two looks
        self.slot(s % slots, s + 1, kind, data, offset, self.payload_count)
        if s == 0:
            self.store(STATE, 1, 4)
        self.next += 1
        self.store(PUBLISHED, self.next)
        self.ring(READERS_BELL)

    def begin(self, name, count, contents=()):
        if self.ident.delivery != KEEP:
            self.admit()
        notes = pack_entries(dict(contents))
        self.put(IS_MANIFEST, struct.pack(
            "<IIQqIIQQ24x32s16xII1024s", 1152, Flags.manifest, count, 0, 0, 1, self.payload_count,
            0, NO_IMAGE, len(name.encode()), len(notes), name.encode()) + notes)

    def payload(self, name, data, contents=()):  # "Order of messages"
        self.begin(name, len(data), contents)
        size, sums = self.ident.slot_bytes, []
        for at in range(0, len(data), size):
            sums.append(xxh3_64(data[at:at + size]).to_bytes(8, "little"))
            self.put(IS_CHUNK, data[at:at + size], at)
        digest = xxh3_128(b"".join(sums))
        end = struct.pack("<QQQQQ24x", len(data), len(sums), *digest, Flags.end)
        self.put(IS_END, end, len(data))
        self.payload_count += 1

    def end(self):
        self.store(STATE, 2, 4)
        self.ring(READERS_BELL)
        while self.ident.delivery not in (KEEP, LATEST) and self.slowest() < self.next:
            time.sleep(0.001)  # between two looks
        if self.ident.delivery != KEEP:
            self.remove_name()
        os.close(self.writer_fd)

    # ---- "Write frames" ------------------------------------------------------------------------

    def is_leased(self, mark):
        lines = range(self.ident.reader_limit)
        leases = ((i, self.load(LINES + 128 * i + at)) for i in lines for at in LEASES)
        return any(lease == mark and self.is_held(16 + i) for i, lease in leases)

    def free_slot(self):
        for slot in range(self.ident.slot_count):
            if slot not in self.marks:
                return slot
        for slot, mark in sorted(self.marks.items(), key=lambda item: item[1])[:-1]:
            self.store(self.ident.slots_at + 128 * slot, 0)
            if not self.is_leased(mark):
                return slot
            self.store(self.ident.slots_at + 128 * slot, mark)
        raise BlockingIOError("readers lease every slot")

    def describe(self, text):  # "Description areas"
        version = self.load(DESCRIPTION) + 1
        at = self.ident.slots_at + 128 * self.ident.slot_count + version % 2 * AREA
        checksum = xxh3_64(text, (self.ident.epoch + version) % 2**64)
        head = struct.pack("<QQQ40x", version, len(text), checksum)
        self.map[at:at + 64 + len(text)] = head + text
        self.store(DESCRIPTION, version)

    def frame(self, data, contents=(), captured=(0, 0), number=None, skipped=0):
        slot, mark = self.free_slot(), self.next + 1
        clock, nanoseconds = captured
        notes = pack_frame_notes(dict(contents), self.ident.epoch, mark) if contents else b""
        flags = Flags.slot | (8 if number is not None else 0)
        facts = FRAME.pack(mark, len(data), xxh3_64(data), skipped, self.next, time.time_ns(),
                           IS_FRAME, flags, len(notes), clock, NO_IMAGE, nanoseconds, number or 0,
                           0)
        self.put_slot(slot, mark, data + bytes(-len(data) % 64) + notes, facts)
        self.marks[slot], self.next = mark, mark
        self.store(STATE, 1, 4)
        self.store(PUBLISHED, mark)
        self.store(NEWEST, mark * 65536 + slot)
        self.ring(READERS_BELL)
