// SPDX-License-Identifier: Apache-2.0
// Picture files of other processes are decoded in a process with few rights, and nowhere else.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// That process has one of these words as its only argument. With the second word it keeps the
// rights that it can't give up on this machine.
inline constexpr const char* kDecodeArgument = "decode-for-my-parent";
inline constexpr const char* kDecodeAnywayArgument = "decode-for-my-parent-anyway";

// kRequired: the process decodes nothing unless it can give up all rights that it does not need.
enum class Sandbox : std::uint8_t { kRequired, kAsFarAsPossible };

// Larger files are refused.
inline constexpr std::uint64_t kPictureFileBytesMax = std::uint64_t{256} << 20;

// The pixels of a picture file. kCorrupt: the decoding failed, for whatever reason; kInterrupted;
// kSystem: for example, there is no sandbox.
[[nodiscard]] Result<Image> decode_apart(std::span<const std::byte> file, Sandbox sandbox,
                                         const std::atomic<int>& stop);

// The work of the other process: reads a file from standard input and writes an answer to standard
// output. Does not return.
[[noreturn]] void decode_for_parent(Sandbox sandbox);

}  // namespace mapferry::cli
