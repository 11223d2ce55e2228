/* SPDX-License-Identifier: Apache-2.0 */
/* A named area of bytes that several processes read and write at offsets, under a lock that comes
 * free when its holder dies. One thread at a time for each buffer: threads that share one open it
 * once each, and their locks exclude each other. */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Opens or creates a buffer. mapferry_buffer_close() takes it back.
 * stop: NULL, or what ends this buffer's waits.
 * options:
 *   size_bytes=N      of a new buffer, which is zeroed; an existing one must have exactly this size
 *   mode=open|create|open_or_create   left out: open_or_create with size_bytes, otherwise open
 *   access=read_write|read_only       read_only: for open
 *   timeout_ms=0      how long open waits for the buffer
 *   sharing=group:NAME|user:NAME      who else may open it, and whom this process trusts
 *   label=NAME        of a section in a file
 * MAPFERRY_NOT_FOUND: there is none; MAPFERRY_TIMED_OUT: none came; MAPFERRY_CANNOT_CREATE: there
 * is one (create), or it has another size, or something else has the name; MAPFERRY_USAGE: a
 * section of another kind has the name; MAPFERRY_PERMISSION, MAPFERRY_IO, MAPFERRY_INTERRUPTED,
 * MAPFERRY_CORRUPT, MAPFERRY_FORMAT_VERSION. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_buffer_open(const char* section, const char* options,
                                                        mapferry_stop* stop,
                                                        mapferry_buffer** buffer) MAPFERRY_NOEXCEPT;

/* Facts by key. */
#define MAPFERRY_BUFFER_SIZE 0
#define MAPFERRY_BUFFER_ALREADY_EXISTED 1 /* 0: this call created it */
#define MAPFERRY_BUFFER_READ_ONLY 2
#define MAPFERRY_BUFFER_IS_LOCKED 3            /* 1: by this handle */
#define MAPFERRY_BUFFER_PREVIOUS_HOLDER_DIED 4 /* 1: see mapferry_buffer_lock() */
#define MAPFERRY_BUFFER_PERSISTS 5             /* 1: it exists without any process */
MAPFERRY_API int64_t MAPFERRY_CALL mapferry_buffer_value(const mapferry_buffer* buffer,
                                                         int32_t key) MAPFERRY_NOEXCEPT;

/* Waits for the lock, and holds it until mapferry_buffer_unlock() or mapferry_buffer_close(). If
 * the holder before died with the lock, its changes may be incomplete: the value
 * MAPFERRY_BUFFER_PREVIOUS_HOLDER_DIED is then 1 while this lock is held, and the bytes are this
 * caller's to repair. MAPFERRY_TIMED_OUT, MAPFERRY_INTERRUPTED; MAPFERRY_USAGE: this handle has the
 * lock. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_buffer_lock(mapferry_buffer* buffer,
                                                        int32_t timeout_ms) MAPFERRY_NOEXCEPT;
/* MAPFERRY_USAGE: this handle does not have the lock. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_buffer_unlock(mapferry_buffer* buffer)
    MAPFERRY_NOEXCEPT;

/* All bytes of the buffer, in place, valid while this handle has the lock. NULL: it has not. A
 * buffer that was opened read_only must not be written to: the pages are read-only. */
MAPFERRY_API void* MAPFERRY_CALL mapferry_buffer_data(mapferry_buffer* buffer) MAPFERRY_NOEXCEPT;

/* Copies bytes out of or into the buffer from `offset` on, as many as lie before its end. done:
 * NULL, or where their number goes. If this handle has the lock, nobody else writes meanwhile.
 * Without the lock, old and new bytes may be mixed. MAPFERRY_PERMISSION: write to a read_only
 * buffer; MAPFERRY_IO: somebody has cut the buffer. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_buffer_read(const mapferry_buffer* buffer,
                                                        size_t offset, void* target, size_t size,
                                                        size_t* done) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_buffer_write(mapferry_buffer* buffer, size_t offset,
                                                         const void* data, size_t size,
                                                         size_t* done) MAPFERRY_NOEXCEPT;

/* MAPFERRY_IO: somebody has cut the buffer, or its file could not store all bytes. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_buffer_check(const mapferry_buffer* buffer)
    MAPFERRY_NOEXCEPT;

/* Windows, in memory: the buffer ends with its last process. Waits until somebody removes it, at
 * most timeout_ms. ended: NULL, or where one of MAPFERRY_LINGER_... goes. Elsewhere returns at
 * once.
 * MAPFERRY_INTERRUPTED. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_buffer_linger(mapferry_buffer* buffer,
                                                          int32_t timeout_ms,
                                                          int32_t* ended) MAPFERRY_NOEXCEPT;

#define MAPFERRY_LINGER_NOT_NEEDED 0 /* it lives without this process */
#define MAPFERRY_LINGER_CONSUMED 1   /* a consumer has everything */
#define MAPFERRY_LINGER_REMOVED 2    /* somebody removed it */
#define MAPFERRY_LINGER_TIMED_OUT 3  /* neither in time */

/* Takes the buffer back, and unlocks it. The buffer itself stays: mapferry_section_remove(). NULL:
 * no effect. */
MAPFERRY_API void MAPFERRY_CALL mapferry_buffer_close(mapferry_buffer* buffer) MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
