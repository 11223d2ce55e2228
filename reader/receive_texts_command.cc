#include "reader/receive_texts_command.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/exit_code.h"
#include "mapferry/output.h"
#include "mapferry/reader.h"
#include "reader/received_text.h"

namespace mapferry::cli {

namespace {

class TextReceiver {
  public:
    TextReceiver(const ReaderCommand& command, Messages& messages, Output output,
                 const std::atomic<int>& stop)
        : command_(&command), messages_(&messages), output_(std::move(output)), stop_(&stop) {}

    // All texts of one writer, or of one after another.
    Result<void> run();

  private:
    [[nodiscard]] Result<Reader> open() const;
    // The texts of one writer; one that was asked for less ends early.
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
    bool not_a_text_ = false;  // in a stream: its next writer may have texts
};

// A writer that died or hangs is no reason to leave the next one without a reader.
bool is_the_writers_end(Code code) {
    return code == Code::kPeerGone || code == Code::kTimedOut;
}

Result<Reader> TextReceiver::open() const {
    const bool patient = command_->follow && !command_->common.timeout_given;
    while (true) {
        auto reader =
            Reader::open({.address = command_->common.address,
                          .timeout_ms = command_->common.timeout_ms,
                          .stall_timeout = command_->common.stall_timeout,
                          .consume = command_->consume ? Consume::kRemoveWhenDone : Consume::kLeave,
                          .stop = stop_});
        if (reader || !patient || !is_the_writers_end(reader.error().code)) return reader;
    }
}

Result<void> TextReceiver::receive_one(Reader& reader, const PayloadInfo& info) {
    not_a_text_ = !info.is_text && reader.geometry().delivery != Delivery::kKeep;
    if (!info.is_text)
        return fail(Code::kUsage, "\"" + display_name(info) + "\" is no text",
                    "receive it without --text");
    auto text = take_text(reader);
    if (!text) return pass(text.error());
    const bool json_instead = messages_->json() && command_->output.empty();
    if (!json_instead)
        if (auto put = put_line(output_, *text); !put) return put;
    if (messages_->json())
        messages_->event({{"event", "text"},
                          {"index", info.payload_index},
                          {"bytes", text->size()},
                          {"text", *text}});
    ++received_;
    return {};
}

Result<void> TextReceiver::receive_all(Reader& reader) {
    if (command_->follow && !command_->consume && reader.geometry().delivery == Delivery::kKeep)
        return fail(Code::kUsage,
                    to_string(command_->common.address) + " is kept: its texts would come for ever",
                    "take them with --consume, or leave out --follow");
    while (!has_enough()) {
        auto info = reader.next();
        if (!info) return pass(info.error());
        if (!*info) break;
        if (auto received = receive_one(reader, **info); !received) return received;
    }
    return reader.close();
}

Result<void> TextReceiver::run() {
    do {
        auto reader = open();
        if (!reader) return pass(reader.error());
        auto received = receive_all(*reader);
        if (received) continue;
        reader->fail(received.error().code);
        // What somebody else sends by mistake is no reason either.
        const bool goes_on =
            is_the_writers_end(received.error().code) || std::exchange(not_a_text_, false);
        if (!command_->follow || !goes_on) return received;
        messages_->warning(describe(received.error()) + "; waiting for the next writer");
    } while (command_->follow && !has_enough());
    return {};
}

Result<void> check(const ReaderCommand& command) {
    if (!command.output.empty() && command.output != "-")
        return fail(Code::kUsage, "--text prints to standard output",
                    "redirect it, or receive into a file without --text");
    if (command.discard || command.preserve)
        return fail(Code::kUsage, "--text goes with neither --null nor --preserve");
    return {};
}

}  // namespace

int run_receive_texts(const ReaderCommand& command, const std::atomic<int>& stop) {
    Messages messages = command.common.messages("mapferry-reader");
    if (auto checked = check(command); !checked) return messages.error(checked.error());
    if (!messages.json() || !command.output.empty()) messages.leave_stdout_to_payload();
    auto output = Output::to_standard_output(std::nullopt, &stop);
    if (!output) return messages.error(output.error());
    auto received = TextReceiver(command, messages, std::move(*output), stop).run();
    if (received) return 0;
    return received.error().code == Code::kInterrupted ? exit_code(Code::kInterrupted)
                                                       : messages.error(received.error());
}

}  // namespace mapferry::cli
