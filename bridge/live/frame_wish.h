// SPDX-License-Identifier: Apache-2.0
// What an importer that cannot keep up asks of the exporter, as JSON. docs/reach.md describes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::cli {

struct FrameWish {
    std::string importer = {};  // a name that no other one has
    // The frame that it fetches, and that must stay. Without an epoch: the next frame must.
    std::string epoch = {};
    std::uint64_t ordinal = 0;
};

[[nodiscard]] std::string wish_text(const FrameWish& wish);
// kCorrupt.
[[nodiscard]] Result<FrameWish> parse_wish(std::string_view text);

}  // namespace mapferry::cli
