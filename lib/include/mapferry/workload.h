// SPDX-License-Identifier: Apache-2.0
/// \file
/// Facts about the coming payloads, for a writer that creates a section.
///
///     // A kept section with exactly the room that these files need.
///     mapferry::Result<mapferry::Writer> keep(const std::string& name,
///                                             std::span<const std::uint64_t> file_bytes) {
///         return mapferry::Writer::create({.address = {.name = name},
///                                          .delivery = mapferry::StreamDelivery::kKeep,
///                                          .workload = {.known_bytes = file_bytes}});
///     }
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace mapferry::inline v1 {

/// The expected payloads. They only determine the section's size. A stream may send more than
/// announced; a kept section fails when its slots are used up.
struct Workload {
    std::span<const std::uint64_t> known_bytes = {};  ///< one size for each payload of known size
    std::uint64_t unknown_count = 0;                  ///< payloads whose size is known at their end
    std::uint64_t space_bytes = 0;  ///< keep with unknown sizes: the limit; 0 = all free space
    /// The bytes of the known payloads that are in no hole; set if one of them has holes. A kept
    /// section takes no more memory for them.
    std::optional<std::uint64_t> stored_bytes = {};
};

}  // namespace mapferry::inline v1
