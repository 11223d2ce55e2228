/* SPDX-License-Identifier: Apache-2.0 */
/* Sending payloads: one after the other, whole or piece by piece. One thread at a time for each
 * writer. For one payload, c_transfer.h is shorter. */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Creates the section, for this user alone. mapferry_writer_close() takes the writer back.
 * stop: NULL, or what ends this writer's waits.
 * options:
 *   delivery=stream|keep    keep: payloads stay in the section for readers that come later
 *   known_bytes=N,N,...     the sizes of the payloads to come, where they are known
 *   unknown_count=1         how many payloads of unknown size come; left out: 1 without known_bytes
 *   space_bytes=N           keep, unknown sizes: the most memory; 0: all that is free
 *   stored_bytes=N          keep: bytes of the known payloads that are in no hole
 *   slot_count=N slot_bytes=N   0, and if left out: chosen by the sizes
 *   readers_wanted=1        how many readers must get everything
 *   stall_timeout_ms=-1     a reader that makes no progress for this time is given up
 *   sharing=group:NAME      who else may open the section
 *   label=NAME              of a section in a file
 * MAPFERRY_CANNOT_CREATE: a living writer, a kept payload or a buffer has the name; MAPFERRY_IO:
 * not enough space; MAPFERRY_USAGE. */
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_writer_create(const char* section, const char* options, mapferry_stop* stop,
                       mapferry_writer** writer) MAPFERRY_NOEXCEPT;

/* delivery=stream: waits until `count` readers are there; keep: returns at once.
 * MAPFERRY_TIMED_OUT,
 * MAPFERRY_INTERRUPTED; MAPFERRY_USAGE: more than 64. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_wait_for_readers(
    mapferry_writer* writer, int32_t count, int32_t timeout_ms) MAPFERRY_NOEXCEPT;

/* What the next payload is and says: an image (format and options: c_image.h), an array (as of
 * mapferry_frame_writer_set_tensor()), and pairs of words of the sender's own, about 2900 bytes in
 * all. The next payload takes them, and the one after it begins without. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_set_image(mapferry_writer* writer,
                                                             uint32_t width, uint32_t height,
                                                             const char* format,
                                                             const char* options) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_set_tensor(mapferry_writer* writer,
                                                              const char* type,
                                                              const int64_t* shape,
                                                              int32_t dimensions) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_add_pair(mapferry_writer* writer,
                                                            const char* key,
                                                            const char* value) MAPFERRY_NOEXCEPT;

/* Begins a payload. name: NULL, or a file name without folder. size: its bytes; -1: known at the
 * end. options:
 *   text=no|yes               the bytes are a text
 *   digest=chunks|bytes       bytes: the digest is that of `xxh128sum`
 *   mtime_unix_ns=N permission_bits=N   of a file; the bits as a decimal number, or octal as 0o644
 *   payload_count=N           how many payloads the section will have; 0: not known
 * MAPFERRY_USAGE: the last payload has not ended. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_begin(mapferry_writer* writer, const char* name,
                                                         int64_t size,
                                                         const char* options) MAPFERRY_NOEXCEPT;

/* Adds bytes to the payload. Waits for the slowest reader. MAPFERRY_PEER_GONE: no reader is left;
 * MAPFERRY_TIMED_OUT, MAPFERRY_INTERRUPTED; MAPFERRY_IO: a kept section is full. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_write(mapferry_writer* writer, const void* data,
                                                         size_t size) MAPFERRY_NOEXCEPT;
/* Adds zeros that the source does not store, and that take no memory where they are many. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_write_hole(mapferry_writer* writer,
                                                              uint64_t size) MAPFERRY_NOEXCEPT;
/* Lends the free rest of the current slot, valid until the next call with this writer: fill some of
 * it, then say with publish how many bytes. Errors as of write. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_loan(mapferry_writer* writer, void** data,
                                                        size_t* size) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_publish(mapferry_writer* writer,
                                                           size_t size) MAPFERRY_NOEXCEPT;
/* Hands over what was written so far and wakes the readers, before this process waits for a slow
 * source. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_flush(mapferry_writer* writer) MAPFERRY_NOEXCEPT;
/* Ends the payload. source_changed: 1 if its source changed while it was sent, which readers see.
 * MAPFERRY_USAGE: it has another size than begin said. */
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_writer_end_payload(mapferry_writer* writer, int32_t source_changed) MAPFERRY_NOEXCEPT;

/* Sends a whole file as one payload, with its name, size, time and permission bits. options:
 *   digest=chunks|bytes payload_count=N   as of begin
 *   probe=yes|no           no: do not look whether it is a picture or an .npy file
 *   source_change=mark|fail   what happens if the file changes meanwhile
 * MAPFERRY_NOT_FOUND, MAPFERRY_PERMISSION; MAPFERRY_IO: it became shorter; MAPFERRY_CORRUPT: it
 * changed (fail). After an error the payload is unfinished: abort. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_send_file(mapferry_writer* writer,
                                                             const char* path,
                                                             const char* options) MAPFERRY_NOEXCEPT;

/* Whether it is still worth sending, for a source that is silent. MAPFERRY_PEER_GONE: no reader is
 * left, or somebody has removed the kept section; MAPFERRY_IO, MAPFERRY_INTERRUPTED. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_check(mapferry_writer* writer) MAPFERRY_NOEXCEPT;

/* Facts by key: those below, and MAPFERRY_SECTION_... */
#define MAPFERRY_WRITER_READERS_SERVED 0 /* they acknowledged everything */
#define MAPFERRY_WRITER_READERS_LOST 1   /* died, failed or were given up */
#define MAPFERRY_WRITER_NAME_WAS_LOST 2  /* 1: later readers could not find the section */
#define MAPFERRY_WRITER_PERSISTS 3       /* 1: a kept section outlives this process */
/* Of the payload that ended last; -1 before. */
#define MAPFERRY_WRITER_PAYLOAD_BYTES 4
#define MAPFERRY_WRITER_CHUNK_COUNT 5
#define MAPFERRY_WRITER_DIGEST_OVER_BYTES 6
#define MAPFERRY_WRITER_SOURCE_CHANGED 7
MAPFERRY_API int64_t MAPFERRY_CALL mapferry_writer_value(const mapferry_writer* writer,
                                                         int32_t key) MAPFERRY_NOEXCEPT;
/* XXH3-128 of the payload that ended last, 32 hexadecimal digits; "" before. */
MAPFERRY_API const char* MAPFERRY_CALL mapferry_writer_digest(const mapferry_writer* writer)
    MAPFERRY_NOEXCEPT;

/* Ends the section. stream: waits until every reader has acknowledged everything; keep: the section
 * stays. MAPFERRY_PEER_GONE: fewer than readers_wanted got everything; MAPFERRY_USAGE: the last
 * payload has not ended. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_end(mapferry_writer* writer) MAPFERRY_NOEXCEPT;
/* After end, delivery=keep. Windows, in memory: the section ends with this process; waits until it
 * is consumed or removed, at most timeout_ms. ended: NULL, or where one of MAPFERRY_LINGER_... goes
 * (c_buffer.h). Elsewhere returns at once. MAPFERRY_INTERRUPTED. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_linger(mapferry_writer* writer,
                                                          int32_t timeout_ms,
                                                          int32_t* ended) MAPFERRY_NOEXCEPT;
/* Gives up and removes the section: readers get MAPFERRY_PEER_GONE at once, with this code (above
 * 0) and message (NULL: none). */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_writer_abort(mapferry_writer* writer, int32_t code,
                                                         const char* message) MAPFERRY_NOEXCEPT;
/* Takes the writer back, and gives up if it has not ended. NULL: no effect. */
MAPFERRY_API void MAPFERRY_CALL mapferry_writer_close(mapferry_writer* writer) MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
