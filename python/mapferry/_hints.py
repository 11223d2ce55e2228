# SPDX-License-Identifier: Apache-2.0
"""The ways out of failures, in the words of this package. The library names them."""

from __future__ import annotations

from typing import Dict

HINTS: Dict[str, str] = {
    "other-name": "choose another name for the section",
    "remove-section": "remove it: rm()",
    "consume-or-remove": "receive it with consume=True, or remove it: rm()",
    "name-sharing": 'say whom you trust: sharing="group:NAME" or sharing="user:NAME"',
    "remove-as-owner": "let its owner or the superuser remove it: rm() with force=True",
    "remove-anyway": "remove it all the same: rm() with force=True",
    "collect-garbage": "remove what dead writers left: gc()",
    "find-remover": "find out what removes sections: another program, the end of a login session, "
    "or multiprocessing.shared_memory",
    "use-section-file": "give file: the path of a file that a mapferry writer made",
    "other-section-file": "choose another path for file:",
    "use-backing-file": "put the section into a file on a disk: file:PATH",
    "other-backing-folder": "choose a path in another folder: file:PATH",
    "stay-in-session": "leave out global:",
    "start-writer": "start a writer with this section, or raise timeout",
    "restart-writer": "start the writer again with this section",
    "wait-for-section": "wait for it with timeout",
    "start-readers": "start readers with this section, or raise timeout",
    "start-frame-readers": "start a FrameReader with this section",
    "start-more-readers": "it may wait for more readers (readers): start them",
    "raise-timeout": "raise timeout",
    "raise-stall-timeout": "give the writer a longer stall_timeout",
    "receive-payloads": "receive its payloads: Reader()",
    "receive-frames": "receive its frames: FrameReader()",
    "receive-to-verify": "receive it, which verifies every byte: Reader()",
    "read-buffer": "read it as a buffer: Buffer()",
    "create-buffer": "make it by giving size",
    "keep-payload": 'let the writer keep the payloads: keep(), or Writer() with delivery="keep"',
    "send-as-stream": "send it as a stream: send()",
    "more-slots": "make the section with a larger slot_count",
    "smaller-slots": "say the sizes of the payloads: known_bytes",
    "larger-frames": "make the section for larger frames: frame_limit",
    "more-readers": "close one of them, or make the section for more readers: reader_limit",
    "add-checksums": 'let the writer give every frame a checksum: checksum="all"',
    "send-archive": "send the folder as an archive, such as tar makes",
    "replace-output": 'replace it: overwrite="replace"',
    "write-in-place": 'overwrite it where it is: overwrite="in_place"',
    "name-output": "name the file to write to",
    "choose-file-name": "choose the file's name yourself, or use harmless_file_name()",
    "use-standard-output": "receive it into memory, and write it from there",
    "skip-durability": 'do without durability="on_disk"',
}
