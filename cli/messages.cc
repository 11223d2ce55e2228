// SPDX-License-Identifier: Apache-2.0
#include "cli/messages.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/notes_text.h"
#include "cli/print.h"
#include "cli/remedy.h"
#include "cli/screen.h"
#include "cli/terminal.h"
#include "mapferry/detail/units.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

double rate(const PassedPayload& passed) {
    return json::rate(passed.summary.payload_bytes, passed.seconds);
}

nlohmann::json error_json(const Status& status, int code) {
    nlohmann::json object = {{"event", "error"},
                             {"code", code},
                             {"cause", std::string(code_name(status.code))},
                             {"message", status.message}};
    if (const std::string hint = way_out(status); !hint.empty()) object["hint"] = hint;
    if (status.remedy != Remedy::kNone) object["remedy"] = std::string(remedy_name(status.remedy));
    if (status.os_error != 0) object["os_error"] = status.os_error;
    return object;
}

nlohmann::json interrupt_json(const Status& status) {
    // relaxed: the flag alone is the message
    const int signal = signal_flag().load(std::memory_order_relaxed);
    if (signal == 0) return error_json(status, exit_code(status.code));
    nlohmann::json object =
        error_json({status.code, fmt::format("ended by signal {}", signal)}, 128 + signal);
    object["signal"] = signal;
    return object;
}

}  // namespace

void Messages::note(const std::string& line) const {
    if (quiet()) return;
    if (json())
        tell({{"event", "note"}, {"message", line}});
    else
        say(line + "\n");
}

Result<void> Messages::event(const nlohmann::json& object) const {
    if (!stdout_taken_) {
        stdout_used_ = true;
        return print_json(object);
    }
    return write_errors(harmless_json(json_line(object)));
}

void Messages::tell(const nlohmann::json& object) const {
    if (!event(object) && !stdout_taken_) say(harmless_json(json_line(object)));
}

Result<void> Messages::passed(const PassedPayload& payload) const {
    if (json()) return event(summary_json(payload));
    note(summary_line(payload));
    return {};
}

Result<void> Messages::help(const std::string& text) const {
    return json() ? event({{"event", "help"}, {"text", text}}) : print(text);
}

void Messages::progress(const TransferProgress& progress) const {
    nlohmann::json object = {{"event", "progress"},
                             {"name", progress.name},
                             {"bytes", progress.bytes},
                             {"seconds", progress.seconds},
                             {"bytes_per_second", json::rate(progress.bytes, progress.seconds)}};
    if (progress.total_bytes) object["total_bytes"] = *progress.total_bytes;
    tell(object);
}

void Messages::error(const Status& status) const {
    const bool interrupted = status.code == Code::kInterrupted;
    if (json()) {
        tell(interrupted ? interrupt_json(status) : error_json(status, exit_code(status.code)));
    } else if (!interrupted) {
        say(fmt::format("{}: error: {}\n", program_, describe(status)));
        if (const std::string hint = way_out(status); !hint.empty())
            say(fmt::format("hint: {}\n", hint));
    }
}

int Messages::ended(const Result<void>& work) const {
    return work ? 0 : ended(work.error());
}

int Messages::ended(const Status& failure) const {
    if (stdout_taken_ || !nobody_reads(failure)) error(failure);
    return exit_code(failure.code);
}

void Messages::warning(const std::string& text) const {
    if (quiet()) return;
    if (json())
        tell({{"event", "warning"}, {"message", text}});
    else
        say(fmt::format("{}: warning: {}\n", program_, text));
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
    if (passed.info.tensor) line += "  " + to_string(*passed.info.tensor);
    line += fmt::format("  {}/s  {}  {}", format_bytes(static_cast<std::uint64_t>(rate(passed))),
                        digest_text(passed.summary), passed.outcome);
    if (passed.summary.source_changed) line += kChangedMark;
    return line;
}

}  // namespace mapferry::cli
