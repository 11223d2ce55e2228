// SPDX-License-Identifier: Apache-2.0
// The options of readers and writers of payloads, for the calls that open them and for those that
// do a whole transfer.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "capi/c_objects.h"
#include "capi/c_options.h"
#include "mapferry/output_options.h"
#include "mapferry/payload.h"
#include "mapferry/reader.h"
#include "mapferry/receive.h"
#include "mapferry/send.h"
#include "mapferry/writer.h"

namespace mapferry::capi {

// How a section of payloads is made.
struct WriterWords {
    WriterOptions options = {};
    std::vector<std::uint64_t> known_bytes = {};
    std::optional<std::uint64_t> unknown_count = {};
    std::optional<std::uint64_t> stored_bytes = {};

    // The lists refer to this object.
    [[nodiscard]] OptionList list();
    // Without what a call knows itself: the sizes of its payload.
    [[nodiscard]] OptionList list_for_one();
    // The options with the sizes. Valid while this object lives.
    [[nodiscard]] const WriterOptions& finish();
};

// What a payload is.
struct PayloadWords {
    PayloadInfo info = {};

    [[nodiscard]] OptionList list();
};

// How a file is sent.
struct SendWords {
    SendOptions options = {};
    bool probes = true;

    [[nodiscard]] OptionList list();
};

// How the writer of one payload waits.
struct PatienceWords {
    Timeout timeout = kDefaultTimeout;
    Timeout linger = std::chrono::milliseconds(0);

    [[nodiscard]] OptionList list();
};

// How a section is read.
struct ReaderWords {
    ReaderOptions options = {};

    [[nodiscard]] OptionList list();
};

// How a file is received.
struct ReceiveWords {
    Overwrite overwrite = Overwrite::kRefuse;
    ReceiveOptions options = {};
    bool preserves = false;

    [[nodiscard]] OptionList list();
};

}  // namespace mapferry::capi
