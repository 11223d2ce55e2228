// SPDX-License-Identifier: Apache-2.0
// Two threads that fill and hash chunks of a payload at once. A writer's thread alone reads and
// hashes slower than a reader on another core verifies.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "platform/processors.h"
#include "platform/work_team.h"

namespace mapferry::inline v1 {

struct FillTeam {
    static constexpr std::size_t kThreads = 2;

    struct Chunk {
        std::span<std::byte> target;  // in the section
        std::uint64_t payload_offset = 0;
        std::uint64_t xxh3 = 0;
    };

    std::array<Chunk, platform::WorkTeam::kPiecesMax> chunks;
    // Last: its threads use the others.
    platform::WorkTeam threads{std::min(kThreads, platform::usable_processors())};
};

}  // namespace mapferry::inline v1
