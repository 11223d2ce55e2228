// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): an object's bytes by calls of the system,
// not through a mapping. Whoever needs each byte once saves the cost of mapping its page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "mapferry/status.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

// Windows: never. Sections in memory have no such calls, and with files they may show other bytes
// than a mapping.
[[nodiscard]] bool has_object_io();

// Fills `target` with the bytes from `offset` on. kIo: they can't be read, or the object ends
// before. REQUIRES: has_object_io().
[[nodiscard]] Result<void> read_object(const SharedObject& object, std::uint64_t offset,
                                       std::span<std::byte> target);

// Writes to a part of the object that nobody else uses meanwhile. Takes the memory as reserve()
// does, with the same errors. REQUIRES: has_object_io().
[[nodiscard]] Result<void> write_object(const SharedObject& object, std::uint64_t offset,
                                        std::span<const std::byte> bytes);

}  // namespace mapferry::inline v1::platform
