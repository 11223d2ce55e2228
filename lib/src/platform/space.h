// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): memory and space, free and taken.
#pragma once

#include <cstdint>
#include <optional>

#include "mapferry/section_address.h"
#include "mapferry/status.h"
#include "platform/byte_range.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

// Amounts from here on are compared with the free space before they are taken. Filling the memory
// of the machine only to learn that it is too little would harm all programs.
inline constexpr std::uint64_t kCheckFirstBytes = std::uint64_t{64} << 20;

// Makes sure that touching [offset, offset + bytes) can't fail. kIo with "needs X, Y free" and a
// hint. Linux: fallocate, or where that is refused a write to each page, so no other process may
// write there meanwhile. Windows: commit.
[[nodiscard]] Result<void> reserve(const SharedObject& object, std::uint64_t offset,
                                   std::uint64_t bytes);

// Whether an object's holes must be reserved too, because a view can't cover_with_zeros(). Windows.
[[nodiscard]] bool holes_take_memory();

// Gives reserved memory back to the system; true if the system took it. The bytes are zeros then,
// and no longer reserved. Whole pages only. Linux: makes a hole. Windows: never; pages stay
// committed.
[[nodiscard]] bool release_memory(const SharedObject& object, std::uint64_t offset,
                                  std::uint64_t bytes);

// The error for a lack of space: what is needed, what is free, and the way out.
[[nodiscard]] Status out_of_space(const SectionAddress& address, std::uint64_t needed_bytes);

struct Space {
    std::uint64_t total_bytes = 0;
    std::uint64_t free_bytes = 0;  // for this user
};
// Of the file system (Windows: page file) that would back a section at `address`.
[[nodiscard]] Result<Space> space_at(const SectionAddress& address);

// How to count space that was reserved and never written. It has its memory, but the system does
// not show where: kIsThere allows as many bytes of holes as are reserved anywhere.
enum class Unwritten : std::uint8_t { kIsThere, kIsAHole };

// The bytes around `wanted.begin` that are there, so that reading them takes no memory: at least up
// to wanted.end, or less where a hole follows. All bytes of an object whose file system gives no
// reliable answer.
[[nodiscard]] Result<ByteRange> present_bytes(const SharedObject& object, const ByteRange& wanted,
                                              Unwritten unwritten);

// The memory that this process could still take, from the machine and within a limit (Linux:
// cgroups). Empty: the system has no answer.
[[nodiscard]] std::optional<std::uint64_t> available_memory_bytes();

// Memory that the object really occupies now.
[[nodiscard]] Result<std::uint64_t> used_bytes(const SharedObject& object);

}  // namespace mapferry::inline v1::platform
