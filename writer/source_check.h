// SPDX-License-Identifier: Apache-2.0
// Opens the writer's sources, files or standard input, and checks whether they changed while they
// were read.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "cli/messages.h"
#include "mapferry/source.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// How long one wait for a source lasts, between two looks at what else may end the work.
inline constexpr std::chrono::milliseconds kSourceLook{100};

// Opens a file, or standard input when `path` is "-". With --exec, standard input is the command's
// output.
[[nodiscard]] Result<Source> open_source(const WriterCommand& command, const std::string& path);

// For a source that is not sent with send(); call after the bytes were read. Returns whether the
// source changed, and warns if it did. kCorrupt: it changed, with --strict-source.
[[nodiscard]] Result<bool> check_unchanged(const WriterCommand& command, const Messages& messages,
                                           const Source& source, const std::string& shown);

// `shown`: the name of the source in messages.
void warn_of_change(const Messages& messages, const std::string& shown);

// When `source` is a named pipe, waits until a process has opened it for writing, up to --timeout:
// kTimedOut. Calls `go_on` ten times a second and ends with its error.
[[nodiscard]] Result<void> await_producer(const WriterCommand& command, const Messages& messages,
                                          Source& source, const std::string& shown,
                                          const std::function<Result<void>()>& go_on);

}  // namespace mapferry::cli
