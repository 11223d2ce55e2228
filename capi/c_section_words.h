// SPDX-License-Identifier: Apache-2.0
// The options of buffers, and of the calls that look at sections from outside.
#pragma once

#include <cstdint>

#include "capi/c_options.h"
#include "mapferry/section.h"
#include "mapferry/shared_buffer.h"

namespace mapferry::capi {

// How a buffer is opened. The lists refer to their object.
struct BufferWords {
    enum class Mode : std::uint8_t { kBySize, kOpen, kCreate, kOpenOrCreate };

    SharedBufferOptions options = {};
    Mode mode = Mode::kBySize;  ///< opened, or created where it is missing and a size is given

    [[nodiscard]] OptionList list();
};

// Which sections are listed.
struct ListWords {
    enum class Listed : std::uint8_t { kNames, kOthers };

    Reach reach = Reach::kSession;
    Sharing sharing = {};
    Listed listed = Listed::kNames;

    [[nodiscard]] OptionList list();
};

// One section that exists.
struct SectionWords {
    SectionAddress address = {};
    bool forces = false;

    [[nodiscard]] OptionList list();
    [[nodiscard]] OptionList list_to_remove();
};

// Whose garbage is collected.
struct GarbageWords {
    Users users = Users::kThisOne;
    Reach reach = Reach::kSession;

    [[nodiscard]] OptionList list();
};

}  // namespace mapferry::capi
