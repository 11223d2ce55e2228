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

bool is_utf8(const nlohmann::json& value) {
    try {
        (void)value.dump();
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}

// Adds the bytes of each member that is not UTF-8 as a second member: "text_base64" for "text".
void add_exact_bytes(nlohmann::json& value) {
    if (value.is_array())
        for (nlohmann::json& element : value)
            add_exact_bytes(element);
    if (!value.is_object()) return;
    nlohmann::json exact = nlohmann::json::object();
    for (auto& [key, member] : value.items()) {
        if (!member.is_string())
            add_exact_bytes(member);
        else if (!is_utf8(member))
            exact[key + "_base64"] = base64(member.get_ref<const std::string&>());
    }
    value.update(exact);
}

}  // namespace

Result<void> print(const std::string& lines) {
    return write(harmless_lines(lines));
}

Result<void> print_json(const nlohmann::json& object) {
    const std::string line = json_line(object);
    return write(stdout_is_terminal() ? harmless_json(line) : line);
}

std::string json_line(const nlohmann::json& object) try {
    return object.dump() + "\n";
} catch (const nlohmann::json::type_error&) {  // not all of it is UTF-8
    nlohmann::json exact = object;
    add_exact_bytes(exact);
    return exact.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace mapferry::cli
