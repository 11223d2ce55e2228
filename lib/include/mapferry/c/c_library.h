/* SPDX-License-Identifier: Apache-2.0 */
/* The library: its version, the last error, stops, bytes that it hands out, the fault guard. */
#pragma once

#include "mapferry/c/c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that runs, as MAPFERRY_HEADER_VERSION, and as text: "0.1.0". */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_version(void) MAPFERRY_NOEXCEPT;
MAPFERRY_API const char* MAPFERRY_CALL mapferry_version_text(void) MAPFERRY_NOEXCEPT;

/* The last call of this thread that failed. The texts are never NULL, belong to the library, and
 * stay as they are until the next call of this thread fails. A call that succeeds does not clear
 * them, so they say something only after a code above 0.
 * code: 0 if no call of this thread has failed.
 * message: names the object and the cause, in English, at most 511 bytes.
 * hint: the way out, in the words of this interface; "" if there is none.
 * os: errno, on Windows GetLastError(); 0 if the system was not involved.
 * remedy: the way out as a number, for programs that have words of their own; 0 if there is none.
 *   The numbers never change; mapferry_remedy_name() has the names. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_error_code(void) MAPFERRY_NOEXCEPT;
MAPFERRY_API const char* MAPFERRY_CALL mapferry_error_message(void) MAPFERRY_NOEXCEPT;
MAPFERRY_API const char* MAPFERRY_CALL mapferry_error_hint(void) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_error_os(void) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_error_remedy(void) MAPFERRY_NOEXCEPT;

/* A short name for logs: "timed-out", "corrupt"; "ok", "end" and "nothing" for the others.
 * "unknown" for a number that is no code. */
MAPFERRY_API const char* MAPFERRY_CALL mapferry_code_name(int32_t code) MAPFERRY_NOEXCEPT;
/* "raise-timeout", "remove-section"; "" for 0 and for a number that is no remedy. */
MAPFERRY_API const char* MAPFERRY_CALL mapferry_remedy_name(int32_t remedy) MAPFERRY_NOEXCEPT;

/* A stop ends the waits of all objects that were opened with it: they fail with
 * MAPFERRY_INTERRUPTED within 100 ms after it was raised, and later waits fail at once, until it is
 * lowered. mapferry_stop_free() takes it back, at any time: objects that use the stop keep what
 * they need of it.
 * raise, lower, is_raised: any thread, also in a signal handler. NULL: no effect, and 0. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_stop_new(mapferry_stop** stop) MAPFERRY_NOEXCEPT;
MAPFERRY_API void MAPFERRY_CALL mapferry_stop_raise(mapferry_stop* stop) MAPFERRY_NOEXCEPT;
MAPFERRY_API void MAPFERRY_CALL mapferry_stop_lower(mapferry_stop* stop) MAPFERRY_NOEXCEPT;
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_stop_is_raised(const mapferry_stop* stop)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API void MAPFERRY_CALL mapferry_stop_free(mapferry_stop* stop) MAPFERRY_NOEXCEPT;

/* Bytes or text that a call handed out, in memory of this process alone. A 0 follows the last byte
 * and is not counted, so that a text can be used as it is. mapferry_bytes_free() takes them back;
 * any thread. Of NULL: data "" and size 0. */
MAPFERRY_API const char* MAPFERRY_CALL mapferry_bytes_data(const mapferry_bytes* bytes)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API size_t MAPFERRY_CALL mapferry_bytes_size(const mapferry_bytes* bytes)
    MAPFERRY_NOEXCEPT;
MAPFERRY_API void MAPFERRY_CALL mapferry_bytes_free(mapferry_bytes* bytes) MAPFERRY_NOEXCEPT;

/* For programs, not for libraries. Linux: from this call on, an access to a section that its owner
 * has cut (made shorter) finds zeros, where the system would end the process by SIGBUS; the call
 * that meets it fails with MAPFERRY_IO. It installs a handler for SIGBUS, which passes all other
 * faults on. Call it once; further calls do nothing. Windows: does nothing, as nobody can cut a
 * section there. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_install_fault_guard(void) MAPFERRY_NOEXCEPT;

/* Waits until one of the readers has something to take, at most timeout_ms. handles: those of
 * mapferry_reader_notification() and mapferry_frame_reader_notification(), at most 64 on Windows.
 * index: the place of the first such reader. MAPFERRY_TIMED_OUT: none has. A raised stop of a
 * reader counts as something to take. */
MAPFERRY_API int32_t MAPFERRY_CALL mapferry_wait_any(const int64_t* handles, int32_t count,
                                                     int32_t timeout_ms,
                                                     int32_t* index) MAPFERRY_NOEXCEPT;

#ifdef __cplusplus
}
#endif
