// SPDX-License-Identifier: Apache-2.0
#include "reader/received_text.h"

#include <nlohmann/json.hpp>
#include <span>

#include "cli/notes_text.h"
#include "cli/terminal.h"
#include "mapferry/detail/units.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

// The limit exists because a text is held in memory until it is whole.
constexpr std::uint64_t kTextBytesMax = std::uint64_t{64} << 20;

}  // namespace

Result<std::optional<std::string>> take_text(Reader& reader) {
    std::string text;
    while (!reader.summary()) {
        auto bytes = reader.read();
        if (!bytes) return std::unexpected(bytes.error());
        if (text.size() + bytes->size() > kTextBytesMax) return std::nullopt;
        text.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    }
    return text;
}

Status text_too_long() {
    return {Code::kIo, "the text is longer than " + format_bytes(kTextBytesMax),
            "receive it with -o PATH", 0};
}

Result<void> put_line(Output& standard_output, const std::string& text) {
    const std::string line = (stdout_is_terminal() ? escape_for_terminal(text) : text) + "\n";
    auto written = standard_output.write(std::as_bytes(std::span(line)));
    return written ? standard_output.commit({}) : written;
}

nlohmann::json text_json(const PayloadInfo& info, const std::string& text) {
    nlohmann::json object = {
        {"event", "text"}, {"index", info.payload_index}, {"bytes", text.size()}, {"text", text}};
    add_notes(object, info);
    return object;
}

}  // namespace mapferry::cli
