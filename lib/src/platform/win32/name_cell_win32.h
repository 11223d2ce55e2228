// SPDX-License-Identifier: Apache-2.0
// The names of sections in memory. A section object's own name lives as long as any process has it
// open, so a slow reader would keep the next writer from using the name. So the section has a
// random name, and the user's name belongs to a cell: a tiny section that holds the id of the real
// one, and that its publisher keeps open. A cell does what a folder's entry does on Linux: to link
// is a compare-and-swap from nothing to an id, to unlink is one from the id to nothing.
#pragma once

#include <cstdint>
#include <optional>

#include "mapferry/section_address.h"
#include "platform/handle.h"

namespace mapferry::inline v1::platform {

// The id of the object that has the name now; nothing when the name is free.
[[nodiscard]] Result<std::optional<std::uint64_t>> look_up_name(const SectionAddress& address);

// Gives the name to the object `id`, until unlink_name() or until the returned handle is closed.
// `is_there` returns whether an object of an id still exists. kCannotCreate: another object has it.
[[nodiscard]] Result<Handle> link_name(const SectionAddress& address, std::uint64_t id,
                                       bool (*is_there)(Reach reach, std::uint64_t id));

// The cell of a name that leads to the object `id`; the name stays while the cell is open. Invalid
// when the name leads elsewhere.
[[nodiscard]] Result<Handle> keep_name(const SectionAddress& address, std::uint64_t id);

// Takes the name from the object `id`, if it has it.
[[nodiscard]] Result<void> unlink_name(const SectionAddress& address, std::uint64_t id);

}  // namespace mapferry::inline v1::platform
