// SPDX-License-Identifier: Apache-2.0
// `mapferry view`: frames or a kept picture, as characters in a terminal.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/messages.h"
#include "cli/picture_levels.h"
#include "console/look/picture_decoder.h"
#include "console/look/picture_text.h"
#include "mapferry/section.h"
#include "mapferry/timeout.h"

namespace mapferry::cli {

struct ViewCommand {
    SectionAddress address = {};
    Timeout timeout = kDefaultTimeout;
    std::optional<Colors> colors = {};    // empty: what the terminal supports
    std::optional<ScreenSize> size = {};  // empty: the terminal's size
    std::string save = {};                // a path
    bool force = false;
    bool follow = false;
    Sandbox sandbox = Sandbox::kRequired;
    PictureLevels levels = {};
};

[[nodiscard]] int run_view(const Messages& messages, const ViewCommand& command,
                           const std::atomic<int>& stop);

}  // namespace mapferry::cli
