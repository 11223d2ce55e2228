/* SPDX-License-Identifier: Apache-2.0 */
/* One frame, in place: read-only bytes in the section, which the writer does not touch until
 * mapferry_frame_release(). A frame may outlive its reader, and any one thread may use it. */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The frame's bytes, valid until its release. NULL only for a frame of 0 bytes, and for NULL. */
MAPFERRY_API const void* MAPFERRY_CALL mapferry_frame_data(const mapferry_frame* frame)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API size_t MAPFERRY_CALL mapferry_frame_size(const mapferry_frame* frame)
    MAPFERRY_NOEXCEPT;

/* Facts by key: those below, MAPFERRY_IMAGE_... and MAPFERRY_TENSOR_... The library has checked
 * that all rows and elements lie within the bytes. */
#define MAPFERRY_FRAME_BYTES 0
#define MAPFERRY_FRAME_ADDRESS 1           /* mapferry_frame_data() as a number */
#define MAPFERRY_FRAME_SEQUENCE 2          /* its number in the section: 0, 1, 2, ... */
#define MAPFERRY_FRAME_MISSED 3            /* frames before it that the reader never saw */
#define MAPFERRY_FRAME_EPOCH 4             /* the random number of its section */
#define MAPFERRY_FRAME_WRITER_RESTARTED 5  /* 1: the first frame of another writer or section */
#define MAPFERRY_FRAME_HAS_CHECKSUM 6      /* 1: mapferry_frame_verify() can say something */
#define MAPFERRY_FRAME_PUBLISHED_UNIX_NS 7 /* ns since 1970 by the writer's clock; 0: not known */
#define MAPFERRY_FRAME_LATENCY_NS 8        /* from capture or publication to here; -1: not known */
#define MAPFERRY_FRAME_CAPTURED_NS 9       /* when its source took it; 0: not known */
#define MAPFERRY_FRAME_CAPTURE_CLOCK 10    /* of MAPFERRY_CLOCK_... */
#define MAPFERRY_FRAME_HAS_SOURCE_NUMBER 11
#define MAPFERRY_FRAME_SOURCE_NUMBER 12 /* the source's own number of it */
#define MAPFERRY_FRAME_METADATA_BYTES 13
#define MAPFERRY_FRAME_METADATA_ADDRESS 14 /* mapferry_frame_metadata() as a number */
MAPFERRY_API int64_t MAPFERRY_CALL mapferry_frame_value(const mapferry_frame* frame,
                                                        int32_t key) MAPFERRY_NOEXCEPT;
/* values[key] = mapferry_frame_value(frame, key) for the keys 0 to count - 1, in one call. 88 is
 * enough for all keys. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_values(const mapferry_frame* frame,
                                                         int64_t* values,
                                                         int32_t count) MAPFERRY_NOEXCEPT;

#define MAPFERRY_CLOCK_UNKNOWN 0   /* ticks of the source */
#define MAPFERRY_CLOCK_REALTIME 1  /* UTC since 1970 */
#define MAPFERRY_CLOCK_MONOTONIC 2 /* since this machine started */
#define MAPFERRY_CLOCK_TAI 3       /* TAI since 1970, as PTP sends it */

/* Texts that belong to the frame, and are "" where the frame has none: the pixel format ("BGR24",
 * "NV12"), the type of an array's elements ("float32"), the content type of the metadata
 * ("application/json"). */
MAPFERRY_API const char* MAPFERRY_CALL mapferry_frame_format(const mapferry_frame* frame)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API const char* MAPFERRY_CALL mapferry_frame_tensor_type(const mapferry_frame* frame)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API const char* MAPFERRY_CALL mapferry_frame_content_type(const mapferry_frame* frame)
    MAPFERRY_NOEXCEPT;

/* The bytes that the writer gave with the frame, MAPFERRY_FRAME_METADATA_BYTES of them, in the
 * section like the frame's own; their checksum was right when the reader took the frame. NULL:
 * none. No 0 follows them. */
MAPFERRY_API const void* MAPFERRY_CALL mapferry_frame_metadata(const mapferry_frame* frame)
    MAPFERRY_NOEXCEPT;

/* Reads every byte and compares the checksum. MAPFERRY_CORRUPT: it differs; MAPFERRY_USAGE: the
 * frame has none (see checksum= of the writer); MAPFERRY_IO: somebody has cut the section. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_verify(const mapferry_frame* frame)
    MAPFERRY_NOEXCEPT;

/* Copies all bytes, and verifies the copy if there is a checksum. A hostile writer can still change
 * bytes in the section, but not a copy. MAPFERRY_USAGE: `size` is less than the frame;
 * MAPFERRY_CORRUPT, MAPFERRY_IO. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_copy(const mapferry_frame* frame, void* target,
                                                       size_t size) MAPFERRY_NOEXCEPT;

/* Writes the frame's picture in another format into `target`, which has `size` bytes. format and
 * options describe the picture there: see c_image.h, mapferry_image_convert(). */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_convert(const mapferry_frame* frame,
                                                          const char* format, const char* options,
                                                          void* target,
                                                          size_t size) MAPFERRY_NOEXCEPT;

/* Stores the frame's picture as a file, from a verified copy: see c_image.h,
 * mapferry_image_save(). */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_frame_save(const mapferry_frame* frame,
                                                       const char* path,
                                                       const char* options) MAPFERRY_NOEXCEPT;

/* Takes the frame back: its bytes are the writer's again. NULL: no effect. */
MAPFERRY_API void MAPFERRY_CALL mapferry_frame_release(mapferry_frame* frame) MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
