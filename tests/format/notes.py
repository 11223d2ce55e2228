# SPDX-License-Identifier: Apache-2.0
"""What frames, payloads and streams of frames say beside their bytes. It was written from
docs/section_format.md alone; comments name the headings that it follows."""

import struct

from section_map import Damaged, Later, require
from xxh3 import xxh3_64

DESCRIPTION, RATE = 456, 464
PLANES, TENSOR, METADATA, PAIRS, MAY_BE_IGNORED = 1, 0x8001, 0x8002, 0x8003, 0x8000
AREA = 65600  # bytes of a description area


def entries(data):  # "Notes"
    """The contents by their types, of those that this reader knows."""
    found, at = {}, 0
    while at < len(data):
        require(at + 8 <= len(data), "an entry's header")
        kind, size = struct.unpack_from("<II", data, at)
        at += 8
        require(at + size <= len(data) and kind not in found, "an entry")
        if kind not in (PLANES, TENSOR, METADATA, PAIRS) and kind < MAY_BE_IGNORED:
            raise Later(f"an entry of type {kind}")
        found[kind] = bytes(data[at:at + size])
        at += (size + 7) // 8 * 8
    return found


def frame_notes(section, slot, facts):
    """The entries of a frame that is leased, or is looked at once more afterwards."""
    if facts.notes_bytes == 0:
        return {}
    begin = (facts.bytes + 63) // 64 * 64
    require(begin + facts.notes_bytes <= section.ident.slot_bytes, "the place of the notes")
    data = section.slot_bytes(slot, begin + facts.notes_bytes)[begin:]
    seed = (section.ident.epoch + facts.sequence) % 2**64
    require(int.from_bytes(data[:8], "little") == xxh3_64(data[8:], seed), "the notes' checksum")
    return entries(data[16:])


def pack_entries(contents):
    return b"".join(struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)
                    for kind, data in contents.items())


def pack_frame_notes(contents, epoch, mark):
    rest = bytes(8) + pack_entries(contents)
    return xxh3_64(rest, (epoch + mark) % 2**64).to_bytes(8, "little") + rest


def tensor(data):
    kind, bits, lanes, dimensions = struct.unpack_from("<BBHI", data)
    return kind, bits, lanes, struct.unpack_from(f"<{dimensions}Q", data, 8)


def metadata(data):
    size, = struct.unpack_from("<I", data)
    return data[8:8 + size].decode("ascii"), data[8 + (size + 7) // 8 * 8:]


def pack_metadata(content_type, data):
    kind = content_type.encode("ascii")
    return struct.pack("<II", len(kind), 0) + kind + bytes(-len(kind) % 8) + data


def pairs(data):
    words = data.decode().split("\0")
    return list(zip(words[0:-1:2], words[1::2]))


def description(section):  # "Description areas"
    for _ in range(100):
        version = section.load(DESCRIPTION)
        if version == 0:
            return ""
        one = section.ident
        at = one.slots_at + 128 * one.slot_count + version % 2 * AREA
        stored, size, checksum = struct.unpack_from("<QQQ", section.map, at)
        if stored == version and size <= 65536:
            text = bytes(section.map[at + 64:at + 64 + size])
            if xxh3_64(text, (one.epoch + version) % 2**64) == checksum:
                return text.decode()
    raise Damaged("the description")
