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

// Makes sure that touching [offset, offset + bytes) can't fail. kIo with "needs X, Y free" and a
// hint. Linux: fallocate, or where that is refused a write to each page, so nobody else may write
// there now. Windows: commit.
[[nodiscard]] Result<void> reserve(const SharedObject& object, std::uint64_t offset,
                                   std::uint64_t bytes);

// Whether an object has to be reserved with its holes: a view can't cover_with_zeros(). Windows.
[[nodiscard]] bool holes_take_memory();

// Gives reserved memory back to the system, where it can take it: true. The bytes are zeros then,
// and reserved no more. Whole pages. Linux: a hole. Windows: never; pages stay committed.
[[nodiscard]] bool release_memory(const SharedObject& object, std::uint64_t offset,
                                  std::uint64_t bytes);

// The error for it: what it needs, what is free, and the way out.
[[nodiscard]] Status out_of_space(const SectionAddress& address, std::uint64_t needed_bytes);

struct Space {
    std::uint64_t total_bytes = 0;
    std::uint64_t free_bytes = 0;  // for this user
};
// Of the file system (Windows: page file) that would back a section at `address`.
[[nodiscard]] Result<Space> space_at(const SectionAddress& address);

// What was reserved and never written. It has its memory, but where it is can't be told: kIsThere
// allows as many bytes of holes as are reserved anywhere.
enum class Unwritten : std::uint8_t { kIsThere, kIsAHole };

// Bytes around `wanted.begin` that reading takes no memory for, since they are there: at least up
// to wanted.end, or less where a hole follows. Of an object whose file system has no reliable word
// on that, all.
[[nodiscard]] Result<ByteRange> present_bytes(const SharedObject& object, const ByteRange& wanted,
                                              Unwritten unwritten);

// What this process could still take: of the machine, and of what a limit leaves to it (Linux:
// cgroups). Empty where the system does not say.
[[nodiscard]] std::optional<std::uint64_t> available_memory_bytes();

// Memory that the object really occupies now.
[[nodiscard]] Result<std::uint64_t> used_bytes(const SharedObject& object);

}  // namespace mapferry::inline v1::platform
