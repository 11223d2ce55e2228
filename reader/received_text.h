// SPDX-License-Identifier: Apache-2.0
// Receiving and printing texts.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "mapferry/output.h"
#include "mapferry/reader.h"

namespace mapferry::cli {

// Reads the whole payload that next() announced, verified. Empty: it is too long, and
// text_too_long() is the error to report.
[[nodiscard]] Result<std::optional<std::string>> take_text(Reader& reader);
[[nodiscard]] Status text_too_long();

// Writes the text and a newline at once. Where standard output is a terminal, the text is escaped.
[[nodiscard]] Result<void> put_line(Output& standard_output, const std::string& text);

// The JSON event of a text.
[[nodiscard]] nlohmann::json text_json(const PayloadInfo& info, const std::string& text);

}  // namespace mapferry::cli
