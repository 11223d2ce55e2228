// SPDX-License-Identifier: Apache-2.0
// What `mapferry serve` was asked to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/common_options.h"
#include "console/look/picture_decoder.h"
#include "mapferry/section.h"

namespace mapferry::cli {

inline constexpr std::uint16_t kServePort = 8377;
inline constexpr std::uint64_t kServeMemoryBytes = std::uint64_t{512} << 20;
inline constexpr std::uint64_t kServeMemoryBytesMin = std::uint64_t{16} << 20;

struct ServeCommand {
    CommonOptions common;
    std::optional<SectionAddress> only = {};  // empty: all sections
    SectionAddress where = {};                // its reach and sharing, for all of them
    std::string listen = {};                  // an address; empty: 127.0.0.1
    std::uint64_t port = kServePort;          // 0: any that is free
    bool token = false;                       // demand it on the loopback too
    std::vector<std::string> host_names = {};
    std::uint64_t memory_bytes = kServeMemoryBytes;  // of the frames that are held
    Sandbox sandbox = Sandbox::kRequired;
};

}  // namespace mapferry::cli
