// SPDX-License-Identifier: Apache-2.0
// Where a payload goes. The options decide it and, after a strict filter, the name that the sender
// proposes.
#pragma once

#include <atomic>
#include <string>

#include "mapferry/output.h"
#include "mapferry/payload.h"
#include "reader/made_files.h"
#include "reader/reader_command.h"

namespace mapferry::cli {

struct Target {
    Output output;
    std::string shown;  // path, "-" or "" (discarded), for reports
    bool on_stdout = false;
    bool on_terminal_as_text = false;  // print it escaped: a text, without -o
};

// kUsage: --durable was given, but the output is standard output.
[[nodiscard]] Status durable_needs_a_file();

// Whether each payload becomes a separate file under the sender's name.
[[nodiscard]] bool goes_into_folder(const ReaderCommand& command, const PayloadInfo& info);

// Opens the output of a payload. kCannotCreate: among others, this run has made that file already,
// or the name is not allowed; kUsage; kPermission; kIo. `stop` ends a wait for a full pipe.
[[nodiscard]] Result<Target> choose_target(const ReaderCommand& command, const PayloadInfo& info,
                                           const MadeFiles& made, const std::atomic<int>& stop);

}  // namespace mapferry::cli
