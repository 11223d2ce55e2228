/* SPDX-License-Identifier: Apache-2.0 */
/* Codes, handles and the keys that several objects have. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "mapferry/platform/c_calls.h"

/* The version of this header: major * 10000 + minor * 100 + patch. mapferry_version() returns that
 * of the library that runs. */
#define MAPFERRY_HEADER_VERSION 100

/* The result of a call. 0: done. Less than 0: nothing failed, but there is nothing to hand out.
 * More than 0: the call failed, and mapferry_error_message() says why. The numbers never change. */
#define MAPFERRY_OK 0
#define MAPFERRY_END (-1)        /* the writer, or the payload, has ended */
#define MAPFERRY_NOTHING (-2)    /* there is nothing yet, and the call was not to wait */
#define MAPFERRY_USAGE 1         /* an argument makes no sense */
#define MAPFERRY_NOT_FOUND 2     /* no such input file or section */
#define MAPFERRY_NOT_READY 3     /* the object of this name is no section, or not finished: retry */
#define MAPFERRY_BUSY 4          /* what the call needs is in use: the section, every slot */
#define MAPFERRY_STILL_FILLING 5 /* the section's writer is still filling it: wait, retry */
#define MAPFERRY_TIMED_OUT 6     /* nothing happened in time */
#define MAPFERRY_INTERRUPTED 7   /* the stop of this object was raised */
#define MAPFERRY_PEER_GONE 8     /* the process on the other side died, gave up or aborted */
#define MAPFERRY_EVICTED 9       /* the writer gave this reader up, as it made no progress */
#define MAPFERRY_CORRUPT 10      /* a checksum or a field is wrong */
#define MAPFERRY_FORMAT_VERSION 11 /* the section has another format version */
#define MAPFERRY_PERMISSION 12     /* not allowed, or owned by somebody else */
#define MAPFERRY_CANNOT_CREATE 13  /* the name is taken, or the output exists */
#define MAPFERRY_IO 14             /* reading, writing or reserving space failed */
#define MAPFERRY_OUT_OF_MEMORY 15  /* no memory, or no room in this process's address space */
#define MAPFERRY_SYSTEM 16         /* the system refused for a reason that is not listed here */

/* A time limit in ms: 0 looks once and does not wait, and this value waits as long as it takes. */
#define MAPFERRY_FOREVER (-1)

/* What a mapferry_..._value() returns for a key that the object does not have, and for NULL. */
#define MAPFERRY_UNKNOWN_KEY INT64_MIN

/* The objects. Each header names the call that gives one out and the call that takes it back. */
typedef struct mapferry_stop mapferry_stop;
typedef struct mapferry_bytes mapferry_bytes;
typedef struct mapferry_picture mapferry_picture;
typedef struct mapferry_frame_reader mapferry_frame_reader;
typedef struct mapferry_frame mapferry_frame;
typedef struct mapferry_frame_writer mapferry_frame_writer;
typedef struct mapferry_loan mapferry_loan;
typedef struct mapferry_memory mapferry_memory;
typedef struct mapferry_buffer mapferry_buffer;
typedef struct mapferry_reader mapferry_reader;
typedef struct mapferry_writer mapferry_writer;

/* Keys 32 to 63, of frames, payloads and pictures: the image. See image.h of the C++ library. */
#define MAPFERRY_IMAGE_WIDTH 32            /* pixels; 0: no image */
#define MAPFERRY_IMAGE_HEIGHT 33           /* pixels */
#define MAPFERRY_IMAGE_FOURCC 34           /* the pixel format as a number */
#define MAPFERRY_IMAGE_ROW_STRIDE_BYTES 35 /* of the first plane; 0: the pixels are encoded */
#define MAPFERRY_IMAGE_BITS_PER_PIXEL 36   /* 0: not known */
#define MAPFERRY_IMAGE_ORIENTATION 37      /* of MAPFERRY_ORIENTATION_... */
#define MAPFERRY_IMAGE_PRIMARIES 38        /* code points of ITU-T H.273; 2: unspecified */
#define MAPFERRY_IMAGE_TRANSFER 39
#define MAPFERRY_IMAGE_MATRIX 40
#define MAPFERRY_IMAGE_RANGE 41       /* of MAPFERRY_RANGE_... */
#define MAPFERRY_IMAGE_CHROMA_SITE 42 /* of MAPFERRY_CHROMA_... */
#define MAPFERRY_IMAGE_BYTES 43       /* to the end of the last row; 0: encoded or not known */
#define MAPFERRY_IMAGE_PLANE_COUNT 44 /* 0: encoded or not known */
/* Of plane 0 to 3: where its first row in memory begins, from row to row, a row's pixels without
 * padding (0: not known), and the number of rows. 0 for a plane that the image does not have. */
#define MAPFERRY_IMAGE_PLANE_OFFSET_BYTES(plane) (48 + 4 * (plane))
#define MAPFERRY_IMAGE_PLANE_STRIDE_BYTES(plane) (49 + 4 * (plane))
#define MAPFERRY_IMAGE_PLANE_ROW_BYTES(plane) (50 + 4 * (plane))
#define MAPFERRY_IMAGE_PLANE_ROWS(plane) (51 + 4 * (plane))
#define MAPFERRY_IMAGE_PLANES_MAX 4

/* Which row is stored first. */
#define MAPFERRY_ORIENTATION_UNKNOWN 0
#define MAPFERRY_ORIENTATION_TOP_DOWN 1
#define MAPFERRY_ORIENTATION_BOTTOM_UP 2

/* Which values are black and white. */
#define MAPFERRY_RANGE_UNKNOWN 0
#define MAPFERRY_RANGE_LIMITED 1
#define MAPFERRY_RANGE_FULL 2

/* Where the chroma samples are, seen from the luma samples. */
#define MAPFERRY_CHROMA_UNKNOWN 0
#define MAPFERRY_CHROMA_LEFT 1
#define MAPFERRY_CHROMA_CENTER 2
#define MAPFERRY_CHROMA_TOP_LEFT 3
#define MAPFERRY_CHROMA_TOP 4
#define MAPFERRY_CHROMA_BOTTOM_LEFT 5
#define MAPFERRY_CHROMA_BOTTOM 6

/* Keys 64 to 87, of frames and payloads: the array, little-endian and packed, row by row. */
#define MAPFERRY_TENSOR_TYPE 64       /* of MAPFERRY_TYPE_...; -1: no array */
#define MAPFERRY_TENSOR_BITS 65       /* of an element */
#define MAPFERRY_TENSOR_LANES 66      /* elements in one; 1: ordinary numbers */
#define MAPFERRY_TENSOR_DIMENSIONS 67 /* 0: one element */
#define MAPFERRY_TENSOR_BYTES 68
/* Of dimension 0 to 7: its length, and the bytes from one index to the next. 0 for a dimension that
 * the array does not have. */
#define MAPFERRY_TENSOR_SHAPE(dimension) (72 + (dimension))
#define MAPFERRY_TENSOR_STRIDE_BYTES(dimension) (80 + (dimension))
#define MAPFERRY_TENSOR_DIMENSIONS_MAX 8

/* The types of elements, as DLPack numbers them. */
#define MAPFERRY_TYPE_INT 0
#define MAPFERRY_TYPE_UINT 1
#define MAPFERRY_TYPE_FLOAT 2
#define MAPFERRY_TYPE_OPAQUE 3
#define MAPFERRY_TYPE_BFLOAT 4
#define MAPFERRY_TYPE_COMPLEX 5
#define MAPFERRY_TYPE_BOOL 6

/* Keys 96 to 100, of readers and writers: the section. */
#define MAPFERRY_SECTION_DELIVERY 96 /* of MAPFERRY_DELIVERY_... */
#define MAPFERRY_SECTION_READER_LIMIT 97
#define MAPFERRY_SECTION_SLOT_COUNT 98
#define MAPFERRY_SECTION_SLOT_BYTES 99 /* the largest message or frame */
#define MAPFERRY_SECTION_BYTES 100     /* address space, not memory */

#define MAPFERRY_DELIVERY_STREAM 1
#define MAPFERRY_DELIVERY_KEEP 2
#define MAPFERRY_DELIVERY_LATEST 3
#define MAPFERRY_DELIVERY_EACH 4
#define MAPFERRY_DELIVERY_BUFFER 5
