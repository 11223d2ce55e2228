#include "cli/messages.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/print.h"
#include "cli/screen.h"
#include "cli/terminal.h"
#include "mapferry/file_name.h"
#include "mapferry/units.h"

namespace mapferry::cli {

namespace {

double rate(const PassedPayload& passed) {
    return passed.seconds > 0 ? static_cast<double>(passed.summary.payload_bytes) / passed.seconds
                              : 0;
}

}  // namespace

void Messages::note(const std::string& line) const {
    if (quiet() || json()) return;
    say(line + "\n");
}

Result<void> Messages::event(const nlohmann::json& object) const {
    if (!stdout_taken_) return print_json(object);
    say(harmless_json(json_line(object)));
    return {};
}

Result<void> Messages::passed(const PassedPayload& payload) const {
    if (json()) return event(summary_json(payload));
    note(summary_line(payload));
    return {};
}

int Messages::error(const Status& status) const {
    const int code = exit_code(status.code);
    say(fmt::format("{}: error: {}\n", program_, describe(status)));
    if (!status.hint.empty()) say(fmt::format("hint: {}\n", status.hint));
    if (json()) {
        nlohmann::json object = {{"event", "error"},
                                 {"code", code},
                                 {"cause", std::string(code_name(status.code))},
                                 {"message", status.message}};
        if (!status.hint.empty()) object["hint"] = status.hint;
        if (status.os_error != 0) object["os_error"] = status.os_error;
        (void)event(object);  // the exit code says it too
    }
    return code;
}

int Messages::ended(const Result<void>& work) const {
    if (work) return 0;
    const Status& status = work.error();
    if (status.code == Code::kInterrupted) return exit_code(status.code);
    return nobody_reads(status) ? exit_code(status.code) : error(status);
}

void Messages::warning(const std::string& text) const {
    if (!quiet()) say(fmt::format("{}: warning: {}\n", program_, text));
}

std::string display_name(const PayloadInfo& info) {
    if (!info.name.empty()) return escape_for_terminal(info.name);
    return info.is_text ? "(text)" : "(stream)";
}

std::string digest_text(const PayloadSummary& summary) {
    const char* const over = summary.digest_kind == DigestKind::kBytes ? "" : " of chunks";
    return fmt::format("xxh3-128 {}{}", to_hex(summary.digest), over);
}

std::string summary_line(const PassedPayload& passed) {
    std::string line = fmt::format("{}  {}", display_name(passed.info),
                                   format_bytes(passed.summary.payload_bytes));
    if (passed.info.image) line += "  " + to_string(*passed.info.image);
    line += fmt::format("  {}/s  {}  {}", format_bytes(static_cast<std::uint64_t>(rate(passed))),
                        digest_text(passed.summary), passed.outcome);
    if (passed.summary.source_changed) line += kChangedMark;
    return line;
}

nlohmann::json image_json(const ImageDescription& image) {
    return {{"width", image.width},
            {"height", image.height},
            {"format", pixel_format_name(image.fourcc)},
            {"bits_per_pixel", image.bits_per_pixel},
            {"row_stride_bytes", image.row_stride_bytes},
            {"orientation", image.orientation == Orientation::kTopDown    ? "top-down"
                            : image.orientation == Orientation::kBottomUp ? "bottom-up"
                                                                          : "unknown"}};
}

nlohmann::json summary_json(const PassedPayload& passed) {
    nlohmann::json object = {
        {"event", "payload"},
        {"name", passed.info.name},
        {"text", passed.info.is_text},
        {"index", passed.info.payload_index},
        {"bytes", passed.summary.payload_bytes},
        {"chunks", passed.summary.chunk_count},
        {"seconds", passed.seconds},
        {"bytes_per_second", rate(passed)},
        {"xxh3_128", to_hex(passed.summary.digest)},
        {"digest_over", passed.summary.digest_kind == DigestKind::kBytes ? "bytes" : "chunks"},
        {"source_changed", passed.summary.source_changed},
        {"outcome", passed.outcome}};
    if (passed.info.image) object["image"] = image_json(*passed.info.image);
    if (!passed.output.empty()) object["output"] = passed.output;
    return object;
}

}  // namespace mapferry::cli
