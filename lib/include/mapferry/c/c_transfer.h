/* SPDX-License-Identifier: Apache-2.0 */
/* One payload in one call. Any thread. stop: NULL, or what ends the waits of the call. */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sends bytes, or a file, as the only payload of a new section: waits for its readers and until
 * they have stored it; with delivery=keep leaves it in the section for later readers. name: NULL,
 * or a file name without folder. options: those of mapferry_writer_create() (but no known_bytes,
 * unknown_count), those of mapferry_writer_begin() or mapferry_writer_send_file() (but no
 * payload_count), and
 *   timeout_ms=30000      how long the call waits for readers_wanted readers
 *   linger_timeout_ms=0   Windows, delivery=keep in memory: the payload ends with this call, which
 *                         therefore stays this long, or until somebody has consumed the payload
 * Errors as of these calls. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_send_bytes(const char* section, const char* options,
                                                       mapferry_stop* stop, const char* name,
                                                       const void* data,
                                                       size_t size) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_send_file(const char* section, const char* options,
                                                      mapferry_stop* stop,
                                                      const char* path) MAPFERRY_NOEXCEPT;

/* Receives the next payload of a section as bytes in memory, or to a file, and acknowledges it.
 * size_limit: MAPFERRY_IO for a larger payload. options: those of mapferry_reader_open(), and for
 * files of mapferry_reader_receive_file(). consume=yes fails with MAPFERRY_USAGE if the section has
 * more than one payload, and leaves it. MAPFERRY_END: the writer ended without a payload. Other
 * errors as of these calls. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_receive_bytes(const char* section, const char* options,
                                                          mapferry_stop* stop, size_t size_limit,
                                                          mapferry_bytes** bytes) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_receive_file(const char* section, const char* options,
                                                         mapferry_stop* stop,
                                                         const char* path) MAPFERRY_NOEXCEPT;

/* Whether a file in a folder of the caller's choice may have the name that came with a payload, by
 * the rules of this system. MAPFERRY_CANNOT_CREATE: no, and the message says why. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_check_file_name(const char* name) MAPFERRY_NOEXCEPT;
/* The same name where it is accepted; otherwise underscores stand for its refused parts. */
MAPFERRY_API int32_t MAPFERRY_CALL
mapferry_harmless_file_name(const char* name, mapferry_bytes** harmless) MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
