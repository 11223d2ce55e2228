# SPDX-License-Identifier: Apache-2.0
"""A reader of mapferry's sections in pure Python: kept payloads, streams, frames and buffers.
It was written from docs/section_format.md alone; comments name the recipes that it follows."""

import collections
import contextlib
import os
import struct

from notes import entries, frame_notes
from section_map import EACH, ENDED, NEWEST, WRITER_BELL, Damaged, SectionMap, fence, require
from xxh3 import xxh3_64, xxh3_128

PUBLISHED, CONSUMED, BUFFER_BELL, HELD, LEASES = 256, 392, 3072, 3080, (16, 40, 48, 56)
IS_MANIFEST, IS_CHUNK, _, IS_FRAME, IS_WHOLE = range(1, 6)
MANIFEST = struct.Struct("<IIQqII88xII1024s")
Payload = collections.namedtuple("Payload", "name is_text data notes")
Frame = collections.namedtuple("Frame", "facts data lease notes")


class Reader(SectionMap):
    def messages(self, s=0):  # "Read messages"; each is released when the next one is requested
        while True:
            if s >= self.load(PUBLISHED):
                condition = self.writer()
                if s < self.load(PUBLISHED):
                    continue
                if condition == ENDED:
                    return
                self.wait(condition)
                continue
            try:
                facts, data = self.message(s)
            except Damaged:
                fence()
                self.check_verdict()
                raise
            s += 1 + facts.more_slots
            yield facts, data
            self.move_cursor(s)

    def message(self, s):
        slot = s % self.ident.slot_count
        where = self.ident.slots_at + 128 * slot
        facts = self.descriptor(self.map[where:where + 128])
        require(facts.sequence == s + 1 and facts.kind in (1, 2, 3, 5), "a descriptor's fields")
        data = bytearray(self.slot_bytes(slot, facts.bytes))
        unit, holed = -(-self.ident.slot_bytes // 64 // 4096) * 4096, facts.flags & 4
        for i in (i for i in range(64) if holed and facts.holes >> i & 1):  # "Holes"
            data[i * unit:(i + 1) * unit] = bytes(len(data[i * unit:(i + 1) * unit]))
        require(facts.xxh3 == xxh3_64(data), f"the bytes of message {s}")
        return facts, bytes(data)

    def payloads(self, first=0):  # "Order of messages"
        manifest, parts, sums = None, [], []
        for facts, data in self.messages(first):
            if facts.kind == IS_WHOLE:
                yield Payload("", bool(facts.flags & 2), data, {})
            elif facts.kind == IS_MANIFEST:
                manifest, parts, sums, size = self.known(MANIFEST.unpack_from(data), 1, 15), [], [], 0
                require(len(data) == 1152 + manifest[7], "a manifest's notes")
                notes = entries(data[1152:])
            elif facts.kind == IS_CHUNK:
                require(manifest and data and facts.offset == size, "a chunk's place")
                times = 1 + facts.more_slots
                parts += [data] * times
                sums += [facts.xxh3.to_bytes(8, "little")] * times
                size += len(data) * times
            else:
                require(manifest, "a payload without a manifest")
                whole, (_, flags, _, _, _, kind, name_bytes, _, name) = b"".join(parts), manifest
                digest = xxh3_128(whole if kind == 2 else b"".join(sums))
                end = self.known(struct.unpack_from("<QQQQQ", data), 4, 1)
                require(end[:4] == (size, len(sums), *digest), "a payload's end")
                yield Payload(os.fsdecode(name[:name_bytes]), bool(flags & 1), whole, notes)
                manifest = None
        require(not manifest, "the stream ended in the middle of a payload")

    def consume(self):  # "Consume", where role 2 is held since before the first message
        self.store(CONSUMED, 1, 4)
        self.remove_name()

    def found(self, wanted):
        """Mark and slot of the newest frame from this sequence on; delivery each: of the oldest."""
        mark, slot = divmod(self.load(NEWEST), 65536)
        if mark <= wanted or slot >= self.ident.slot_count:
            return None
        if self.ident.delivery == EACH and mark > wanted + 1:
            marks = ((self.load(self.ident.slots_at + 128 * i), i)
                     for i in range(self.ident.slot_count))
            return min((found for found in marks if found[0] > wanted), default=None)
        return mark, slot

    def frame_facts(self, mark, slot):
        at = self.ident.slots_at + 128 * slot + 8
        facts = self.descriptor(mark.to_bytes(8, "little") + self.map[at:at + 120])
        require(facts.kind == IS_FRAME and not facts.flags & 6, "a frame's descriptor")
        return facts

    def claim(self, wanted, lease=0):  # "Lease a frame"; None: there is no such frame now
        while (found := self.found(wanted)) is not None:
            mark, slot = found
            self.store(self.line + LEASES[lease], mark)
            if self.load(self.ident.slots_at + 128 * slot) != mark:
                continue
            facts = self.frame_facts(mark, slot)
            self.move_cursor(mark)
            notes = frame_notes(self, slot, facts)
            return Frame(facts, lambda: self.slot_bytes(slot, facts.bytes), lease, notes)
        self.store(self.line + LEASES[lease], 0)

    def give_back(self, frame):
        self.store(self.line + LEASES[frame.lease], 0)
        self.ring(WRITER_BELL)  # does nothing with delivery 3, where no writer sleeps

    def frames(self, wanted, lease=0):
        """Frames until the writer ends, each leased until the next one is requested."""
        while True:
            if frame := self.claim(wanted, lease):
                wanted = frame.facts.sequence
                yield frame
                self.give_back(frame)
                continue
            if (condition := self.writer()) and self.load(NEWEST) >> 16 <= wanted:
                if condition == ENDED:
                    return
                self.wait(condition)

    def look(self):  # "Look without a lease": facts and bytes of the newest frame
        while True:
            with contextlib.suppress(Damaged):
                mark, slot = divmod(self.load(NEWEST), 65536)
                facts = self.frame_facts(mark, slot)
                data = self.slot_bytes(slot, facts.bytes)
                fence()
                if self.load(self.ident.slots_at + 128 * slot) == mark:
                    return facts, data

    @contextlib.contextmanager
    def locked(self, seconds=30.0):  # "Lock a buffer"; yields whether the previous holder died
        self.lock_in_time(3, seconds)
        died = self.load(HELD, 4) != 0
        self.store(HELD, 1, 4)
        try:
            yield died
        finally:
            self.store(HELD, 0, 4)
            self.unlock(3)
            self.ring(BUFFER_BELL)
