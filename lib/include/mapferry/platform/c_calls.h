/* SPDX-License-Identifier: Apache-2.0 */
/* How the functions of mapferry.h are called and found: MAPFERRY_API, MAPFERRY_CALL.
 *
 * 32-bit Windows: all functions are __stdcall and exported without decoration, as Delphi, FoxPro,
 * Visual Basic and C# expect it. Everywhere else the system has one way to call.
 *
 * Windows: define MAPFERRY_STATIC before you include mapferry.h if the program contains the library
 * (libmapferry.a) and does not load mapferry.dll.
 */
#pragma once

#if defined(_WIN32)
#if defined(_M_IX86) || defined(__i386__)
#define MAPFERRY_CALL __stdcall
#else
#define MAPFERRY_CALL
#endif
#if defined(MAPFERRY_STATIC)
#define MAPFERRY_API
#elif defined(MAPFERRY_BUILDING_LIBRARY)
#define MAPFERRY_API __declspec(dllexport)
#else
#define MAPFERRY_API __declspec(dllimport)
#endif
#else
#define MAPFERRY_CALL
#if defined(__GNUC__)
#define MAPFERRY_API __attribute__((visibility("default")))
#else
#define MAPFERRY_API
#endif
#endif

#if defined(__cplusplus)
#define MAPFERRY_NOEXCEPT noexcept
#else
#define MAPFERRY_NOEXCEPT
#endif
