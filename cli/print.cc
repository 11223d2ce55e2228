// SPDX-License-Identifier: Apache-2.0
#include "cli/print.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string_view>

#include "cli/terminal.h"
#include "mapferry/output.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

// Writes nothing after a failure, so that no output follows a cut line.
Result<void> write(const std::string& text) {
    static Result<Output> standard_output =
        Output::to_standard_output(std::nullopt, &signal_flag());
    static Result<void> written;
    if (!standard_output) return std::unexpected(standard_output.error());
    if (written) written = standard_output->write(std::as_bytes(std::span(text)));
    // Only the close of a file shows some errors (NFS, a quota): the line counts after it.
    if (written) written = standard_output->commit({});
    return written;
}

}  // namespace

Result<void> print(const std::string& lines) {
    return write(harmless_lines(lines));
}

Result<void> print_json(const nlohmann::json& object) {
    const std::string line = json_line(object);
    return write(stdout_is_terminal() ? harmless_json(line) : line);
}

}  // namespace mapferry::cli
