// SPDX-License-Identifier: Apache-2.0
/// \file
/// The library for C++17, over the C interface: header-only, so that a program needs the shared
/// library and no compiler of its age. With CMake: find_package(mapferry COMPONENTS c), and
/// mapferry::c; otherwise `pkg-config --cflags --libs mapferry`.
///
///     std::uint64_t brightest(const char* section) {
///         mapferry::cpp17::FrameReader reader(section, "timeout_ms=5000");
///         std::uint64_t most = 0;
///         while (auto frame = reader.next(std::chrono::seconds(5))) {
///             std::uint64_t sum = 0;
///             for (const std::uint8_t value : frame.bytes())
///                 sum += value;
///             most = std::max(most, sum);
///         }
///         return most;
///     }
///
/// What holds for all of it:
///
/// - Everything is in the namespace mapferry::cpp17. One program can also use the C++23 library,
///   whose headers have the other names of mapferry.
/// - A failing call throws Error, or fills a Failure that its caller gave it: see OnError.
/// - An object gives back what it holds when it ends. Objects are move-only; one that was moved
///   from is empty, and its calls fail with Code::kUsage.
/// - Threads, fork(), the forms of a section's name and the options are those of mapferry.h. Names
///   and options are texts without a 0 in them: what follows a 0 is not seen.
/// - get() returns the object of the C interface, for calls that have no counterpart here.
#pragma once

#include "mapferry/cpp17/cpp17_base.h"
#include "mapferry/cpp17/cpp17_buffer.h"
#include "mapferry/cpp17/cpp17_calls.h"
#include "mapferry/cpp17/cpp17_facts.h"
#include "mapferry/cpp17/cpp17_frame.h"
#include "mapferry/cpp17/cpp17_frame_writer.h"
#include "mapferry/cpp17/cpp17_library.h"
#include "mapferry/cpp17/cpp17_reader.h"
#include "mapferry/cpp17/cpp17_writer.h"
