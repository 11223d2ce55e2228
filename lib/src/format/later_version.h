// SPDX-License-Identifier: Apache-2.0
// What a later writer may add to a section without a new version of the format. In each field
// `flags`, bits 0 to 15 change what known fields mean: a reader that does not know one refuses the
// section or message. It ignores higher bits, which only announce what it may leave alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/fail.h"
#include "format/layout.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

inline constexpr const char* kSameVersionHint = "use the same mapferry version on both sides";
inline constexpr std::uint64_t kFlagsToKnow = 0xFFFF;

// What this program knows, beside layout::kManifestFlagsKnown. No flag of an ident.
inline constexpr std::uint32_t kSlotFlagsKnown =
    layout::kSlotUnhashed | layout::kSlotText | layout::kSlotHoles | layout::kSlotSourceNumber;
inline constexpr std::uint64_t kEndFlagsKnown = layout::kEndSourceChanged;

// kVersion: among `flags` are some that this program must know and does not. `what` has them, with
// its number where it has one ("message ", 7).
[[nodiscard]] inline Result<void> check_flags(std::uint64_t flags, std::uint64_t known,
                                              const char* what,
                                              std::optional<std::uint64_t> number = {}) {
    const std::uint64_t unknown = flags & kFlagsToKnow & ~known;
    if (unknown == 0) return {};
    return fail(Code::kVersion,
                what + (number ? std::to_string(*number) : std::string()) +
                    " needs a later version, which knows its flags " + std::to_string(unknown),
                kSameVersionHint);
}

}  // namespace mapferry::inline v1
