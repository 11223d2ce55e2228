// SPDX-License-Identifier: Apache-2.0
// Texts as a reader takes them and shows them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "mapferry/output.h"
#include "mapferry/reader.h"

namespace mapferry::cli {

// All of the payload that next() announced, verified; empty: it is text_too_long().
[[nodiscard]] Result<std::optional<std::string>> take_text(Reader& reader);
[[nodiscard]] Status text_too_long();

// The text and a newline, at once: as it is, or harmless where standard output is a terminal.
[[nodiscard]] Result<void> put_line(Output& standard_output, const std::string& text);

// A text as an event.
[[nodiscard]] nlohmann::json text_json(const PayloadInfo& info, const std::string& text);

}  // namespace mapferry::cli
