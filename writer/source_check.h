// SPDX-License-Identifier: Apache-2.0
// The writer's sources: files or standard input, and what becomes of one that changed while it was
// read.
#pragma once

#include <functional>
#include <string>

#include "cli/messages.h"
#include "mapferry/source.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// - is standard input, behind which the command of --exec may be.
[[nodiscard]] Result<Source> open_source(const WriterCommand& command, const std::string& path);

// Of a source whose bytes go out without send(), after its last byte: kCorrupt with
// --strict-source, else whether it changed, with a warning.
[[nodiscard]] Result<bool> check_unchanged(const WriterCommand& command, const Messages& messages,
                                           const Source& source, const std::string& shown);

// `shown`: what to call the source.
void warn_of_change(const Messages& messages, const std::string& shown);

// Waits until somebody has opened `source` for writing, where it is a named pipe, up to --timeout:
// kTimedOut. Asks `go_on` ten times a second, and ends with its error.
[[nodiscard]] Result<void> await_producer(const WriterCommand& command, const Messages& messages,
                                          Source& source, const std::string& shown,
                                          const std::function<Result<void>()>& go_on);

}  // namespace mapferry::cli
