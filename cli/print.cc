#include "cli/print.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "cli/terminal.h"
#include "mapferry/file_name.h"
#include "mapferry/output.h"

namespace mapferry::cli {

namespace {

// Nothing follows what was cut off.
Result<void> write(const std::string& text) {
    static Result<Output> standard_output =
        Output::to_standard_output(std::nullopt, &signal_flag());
    static Result<void> written;
    if (!standard_output) return pass(standard_output.error());
    if (written) written = standard_output->write(std::as_bytes(std::span(text)));
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

std::string json_line(const nlohmann::json& object) {
    // Names of other processes may be no UTF-8; a replacement character is better than no line.
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace mapferry::cli
