// Texts as a reader takes them and shows them.
#pragma once

#include <string>

#include "mapferry/output.h"
#include "mapferry/reader.h"

namespace mapferry::cli {

// All of the payload that next() announced, verified. kIo: more than a text may have.
[[nodiscard]] Result<std::string> take_text(Reader& reader);

// The text and a newline, at once: as it is, or harmless where standard output is a terminal.
[[nodiscard]] Result<void> put_line(Output& standard_output, const std::string& text);

}  // namespace mapferry::cli
