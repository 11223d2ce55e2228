// SPDX-License-Identifier: Apache-2.0
#include "reader/receive_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/short_names.h"
#include "cli/terminal.h"
#include "mapferry/printable_text.h"
#include "mapferry/reader.h"
#include "mapferry/receive.h"
#include "reader/received_text.h"
#include "reader/target.h"

namespace mapferry::cli {

namespace {

// Shows "waiting for ..." on a terminal while the object lives.
class WaitingLine {
  public:
    explicit WaitingLine(const CommonOptions& common)
        : shown_(!common.json && common.effective_progress() != ProgressMode::kNever &&
                 stderr_is_terminal()) {
        if (shown_) show_status("waiting for " + to_string(common.address) + " ...");
    }
    ~WaitingLine() { hide(); }
    WaitingLine(const WaitingLine&) = delete;
    WaitingLine& operator=(const WaitingLine&) = delete;

    void hide() {
        if (std::exchange(shown_, false)) show_status({});
    }

  private:
    bool shown_;
};

Result<Reader> open_reader(const ReaderCommand& command, const std::atomic<int>& stop) {
    const WaitingLine line(command.common);
    return Reader::open({.address = command.common.address,
                         .timeout = command.common.timeout,
                         .stall_timeout = command.common.stall_timeout,
                         .consume = command.consume ? Consume::kRemoveWhenDone : Consume::kLeave,
                         .stop = &stop});
}

FileAttributes attributes_of(const ReaderCommand& command, const PayloadInfo& info) {
    if (!command.preserve) return {.permission_limit = info.permission_bits};
    return {.mtime_unix_ns = info.mtime_unix_ns, .permission_bits = info.permission_bits};
}

// Receives a text that is printed on a terminal or in a line of JSON. `put` prints it, and for a
// terminal makes it harmless.
template <typename Put>
Result<void> show_text(const Messages& messages, Reader& reader, const PayloadInfo& info,
                       const Put& put) {
    const double began_s = clock_s();
    auto text = take_text(reader);
    if (!text) return std::unexpected(text.error());
    if (!*text) return std::unexpected(text_too_long());
    if (Result<void> taken = put(**text); !taken) return taken;
    const PassedPayload passed{.info = info,
                               .summary = reader.summary().value_or(PayloadSummary{}),
                               .seconds = clock_s() - began_s,
                               .outcome = "verified",
                               .output = {}};
    if (auto printed = messages.passed(passed); !printed) return printed;
    return reader.acknowledge();
}

// Warns of attributes that the file did not get: those that --preserve asked for, and those that
// the replaced file had.
void warn_of_lost_attributes(const ReaderCommand& command, const Messages& messages,
                             const PayloadInfo& info, const Output& output) {
    if (command.preserve && info.source && !info.mtime_unix_ns)
        messages.warning("the time of " + in_quotes(info.name) +
                         " is before 1677 or after 2262 and was left out");
    if (const std::string left_out = output.left_out(); !left_out.empty())
        messages.warning(left_out);
}

// What this run has stored and what it has left out.
struct PayloadTally {
    MadeFiles made;
    std::uint64_t payloads = 0;
    std::uint64_t left_out = 0;
};

// Leaves out a payload whose name can't be used. The other payloads still arrive.
Result<void> leave_out(const Messages& messages, Reader& reader, const Status& why,
                       PayloadTally& tally) {
    messages.error(why);
    ++tally.left_out;
    reader.leave_out(why.code);
    Output nowhere = Output::to_nowhere();
    const auto skipped = receive_payload(reader, nowhere, {});
    return skipped ? Result<void>() : std::unexpected(skipped.error());
}

// The error at the end of a run that left payloads out. The run then aborts, so that the section,
// its writer and the exit code show the loss.
std::unexpected<Status> not_all(const ReaderCommand& command, const PayloadTally& tally) {
    return fail(Code::kCannotCreate,
                fmt::format("{} of {} payloads left out", tally.left_out, tally.payloads),
                command.consume ? "the section stays, with all of them" : "");
}

Result<void> receive_one(const ReaderCommand& command, Messages& messages, Reader& reader,
                         const PayloadInfo& info, PayloadTally& tally,
                         const std::atomic<int>& stop) {
    ++tally.payloads;
    // With --json only JSON goes to standard output, unless -o - sends the payload there.
    if (messages.json() && info.is_text && command.output.empty() && !command.discard)
        return show_text(messages, reader, info, [&](const std::string& text) {
            return messages.event(text_json(info, text));
        });
    auto target = choose_target(command, info, tally.made, stop);
    if (!target && target.error().code == Code::kCannotCreate && info.payload_count != 1 &&
        goes_into_folder(command, info))
        return leave_out(messages, reader, target.error(), tally);
    if (!target) return std::unexpected(target.error());
    if (target->on_stdout && messages.json() && messages.has_used_stdout())
        return fail(Code::kUsage, "standard output has JSON already, and no payload can follow it",
                    "name a file with -o PATH, or send all to standard output with -o -");
    if (target->on_stdout) messages.leave_stdout_to_payload();
    if (target->on_terminal_as_text)
        return show_text(messages, reader, info,
                         [&](const std::string& text) { return put_line(target->output, text); });
    const double began_s = clock_s();
    // A progress line and a payload on one terminal would spoil each other.
    const bool mixed = target->on_stdout && stdout_is_terminal();
    ProgressLine progress(messages,
                          mixed ? ProgressMode::kNever : command.common.effective_progress(), info);
    auto summary =
        receive_payload(reader, target->output,
                        {.attributes = attributes_of(command, info),
                         .durability = command.durability(),
                         .sparse = command.sparse,
                         .progress = [&progress](std::uint64_t bytes) { progress.update(bytes); }});
    progress.clear();
    const std::string loss = summary ? std::string() : target->output.loss();
    if (!loss.empty() && summary.error().code == Code::kInterrupted)
        messages.warning(loss);  // an interruption has no message of its own
    if (!summary) return std::unexpected(summary.error());
    warn_of_lost_attributes(command, messages, info, target->output);
    if (target->output.is_file()) tally.made.add(target->shown);
    const PassedPayload passed{.info = info,
                               .summary = *summary,
                               .seconds = clock_s() - began_s,
                               .outcome = "verified",
                               .output = target->shown};
    // A user of --json has the payload only when its summary is printed too. The acknowledgement
    // therefore follows both.
    if (auto printed = messages.passed(passed); !printed) return printed;
    return reader.acknowledge();
}

Result<void> receive_all(const ReaderCommand& command, Messages& messages, Reader& reader,
                         const std::atomic<int>& stop) {
    WaitingLine line(command.common);
    PayloadTally tally;
    while (true) {
        auto info = reader.next();
        line.hide();
        if (!info) return std::unexpected(info.error());
        if (!*info && tally.left_out != 0) return not_all(command, tally);
        if (!*info) return reader.close();
        if (auto received = receive_one(command, messages, reader, **info, tally, stop); !received)
            return received;
    }
}

}  // namespace

int run_receive(const ReaderCommand& command, const std::atomic<int>& stop) {
    Messages messages = command.common.messages();
    if (command.discard && !command.output.empty())
        return messages.ended(
            {Code::kUsage, "--null discards the payload, so -o makes no sense with it", {}, 0});
    if (command.in_place && (command.discard || command.output == "-"))
        return messages.ended(
            {Code::kUsage, "--in-place overwrites a file, and here is none", {}, 0});
    if (command.count != 0)
        return messages.ended({Code::kUsage, "--count goes with --frames or --text", {}, 0});
    if (command.follow)
        return messages.ended({Code::kUsage, "--follow goes with --frames or --text", {}, 0});
    if (command.output == "-") messages.leave_stdout_to_payload();
    auto reader = open_reader(command, stop);
    if (!reader) return messages.ended(reader.error());
    auto received = receive_all(command, messages, *reader, stop);
    if (!received) reader->abort(received.error().code);
    return messages.ended(received);
}

}  // namespace mapferry::cli
