// SPDX-License-Identifier: Apache-2.0
// Picture files of other processes become pixels in a process of little power, and nowhere else.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// The first and only argument of that process. The second one: what can't be taken from it here, it
// keeps.
inline constexpr const char* kDecodeArgument = "decode-for-my-parent";
inline constexpr const char* kDecodeAnywayArgument = "decode-for-my-parent-anyway";

// kRequired: nothing is decoded where the process can't give up all rights that it does not need.
enum class Sandbox : std::uint8_t { kRequired, kAsFarAsPossible };

// Files larger than this are not looked at.
inline constexpr std::uint64_t kPictureFileBytesMax = std::uint64_t{256} << 20;

// The pixels of a picture file. kCorrupt: they can't be had, whatever the reason; kInterrupted;
// kSystem: among others, that there is no sandbox.
[[nodiscard]] Result<Image> decode_apart(std::span<const std::byte> file, Sandbox sandbox,
                                         const std::atomic<int>& stop);

// The other process: a file on standard input, an answer on standard output. Does not return.
[[noreturn]] void decode_for_parent(Sandbox sandbox);

}  // namespace mapferry::cli
