/* SPDX-License-Identifier: Apache-2.0 */
/* Pixels in memory and picture files. Any thread.
 *
 * A format is one of the library's names ("BGR24", "GRAY8", "NV12"), or a name of FFmpeg,
 * GStreamer, GenICam, Video4Linux or DRM; or a code as 0x and 8 hexadecimal digits.
 *
 * The options of an image, for all calls here and for mapferry_..._set_image(). Without options:
 * packed pixels, top-down.
 *   row_stride_bytes=N           of the first plane
 *   orientation=top_down|bottom_up|unknown
 *   planes=OFFSET:STRIDE,...     one for each plane; left out: they follow each other without gaps
 *   bits_per_pixel=N             for formats that this library does not know
 *   primaries=N transfer=N matrix=N   code points of ITU-T H.273
 *   range=unknown|limited|full
 *   chroma_site=unknown|left|center|top_left|top|bottom_left|bottom
 */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What programs call a format. vocabulary: "mapferry", "ffmpeg", "gstreamer", "pfnc" (GenICam's
 * cameras), "v4l2" or "drm". The text is the library's and stays. "": the format is not known, or
 * has no name there. */
MAPFERRY_API const char* MAPFERRY_CALL
mapferry_format_name(const char* format, const char* vocabulary) MAPFERRY_NOEXCEPT;

/* How many bytes an image takes, to the end of its last row. MAPFERRY_USAGE: the description
 * contradicts itself, or nothing says how long the rows are. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_image_bytes(uint32_t width, uint32_t height,
                                                        const char* format, const char* options,
                                                        size_t* bytes) MAPFERRY_NOEXCEPT;

/* Converts pixels into other memory, which may be a loan, and may not overlap. to_options may also
 * have:
 *   levels=whole|auto   for more than 8 bits a sample and floating-point numbers: what becomes
 *                       black and white. whole: 0 and the largest value (floating point: 1); auto:
 *                       the smallest and the largest sample
 *   black=N white=N     the same in units of the format, instead of levels; both are given
 * MAPFERRY_USAGE: a format cannot be converted from or to, or the rows do not lie within the bytes.
 * image_convert.h of the C++ library says what is computed. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_image_convert(
    uint32_t width, uint32_t height, const char* from_format, const char* from_options,
    const void* from, size_t from_size, const char* to_format, const char* to_options, void* to,
    size_t to_size) MAPFERRY_NOEXCEPT;

/* Stores pixels as a picture file: .bmp, .png, .jpg, .jpeg, .ppm, .pgm or .pnm. save_options:
 *   overwrite=refuse|replace|in_place   what happens to an existing file; refuse if left out
 *   jpeg_quality=95                     1 to 100
 *   levels, black, white                as above
 * The file appears at once and whole, except with in_place. MAPFERRY_USAGE: unknown extension, or
 * pixels that cannot be converted; MAPFERRY_CANNOT_CREATE: the file exists, or its folder does not;
 * MAPFERRY_IO, MAPFERRY_PERMISSION, MAPFERRY_OUT_OF_MEMORY. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_image_save(uint32_t width, uint32_t height,
                                                       const char* format, const char* options,
                                                       const void* data, size_t size,
                                                       const char* path,
                                                       const char* save_options) MAPFERRY_NOEXCEPT;

/* Decodes a picture file of this user: BMP, PNG, JPEG, PPM, PGM. mapferry_picture_free() takes the
 * picture back. options:
 *   side_max=32768 file_bytes_max=1073741824 pixel_bytes_max=1073741824
 * MAPFERRY_NOT_FOUND, MAPFERRY_PERMISSION; MAPFERRY_CORRUPT: no picture, or a damaged one;
 * MAPFERRY_IO: over a limit; MAPFERRY_USAGE: a kind that is not decoded; MAPFERRY_OUT_OF_MEMORY. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_picture_load(
    const char* path, const char* options, mapferry_picture** picture) MAPFERRY_NOEXCEPT;
/* Its pixels, packed and top-down, in memory of this process; its facts MAPFERRY_IMAGE_... by key;
 * the name of its format: "BGR24", "BGRA32", "GRAY8", "RGB48", "RGBA64" or "GRAY16". */
MAPFERRY_API const void* MAPFERRY_CALL mapferry_picture_data(const mapferry_picture* picture)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API size_t MAPFERRY_CALL mapferry_picture_size(const mapferry_picture* picture)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API int64_t MAPFERRY_CALL mapferry_picture_value(const mapferry_picture* picture,
                                                          int32_t key) MAPFERRY_NOEXCEPT;
MAPFERRY_API const char* MAPFERRY_CALL mapferry_picture_format(const mapferry_picture* picture)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API void MAPFERRY_CALL mapferry_picture_free(mapferry_picture* picture) MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
