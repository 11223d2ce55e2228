// SPDX-License-Identifier: Apache-2.0
// The options of readers and writers of frames, and of the facts about their stream.
#pragma once

#include "capi/c_options.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"

namespace mapferry::capi {

// How a section of frames is made. The lists refer to their object.
struct FrameWriterWords {
    FrameWriterOptions options = {};

    [[nodiscard]] OptionList list();
};

// How a section of frames is read.
struct FrameReaderWords {
    FrameReaderOptions options = {};

    [[nodiscard]] OptionList list();
};

// What holds for all frames of a stream.
struct FactWords {
    StreamFacts facts = {};

    [[nodiscard]] OptionList list();
};

}  // namespace mapferry::capi
