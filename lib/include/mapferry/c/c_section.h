/* SPDX-License-Identifier: Apache-2.0 */
/* Sections as named objects: listing, looking into, verifying and removing them. Any thread. */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MAPFERRY_USAGE: no section can have this name. `section` may be any of the forms in
 * mapferry.h. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_section_check(const char* section) MAPFERRY_NOEXCEPT;

/* The names of this user's sections in memory, sorted, one a line; some may be no sections.
 * options:
 *   reach=session|machine         machine: what is named global:NAME (Windows)
 *   sharing=group:NAME|user:NAME  also sections of these users
 *   users=listed|others           others: one line of JSON for each other user, as `mapferry ls
 *                                 --json` prints it */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_section_list(const char* options,
                                                         mapferry_bytes** names) MAPFERRY_NOEXCEPT;

/* What a section is and holds, as one line of JSON: the object that `mapferry info --json` prints
 * (docs/json.md). options: sharing=. MAPFERRY_NOT_FOUND, MAPFERRY_NOT_READY, MAPFERRY_PERMISSION,
 * MAPFERRY_CORRUPT, MAPFERRY_FORMAT_VERSION, MAPFERRY_IO. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_section_info(const char* section, const char* options,
                                                         mapferry_bytes** json) MAPFERRY_NOEXCEPT;

/* Verifies all payloads of a kept section; one line of JSON each, as `mapferry verify --json`
 * prints it. options: sharing=. MAPFERRY_CORRUPT: the message names the damaged bytes;
 * MAPFERRY_USAGE: it is a stream or a buffer; MAPFERRY_STILL_FILLING; MAPFERRY_PEER_GONE: its
 * writer left it unfinished. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_section_verify(const char* section, const char* options,
                                                           mapferry_bytes** json) MAPFERRY_NOEXCEPT;

/* Removes the section's name. options:
 *   force=no|yes   yes: also a section that is in use. Processes that have it open can go on
 *   sharing=group:NAME|user:NAME
 * MAPFERRY_NOT_FOUND; MAPFERRY_BUSY: it has a living writer, or is a buffer whose lock is held;
 * MAPFERRY_PERMISSION: it belongs to another user; MAPFERRY_IO. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_section_remove(const char* section,
                                                           const char* options) MAPFERRY_NOEXCEPT;

/* Removes what dead writers left: never a section with a living writer, and a kept payload or a
 * buffer only if somebody cut it. section: NULL for all in memory, or file:PATH for this file.
 * options:
 *   users=this|all               all: other users' too, as far as the system allows it
 *   reach=session|machine
 * json: a line for each section that was removed, as `mapferry gc --json` prints it, then one for
 * each object that stays though it should not. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_section_collect_garbage(
    const char* section, const char* options, mapferry_bytes** json) MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
