// Picture files of other processes become pixels in a process of little power, and nowhere else.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// The first and only argument of that process.
inline constexpr const char* kDecodeArgument = "decode-for-my-parent";

// Files larger than this are not looked at.
inline constexpr std::uint64_t kPictureFileBytesMax = std::uint64_t{256} << 20;

// The pixels of a picture file. kCorrupt: they can't be had, whatever the reason; kInterrupted;
// kSystem.
[[nodiscard]] Result<Image> decode_apart(std::span<const std::byte> file,
                                         const std::atomic<int>& stop);

// The other process: a file on standard input, an answer on standard output. Does not return.
[[noreturn]] void decode_for_parent();

}  // namespace mapferry::cli
