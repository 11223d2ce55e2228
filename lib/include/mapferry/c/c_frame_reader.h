/* SPDX-License-Identifier: Apache-2.0 */
/* Reading frames: images, arrays or other bytes, in place. One thread at a time for each reader;
 * the frames may go to other threads. */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Opens the section of a writer of frames, or waits for one. mapferry_frame_reader_close() takes
 * the reader back.
 * stop: NULL, or what ends this reader's waits.
 * options:
 *   timeout_ms=30000            how long this call waits for a writer
 *   successor_timeout_ms=30000  how long next and latest wait for another writer after a death
 *   waiting=sleep|spin          spin: occupies a processor, and takes frames in under 1 us
 *   after_end=stop|follow       follow: after an ended writer, too, the next one is waited for
 *   sharing=group:NAME|user:NAME  whom this process trusts beside its own user
 * MAPFERRY_NOT_FOUND: no writer, with timeout_ms=0; MAPFERRY_TIMED_OUT: none came, or no place for
 * a reader is free; MAPFERRY_PEER_GONE: there is only what a dead writer left; MAPFERRY_USAGE: the
 * section carries something else; MAPFERRY_PERMISSION, MAPFERRY_INTERRUPTED, MAPFERRY_CORRUPT,
 * MAPFERRY_FORMAT_VERSION. */
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_frame_reader_open(const char* section, const char* options, mapferry_stop* stop,
                           mapferry_frame_reader** reader) MAPFERRY_NOEXCEPT;

/* The oldest frame after the last one that this reader took. With delivery=each that is the very
 * next one; with delivery=latest some may be missing. mapferry_frame_release() takes the frame
 * back. A reader has at most four frames at once.
 * MAPFERRY_END: the writer has ended its stream. MAPFERRY_NOTHING: no new frame, with timeout_ms 0;
 * no message is made. MAPFERRY_TIMED_OUT: no frame came in time. MAPFERRY_PEER_GONE: the writer
 * died or aborted, and no other one came within successor_timeout_ms. MAPFERRY_EVICTED: the writer
 * gave this reader up. MAPFERRY_USAGE: the reader has four frames. MAPFERRY_INTERRUPTED,
 * MAPFERRY_CORRUPT, MAPFERRY_IO. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_reader_next(
    mapferry_frame_reader* reader, int32_t timeout_ms, mapferry_frame** frame) MAPFERRY_NOEXCEPT;

/* The same, but the newest frame. Older ones are skipped and count as missed, and a writer with
 * delivery=each does not wait for this reader until it calls next again. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_reader_latest(
    mapferry_frame_reader* reader, int32_t timeout_ms, mapferry_frame** frame) MAPFERRY_NOEXCEPT;

/* Facts by key: those below, and MAPFERRY_SECTION_... of the section that is open now. */
#define MAPFERRY_FRAME_READER_EPOCH 0               /* the random number of this section */
#define MAPFERRY_FRAME_READER_HAS_ENDED 1           /* 1: a call has returned MAPFERRY_END */
#define MAPFERRY_FRAME_READER_DESCRIPTION_VERSION 2 /* 0: none; grows with every change */
#define MAPFERRY_FRAME_READER_RATE_NUMERATOR 3      /* frames per second, as a fraction */
#define MAPFERRY_FRAME_READER_RATE_DENOMINATOR 4    /* 0: not known */
#define MAPFERRY_FRAME_READER_ASPECT_NUMERATOR 5    /* a pixel's width over its height */
#define MAPFERRY_FRAME_READER_ASPECT_DENOMINATOR 6  /* 0: not known */
#define MAPFERRY_FRAME_READER_SCAN 7                /* of MAPFERRY_SCAN_... */
MAPFERRY_API int64_t MAPFERRY_CALL mapferry_frame_reader_value(const mapferry_frame_reader* reader,
                                                               int32_t key) MAPFERRY_NOEXCEPT;

#define MAPFERRY_SCAN_UNKNOWN 0
#define MAPFERRY_SCAN_PROGRESSIVE 1
#define MAPFERRY_SCAN_TOP_FIELD_FIRST 2
#define MAPFERRY_SCAN_BOTTOM_FIELD_FIRST 3
#define MAPFERRY_SCAN_MIXED 4

/* What the writer says of its stream now, JSON by custom: from another process, so never trust it.
 * MAPFERRY_NOTHING: it says nothing. MAPFERRY_CORRUPT, MAPFERRY_IO. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_reader_description(
    const mapferry_frame_reader* reader, mapferry_bytes** text) MAPFERRY_NOEXCEPT;

/* A handle for event loops: a file descriptor, on Windows a HANDLE. It is readable (Windows: set)
 * while a call of next or latest with timeout_ms 0 has something to return. It belongs to the
 * reader and closes with it: do not read it, do not close it, and remove it from the loop first.
 * The first call starts a thread of the library, which sleeps while there is no news. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_reader_notification(
    mapferry_frame_reader* reader, int64_t* handle) MAPFERRY_NOEXCEPT;

/* Takes the reader back. Its frames stay valid until they are released. NULL: no effect. */
MAPFERRY_API void MAPFERRY_CALL mapferry_frame_reader_close(mapferry_frame_reader* reader)
    MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
