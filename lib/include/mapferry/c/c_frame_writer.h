/* SPDX-License-Identifier: Apache-2.0 */
/* Writing frames: images, arrays or other bytes. One thread at a time for each writer, its loans
 * included; a thread may pass all of them to another one. */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Creates the section, for this user alone. mapferry_frame_writer_close() takes the writer back.
 * stop: NULL, or what ends this writer's waits.
 * options:
 *   delivery=latest|each      each: the writer waits for its slowest reader; latest: never
 *   frame_limit_bytes=268435456  the largest frame that can ever pass: address space, not memory
 *   slot_count=N              the most frames in the section; 0, and if left out: chosen
 *   reader_limit=16           the most readers at a time
 *   checksum=copied|all|none  which frames have one; all: loans too, which are read for it
 *   stall_timeout_ms=-1       each: a reader that takes nothing for this time is given up
 *   sharing=group:NAME        who else may open the section
 *   label=NAME                of a section in a file
 * MAPFERRY_CANNOT_CREATE: a living writer, a kept payload or a buffer has the name; MAPFERRY_IO:
 * not enough space; MAPFERRY_USAGE. */
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_frame_writer_create(const char* section, const char* options, mapferry_stop* stop,
                             mapferry_frame_writer** writer) MAPFERRY_NOEXCEPT;

/* Waits until `count` readers are there. MAPFERRY_TIMED_OUT, MAPFERRY_INTERRUPTED; MAPFERRY_USAGE:
 * more than reader_limit; MAPFERRY_PEER_GONE: somebody has removed the section. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_writer_wait_for_readers(
    mapferry_frame_writer* writer, int32_t count, int32_t timeout_ms) MAPFERRY_NOEXCEPT;

/* What the frames from now on are, until it is said anew: an image (format and options: c_image.h),
 * or an array (type: "float32", "uint8", ...; shape: its dimensions, at most 8). A frame may be
 * both. format or type NULL: no image, no array. MAPFERRY_USAGE: it contradicts itself. */
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_frame_writer_set_image(mapferry_frame_writer* writer, uint32_t width, uint32_t height,
                                const char* format, const char* options) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_frame_writer_set_tensor(mapferry_frame_writer* writer, const char* type,
                                 const int64_t* shape, int32_t dimensions) MAPFERRY_NOEXCEPT;

/* What the next call of mapferry_frame_writer_publish_copy() says beside the bytes: whether it
 * succeeds or not, the call after it begins without. As those of loans, below. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_writer_set_captured(
    mapferry_frame_writer* writer, int64_t ns, int32_t clock) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_writer_set_source_number(
    mapferry_frame_writer* writer, uint64_t number) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_frame_writer_set_metadata(mapferry_frame_writer* writer, const char* content_type,
                                   const void* data, size_t size) MAPFERRY_NOEXCEPT;

/* Copies `size` bytes into the section and makes them the newest frame, with the image and array of
 * now. timeout_ms: as of a loan. sequence: NULL, or where the frame's number goes. Errors as of
 * mapferry_frame_writer_loan() and mapferry_loan_publish(). */
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_frame_writer_publish_copy(mapferry_frame_writer* writer, const void* data, size_t size,
                                   int32_t timeout_ms, uint64_t* sequence) MAPFERRY_NOEXCEPT;

/* Lends a slot of the section, to be filled in place, with the image and array of now. size 0: as
 * many bytes as these have. mapferry_loan_publish() or mapferry_loan_drop() takes the loan back.
 * data: the first byte; the bytes are not cleared, and may be those of an earlier frame.
 * MAPFERRY_BUSY: readers have every slot, or all are lent; MAPFERRY_TIMED_OUT: the slowest reader
 * has not taken the oldest frame; MAPFERRY_USAGE: more than frame_limit_bytes, or a size of 0
 * without an image and an array; MAPFERRY_IO: no memory for a frame of this size;
 * MAPFERRY_INTERRUPTED. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_writer_loan(mapferry_frame_writer* writer,
                                                              size_t size, int32_t timeout_ms,
                                                              mapferry_loan** loan,
                                                              void** data) MAPFERRY_NOEXCEPT;

/* The lent bytes again: NULL for NULL, and for a loan whose bytes are gone. */
MAPFERRY_API void* MAPFERRY_CALL mapferry_loan_data(mapferry_loan* loan) MAPFERRY_NOEXCEPT;
MAPFERRY_API size_t MAPFERRY_CALL mapferry_loan_size(const mapferry_loan* loan) MAPFERRY_NOEXCEPT;

/* Keeps the lent bytes mapped, also after the loan was published or dropped and its writer was
 * closed, until mapferry_memory_free(): for languages whose arrays outlive the loan. What such an
 * array then shows belongs to the readers and to later frames. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_loan_memory(const mapferry_loan* loan,
                                                        mapferry_memory** memory) MAPFERRY_NOEXCEPT;
/* Any thread. NULL: no effect. */
MAPFERRY_API void MAPFERRY_CALL mapferry_memory_free(mapferry_memory* memory) MAPFERRY_NOEXCEPT;

/* What this one frame is and says: as of the writer, above.
 * captured: when its source took it, by which MAPFERRY_CLOCK_... (c_frame.h).
 * source_number: the source's own number of it.
 * metadata: a copy of at most 65536 bytes, and what they are: at most 64 bytes of printable ASCII,
 * "application/json". Of add_metadata, *data is the place in the section where the caller puts
 * them; NULL for 0 bytes. MAPFERRY_USAGE: too much, or the content type is none; MAPFERRY_IO: no
 * memory. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_loan_set_image(mapferry_loan* loan, uint32_t width,
                                                           uint32_t height, const char* format,
                                                           const char* options) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_loan_set_tensor(mapferry_loan* loan, const char* type,
                                                            const int64_t* shape,
                                                            int32_t dimensions) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_loan_set_captured(mapferry_loan* loan, int64_t ns,
                                                              int32_t clock) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_loan_set_source_number(mapferry_loan* loan, uint64_t number) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_loan_set_metadata(mapferry_loan* loan,
                                                              const char* content_type,
                                                              const void* data,
                                                              size_t size) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_loan_add_metadata(mapferry_loan* loan,
                                                              const char* content_type, size_t size,
                                                              void** data) MAPFERRY_NOEXCEPT;

/* Makes the loan the newest frame of the writer that lent it, at the same cost for any size, and
 * wakes sleeping readers. sequence: NULL, or where the frame's number goes.
 * MAPFERRY_OK: the loan is taken back. After an error it is still the caller's: publish it again or
 * drop it. MAPFERRY_USAGE: the image or array contradicts itself or is larger than the loan, or the
 * writer is closed; MAPFERRY_IO: no memory; MAPFERRY_PEER_GONE: nobody can ever see this frame;
 * after the last two mapferry_loan_data() may be NULL. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_loan_publish(mapferry_loan* loan,
                                                         uint64_t* sequence) MAPFERRY_NOEXCEPT;
/* Takes the loan back unpublished, also after the writer is closed. NULL: no effect. */
MAPFERRY_API void MAPFERRY_CALL mapferry_loan_drop(mapferry_loan* loan) MAPFERRY_NOEXCEPT;

/* Reports that the source lost `frames` frames before the next one: readers count them as
 * missed. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_writer_skip(mapferry_frame_writer* writer,
                                                              uint64_t frames) MAPFERRY_NOEXCEPT;
/* Gives the stream a description, or another one: JSON by custom, at most 65536 bytes. Readers find
 * it at any time. MAPFERRY_USAGE: it is too long; MAPFERRY_IO: no memory. */
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_frame_writer_describe(mapferry_frame_writer* writer, const char* text) MAPFERRY_NOEXCEPT;
/* What is true of all frames, for players. options, each may be left out:
 *   frame_rate=30000/1001  pixel_aspect=16/15
 *   scan=unknown|progressive|top_field_first|bottom_field_first|mixed */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_writer_set_facts(
    mapferry_frame_writer* writer, const char* options) MAPFERRY_NOEXCEPT;

/* Whether it is still worth sending, for a source that is silent. MAPFERRY_PEER_GONE: nobody can
 * see a further frame; MAPFERRY_IO: somebody has cut the section; MAPFERRY_INTERRUPTED. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_writer_check(mapferry_frame_writer* writer)
    MAPFERRY_NOEXCEPT;

/* Facts by key: those below, and MAPFERRY_SECTION_... */
#define MAPFERRY_FRAME_WRITER_FRAMES 0        /* published so far */
#define MAPFERRY_FRAME_WRITER_READERS 1       /* attached now */
#define MAPFERRY_FRAME_WRITER_READERS_LOST 2  /* died or were given up */
#define MAPFERRY_FRAME_WRITER_RENEWALS 3      /* how often the section was removed and made again */
#define MAPFERRY_FRAME_WRITER_NAME_WAS_LOST 4 /* 1: later readers could not find the section */
MAPFERRY_API int64_t MAPFERRY_CALL mapferry_frame_writer_value(mapferry_frame_writer* writer,
                                                               int32_t key) MAPFERRY_NOEXCEPT;

/* Ends the stream: readers get MAPFERRY_END after the last frame. delivery=each: waits until every
 * reader has taken every frame. MAPFERRY_INTERRUPTED; MAPFERRY_USAGE: it has ended already. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_writer_end(mapferry_frame_writer* writer)
    MAPFERRY_NOEXCEPT;
/* Gives up: readers wait for another writer; if none comes, their error has this code and message
 * (NULL: none). code: one above 0. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_writer_abort(
    mapferry_frame_writer* writer, int32_t code, const char* message) MAPFERRY_NOEXCEPT;
/* Takes the writer back, and gives up if it has not ended. NULL: no effect. */
MAPFERRY_API void MAPFERRY_CALL mapferry_frame_writer_close(mapferry_frame_writer* writer)
    MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
