# SPDX-License-Identifier: Apache-2.0
"""Sections as named objects: listing, looking into, verifying and removing them."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from ._bytes import taken_objects, taken_text
from ._errors import check
from ._handles import Stop
from ._library import quick, waiting
from ._text import Section, c_section, options_text
from ._waiting import interruptible


def ls(*, reach: Optional[str] = None, sharing: Optional[str] = None) -> List[str]:
    """The names of this user's sections in memory, sorted; some may be no sections.

    reach: "session", or "machine": what is named global:NAME (Windows).
    sharing: "group:NAME" or "user:NAME": also sections of these users.
    """
    options = options_text(reach=reach, sharing=sharing)
    return taken_text(lambda out: quick.section_list(options, out)).splitlines()


def info(section: Section, *, sharing: Optional[str] = None) -> Dict[str, Any]:
    """What a section is and holds: the object that `mapferry info --json` prints (docs/json.md).

    NotFound, NotReady, NotPermitted, Corrupt, FormatVersion, InputOutputError.
    """
    name, options = c_section(section), options_text(sharing=sharing)
    found: Dict[str, Any] = json.loads(
        taken_text(lambda out: quick.section_info(name, options, out))
    )
    return found


def verify(section: Section, *, sharing: Optional[str] = None) -> List[Dict[str, Any]]:
    """Verifies all payloads of a kept section: one object each, as `mapferry verify --json` has it.

    Corrupt: the message names the damaged bytes; UsageError: it is a stream or a buffer;
    StillFilling; PeerGone: its writer left it unfinished.
    """
    name, options = c_section(section), options_text(sharing=sharing)
    return interruptible(
        lambda: taken_objects(lambda out: waiting.section_verify(name, options, out)), Stop()
    )


def rm(section: Section, *, force: bool = False, sharing: Optional[str] = None) -> None:
    """Removes the section's name. Processes that have it open can go on.

    force: also a section that is in use. NotFound; Busy: it has a living writer, or is a buffer
    whose lock is held; NotPermitted: it belongs to another user; InputOutputError.
    """
    check(quick.section_remove(c_section(section), options_text(force=force, sharing=sharing)))


def gc(
    section: Optional[Section] = None, *, users: Optional[str] = None, reach: Optional[str] = None
) -> List[Dict[str, Any]]:
    """Removes what dead writers left: never a section with a living writer, and a kept payload or
    a buffer only if somebody cut it.

    section: None: all in memory; "file:PATH" or a path object: this file.
    users: "this", or "all": other users' too, as far as the system allows it.
    Returns an object for each section that was removed, then one for each that stays though it
    should not, as `mapferry gc --json` prints them.
    """
    name = None if section is None else c_section(section)
    options = options_text(users=users, reach=reach)
    return taken_objects(lambda out: quick.section_collect_garbage(name, options, out))
