/* SPDX-License-Identifier: Apache-2.0 */
/* The library for C, and for everything that can call C. It needs a compiler for C89 that has
 * <stdint.h>; C++ programs include it as it is. `pkg-config --cflags --libs mapferry` says how to
 * build with it.
 *
 *     int print_text(const char* section) {
 *         mapferry_bytes* text = NULL;
 *         int32_t code = mapferry_receive_bytes(section, "timeout_ms=5000", NULL, 65536, &text);
 *         if (code != MAPFERRY_OK) {
 *             fprintf(stderr, "%s\n", mapferry_error_message());
 *             return 1;
 *         }
 *         puts(mapferry_bytes_data(text));
 *         mapferry_bytes_free(text);
 *         return 0;
 *     }
 *
 * What holds for every call here:
 *
 * - An int32_t result is a code (c_base.h). 0: done. Above 0: it failed, and
 *   mapferry_error_message() says why. Below 0: nothing failed, and nothing is handed out. So
 *   `if (code > 0)` means failure. After any code but 0, what the call would have handed out is
 *   NULL or 0. A call that fails with MAPFERRY_USAGE has changed nothing.
 * - Handles are opaque. The call that gives a handle out names the one that takes it back. That one
 *   accepts NULL, and a handle must not be used after it. All other calls fail with MAPFERRY_USAGE
 *   for NULL, or return what they say.
 * - One thread at a time uses a handle; it may be another one each time. Frames and loans count as
 *   handles of their own, but a loan belongs to its writer's thread. Calls without a handle may be
 *   made by any thread. mapferry_stop_raise() ends waits from any thread and from signal handlers.
 * - After fork(), calls with an inherited handle fail with MAPFERRY_USAGE in the child, and giving
 *   it back there takes nothing from the parent. Stops, pictures and bytes stay usable.
 * - Texts are UTF-8 and end with 0. Linux passes the bytes of paths on unchanged. Texts that are
 *   handed out belong to the library or to the object that returned them.
 * - A section is "NAME": in memory (1 to 64 of A-Z a-z 0-9 . _ -, and . or - is not the first);
 *   "file:PATH": in that file; "global:NAME": in memory, for all login sessions of a Windows
 *   machine.
 * - Options are text: NULL, "", or "key=value key=value" with blanks between. A value that is empty
 *   or has blanks stands in double quotes, with a backslash before each quote and backslash in it.
 *   An unknown or repeated key and a malformed value fail with MAPFERRY_USAGE; the hint lists the
 *   keys of that call. Times are whole ms, -1 for ever; sizes are bytes. The manual lists
 *   "key=default", and "key=default|other|other" for words; N and NAME stand for values without a
 *   default.
 * - Sizes in memory are size_t, times int32_t in ms, and facts int64_t. Facts that are unsigned
 *   numbers of 64 bits (epochs, source numbers) keep their bits.
 * - Nothing is printed, no signal handler is installed unless it is asked for, no exception comes
 *   out, and no function of the caller is called.
 *
 * As long as the library is libmapferry.so.0, calls, keys, options and codes may be added. None of
 * them goes or changes its meaning.
 */
#pragma once

#include "mapferry/c/c_base.h"
#include "mapferry/c/c_buffer.h"
#include "mapferry/c/c_frame.h"
#include "mapferry/c/c_frame_reader.h"
#include "mapferry/c/c_frame_writer.h"
#include "mapferry/c/c_image.h"
#include "mapferry/c/c_library.h"
#include "mapferry/c/c_reader.h"
#include "mapferry/c/c_section.h"
#include "mapferry/c/c_transfer.h"
#include "mapferry/c/c_writer.h"
