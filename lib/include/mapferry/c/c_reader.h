/* SPDX-License-Identifier: Apache-2.0 */
/* Receiving payloads: one after the other, whole or piece by piece, every byte verified. One thread
 * at a time for each reader. For one payload, c_transfer.h is shorter. */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Opens a section of payloads, or waits for it. mapferry_reader_close() takes the reader back.
 * stop: NULL, or what ends this reader's waits.
 * options:
 *   timeout_ms=30000      how long this call waits for the section and a place in it
 *   stall_timeout_ms=-1   a writer that publishes nothing for this time is given up
 *   consume=no|yes        yes: exactly one such reader gets the kept payloads, and removes the
 *                         section when it has taken all of them and ends
 *   sharing=group:NAME|user:NAME   whom this process trusts beside its own user
 * MAPFERRY_NOT_FOUND: there is none, with timeout_ms=0; MAPFERRY_TIMED_OUT; MAPFERRY_PEER_GONE:
 * there is only what a dead writer left; MAPFERRY_USAGE: the section carries no payloads;
 * MAPFERRY_PERMISSION, MAPFERRY_INTERRUPTED, MAPFERRY_CORRUPT, MAPFERRY_FORMAT_VERSION. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_open(const char* section, const char* options,
                                                        mapferry_stop* stop,
                                                        mapferry_reader** reader) MAPFERRY_NOEXCEPT;

/* Goes to the next payload. The one before must be acknowledged or left out (MAPFERRY_USAGE).
 * MAPFERRY_END: the writer has ended. MAPFERRY_NOTHING: there is none yet, with timeout_ms 0.
 * MAPFERRY_TIMED_OUT: none came in time. MAPFERRY_PEER_GONE: the writer died or aborted.
 * MAPFERRY_EVICTED, MAPFERRY_INTERRUPTED, MAPFERRY_CORRUPT.
 * A limit above 0 uses the notification handle, and so a thread. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_next(mapferry_reader* reader,
                                                        int32_t timeout_ms) MAPFERRY_NOEXCEPT;

/* What the writer says of the payload: from another process, so never use the name as a path
 * (mapferry_check_file_name()); its image's format ("BGR24", "PNG") and the type of its array's
 * elements. Texts belong to the reader, until the next call of mapferry_reader_next(); "" where
 * there is none. */
MAPFERRY_API const char* MAPFERRY_CALL mapferry_reader_name(const mapferry_reader* reader)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API const char* MAPFERRY_CALL mapferry_reader_format(const mapferry_reader* reader)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API const char* MAPFERRY_CALL mapferry_reader_tensor_type(const mapferry_reader* reader)
    MAPFERRY_NOEXCEPT;
/* What the sender says of it in words of its own: pairs 0 to MAPFERRY_PAYLOAD_PAIR_COUNT - 1. */
MAPFERRY_API const char* MAPFERRY_CALL mapferry_reader_pair_key(const mapferry_reader* reader,
                                                                int32_t index) MAPFERRY_NOEXCEPT;
MAPFERRY_API const char* MAPFERRY_CALL mapferry_reader_pair_value(const mapferry_reader* reader,
                                                                  int32_t index) MAPFERRY_NOEXCEPT;

/* Facts by key: those below, MAPFERRY_IMAGE_..., MAPFERRY_TENSOR_... and MAPFERRY_SECTION_... */
#define MAPFERRY_PAYLOAD_INDEX 0 /* its place among the payloads of its writer, from 0 */
#define MAPFERRY_PAYLOAD_COUNT 1 /* announced for the section; 0: not known */
#define MAPFERRY_PAYLOAD_BYTES 2 /* -1: known only at the end */
#define MAPFERRY_PAYLOAD_IS_TEXT 3
#define MAPFERRY_PAYLOAD_HAS_MTIME 4
#define MAPFERRY_PAYLOAD_MTIME_UNIX_NS 5
#define MAPFERRY_PAYLOAD_PERMISSION_BITS 6 /* of 0777; -1: not known */
#define MAPFERRY_PAYLOAD_PAIR_COUNT 7
/* Known when the payload's end was read; -1 before. */
#define MAPFERRY_PAYLOAD_CHUNK_COUNT 8
#define MAPFERRY_PAYLOAD_DIGEST_OVER_BYTES 9 /* 1: the digest is that of `xxh128sum` */
#define MAPFERRY_PAYLOAD_SOURCE_CHANGED 10   /* 1: the source changed while it was sent */
#define MAPFERRY_READER_HAS_ENDED 11         /* 1: a call has returned MAPFERRY_END */
MAPFERRY_API int64_t MAPFERRY_CALL mapferry_reader_value(const mapferry_reader* reader,
                                                         int32_t key) MAPFERRY_NOEXCEPT;
/* XXH3-128 of the payload whose end was read, 32 hexadecimal digits; "" before. */
MAPFERRY_API const char* MAPFERRY_CALL mapferry_reader_digest(const mapferry_reader* reader)
    MAPFERRY_NOEXCEPT;

/* Copies up to `size` bytes that passed their checksum. done: their number. MAPFERRY_END: the
 * payload is complete and verified, and *done is 0. Waits for the writer. Errors as of next;
 * MAPFERRY_CORRUPT names the damaged bytes. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_read(mapferry_reader* reader, void* target,
                                                        size_t size,
                                                        size_t* done) MAPFERRY_NOEXCEPT;
/* The same without the copy: *data is valid until the next call with this reader. Where the source
 * has a hole (sparse files), *data is NULL and *size zeros are meant, at most 1 GiB at once. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_read_piece(mapferry_reader* reader,
                                                              const void** data,
                                                              size_t* size) MAPFERRY_NOEXCEPT;
/* The rest of the payload as bytes in memory. MAPFERRY_IO: more than size_limit. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_receive_bytes(
    mapferry_reader* reader, size_t size_limit, mapferry_bytes** bytes) MAPFERRY_NOEXCEPT;
/* Writes the payload to a file, which appears whole or not at all. Directly after next. options:
 *   overwrite=refuse|replace|in_place  what happens to an existing file; refuse if left out
 *   durability=buffered|on_disk   on_disk: file and name are on the disk when the call returns
 *   sparse=auto|always|never      which zeros become holes of the file
 *   preserve=no|yes               yes: the source's time and permission bits
 * MAPFERRY_CANNOT_CREATE: the file exists, or its folder does not; other errors as of read;
 * MAPFERRY_IO: the disk is full. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_receive_file(
    mapferry_reader* reader, const char* path, const char* options) MAPFERRY_NOEXCEPT;
/* delivery=keep, directly after next: the whole payload in place, verified, read-only, valid until
 * the reader closes. A process that may write to the section can still change the bytes.
 * MAPFERRY_USAGE: the section is a stream; MAPFERRY_OUT_OF_MEMORY: too many holes. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_view(mapferry_reader* reader, const void** data,
                                                        size_t* size) MAPFERRY_NOEXCEPT;

/* Tells the writer that the payload, whose end was read, is stored here. MAPFERRY_USAGE: its end
 * was not read, or it is settled already. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_acknowledge(mapferry_reader* reader)
    MAPFERRY_NOEXCEPT;
/* Does not keep this payload: the writer counts this reader as lost, for the reason `code` (above
 * 0). The next call of mapferry_reader_next() goes on. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_leave_out(mapferry_reader* reader,
                                                             int32_t code) MAPFERRY_NOEXCEPT;

/* A handle for event loops, readable (Windows: set) while mapferry_reader_next() with timeout_ms 0,
 * or a read within a payload, would not have to wait. See mapferry_frame_reader_notification(). */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_notification(mapferry_reader* reader,
                                                                int64_t* handle) MAPFERRY_NOEXCEPT;

/* Leaves the section in order; with consume=yes removes it. MAPFERRY_USAGE: the last payload is not
 * settled (the reader goes on), or a consumer has not taken all (the section stays). */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_end(mapferry_reader* reader) MAPFERRY_NOEXCEPT;
/* Leaves the section and tells the writer why: `code`, above 0. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_reader_abort(mapferry_reader* reader,
                                                         int32_t code) MAPFERRY_NOEXCEPT;
/* Takes the reader back. If it has not ended, a stream's writer counts it as failed. NULL: no
 * effect. */
MAPFERRY_API void MAPFERRY_CALL mapferry_reader_close(mapferry_reader* reader) MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
