// SPDX-License-Identifier: Apache-2.0
#include "reader/receive_texts_command.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/short_names.h"
#include "mapferry/output.h"
#include "mapferry/printable_text.h"
#include "mapferry/reader.h"
#include "reader/received_text.h"

namespace mapferry::cli {

namespace {

class TextReceiver {
  public:
    TextReceiver(const ReaderCommand& command, Messages& messages, Output output,
                 const std::atomic<int>& stop)
        : command_(&command), messages_(&messages), output_(std::move(output)), stop_(&stop) {}

    // Prints all texts of one writer. With --follow: of one writer after another.
    Result<void> run();

  private:
    [[nodiscard]] Result<Reader> open();
    void warn_once(const Status& status);
    // Prints the texts of one writer. Ends early when --count texts are printed.
    Result<void> receive_all(Reader& reader);
    Result<void> receive_one(Reader& reader, const PayloadInfo& info);
    [[nodiscard]] bool has_enough() const {
        return command_->count != 0 && received_ == command_->count;
    }

    const ReaderCommand* command_;
    Messages* messages_;
    Output output_;
    const std::atomic<int>* stop_;
    std::uint64_t received_ = 0;
    bool unfit_ = false;  // a stream's payload can't be printed; the next writer's may be fit
    std::string last_warning_;
};

// Whether the error concerns one writer only. A writer that died or hangs must not leave the next
// one without a reader.
bool is_the_writers_end(Code code) {
    return code == Code::kPeerGone || code == Code::kTimedOut || code == Code::kEvicted;
}

// Prints a warning unless it repeats the last one: a dead writer's leftover may stay for long, and
// this reader may look often between two writers.
void TextReceiver::warn_once(const Status& status) {
    const std::string what = describe(status);
    if (what != std::exchange(last_warning_, what))
        messages_->warning(what + "; waiting for the next writer");
}

Result<Reader> TextReceiver::open() {
    const bool patient = command_->follow && !command_->common.timeout_given;
    while (true) {
        auto reader =
            Reader::open({.address = command_->common.address,
                          .timeout = command_->common.timeout,
                          .stall_timeout = command_->common.stall_timeout,
                          .consume = command_->consume ? Consume::kRemoveWhenDone : Consume::kLeave,
                          .stop = stop_});
        if (reader || !patient || !is_the_writers_end(reader.error().code)) return reader;
        if (reader.error().code == Code::kPeerGone) warn_once(reader.error());
    }
}

Result<void> TextReceiver::receive_one(Reader& reader, const PayloadInfo& info) {
    const bool passes = reader.section_info().delivery != Delivery::kKeep;
    unfit_ = passes && !info.is_text;
    if (!info.is_text)
        return fail(Code::kUsage,
                    (info.name.empty() ? display_name(info) : in_quotes(info.name)) + " is no text",
                    "receive it without --text");
    auto text = take_text(reader);
    if (!text) return std::unexpected(text.error());
    unfit_ = passes && !*text;
    if (!*text) return std::unexpected(text_too_long());
    const bool json_instead = messages_->json() && command_->output.empty();
    if (!json_instead)
        if (auto put = put_line(output_, **text); !put) return put;
    ++received_;
    last_warning_.clear();
    if (messages_->json())
        if (auto printed = messages_->event(text_json(info, **text)); !printed) return printed;
    return reader.acknowledge();
}

Result<void> TextReceiver::receive_all(Reader& reader) {
    if (command_->follow && !command_->consume && reader.section_info().delivery == Delivery::kKeep)
        return fail(Code::kUsage,
                    to_string(command_->common.address) + " is kept: its texts would come for ever",
                    "take them with --consume, or leave out --follow");
    while (!has_enough()) {
        auto info = reader.next();
        if (!info) return std::unexpected(info.error());
        if (!*info) break;
        if (auto received = receive_one(reader, **info); !received) return received;
    }
    return reader.close();
}

Result<void> TextReceiver::run() {
    do {
        auto reader = open();
        if (!reader) return std::unexpected(reader.error());
        auto received = receive_all(*reader);
        if (received) continue;
        reader->abort(received.error().code);
        // A payload that a writer sends by mistake does not end --follow either.
        const bool goes_on =
            is_the_writers_end(received.error().code) || std::exchange(unfit_, false);
        if (!command_->follow || !goes_on) return received;
        warn_once(received.error());
    } while (command_->follow && !has_enough());
    return {};
}

Result<void> check_text_options(const ReaderCommand& command) {
    if (!command.output.empty() && command.output != "-")
        return fail(Code::kUsage, "--text prints to standard output",
                    "redirect it, or receive into a file without --text");
    if (command.discard || command.preserve)
        return fail(Code::kUsage, "--text goes with neither --null nor --preserve");
    return {};
}

}  // namespace

int run_receive_texts(const ReaderCommand& command, const std::atomic<int>& stop) {
    Messages messages = command.common.messages();
    if (auto checked = check_text_options(command); !checked)
        return messages.ended(checked.error());
    if (!messages.json() || !command.output.empty()) messages.leave_stdout_to_payload();
    auto output = Output::to_standard_output(std::nullopt, &stop);
    if (!output) return messages.ended(output.error());
    return messages.ended(TextReceiver(command, messages, std::move(*output), stop).run());
}

}  // namespace mapferry::cli
