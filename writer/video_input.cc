// SPDX-License-Identifier: Apache-2.0
#include "writer/video_input.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/short_names.h"
#include "mapferry/printable_text.h"
#include "writer/source_check.h"

namespace mapferry::cli {

// Opens the next file. False: there are no more files.
Result<bool> VideoInput::open_next(FrameWriter& writer) {
    if (next_file_ == command_->files.size()) {
        if (!command_->loop || !any_in_round_) return false;
        next_file_ = 0;
        any_in_round_ = false;
        replaying_ = true;
    }
    const std::string& path = command_->files[next_file_++];
    next_kept_ = 0;
    source_.reset();
    if (path == "-" && replaying_) return true;  // its frames are in kept_
    auto source = open_source(*command_, path);
    if (!source) return std::unexpected(source.error());
    source_ = std::move(*source);
    auto produced = await_producer(*command_, *messages_, *source_, shown_source(),
                                   [&writer] { return writer.check(); });
    if (!produced) return std::unexpected(produced.error());
    return true;
}

// The name of the open file in messages.
std::string VideoInput::shown_source() const {
    const std::string& path = command_->files[next_file_ - 1];
    return path == "-" ? "standard input" : escape_for_terminal(path);
}

// Reads until the frame is full or the source ends.
Result<std::size_t> VideoInput::fill(FrameWriter& writer, std::span<std::byte> frame) {
    std::size_t filled = 0;
    while (filled < frame.size()) {
        auto ready = source_->wait_ready(kSourceLook);
        if (!ready) return std::unexpected(ready.error());
        if (auto wanted = writer.check(); !wanted) return std::unexpected(wanted.error());
        if (!*ready) continue;
        auto got = source_->read(frame.subspan(filled));
        if (!got && got.error().code == Code::kInterrupted) continue;
        if (!got) return std::unexpected(got.error());
        if (*got == 0) break;
        filled += *got;
    }
    return filled;
}

// Fills `frame`; false when there are no more frames.
Result<bool> VideoInput::read(FrameWriter& writer, std::span<std::byte> frame) {
    while (true) {
        if (!source_ && next_kept_ < kept_.size() && replaying_) {
            std::ranges::copy(kept_[next_kept_++], frame.begin());
            any_in_round_ = true;
            return true;
        }
        if (source_) {
            auto filled = fill(writer, frame);
            if (!filled) return std::unexpected(filled.error());
            const bool standard_input = command_->files[next_file_ - 1] == "-";
            if (*filled == frame.size()) {
                if (command_->loop && standard_input)
                    kept_.emplace_back(frame.begin(), frame.end());
                any_in_round_ = true;
                return true;
            }
            if (auto finished = finish(); !finished) return std::unexpected(finished.error());
            if (*filled != 0)
                return fail(Code::kCorrupt,
                            fmt::format("{} ends in the middle of a frame: {} bytes of {}",
                                        command_->files[next_file_ - 1], *filled, frame.size()),
                            "is --image right?");
        }
        auto opened = open_next(writer);
        if (!opened || !*opened) return opened;
    }
}

Result<void> VideoInput::finish() {
    if (!source_) return {};
    auto changed = check_unchanged(*command_, *messages_, *source_, shown_source());
    if (!changed) return std::unexpected(changed.error());
    source_changed_ |= *changed;
    return {};
}

Result<void> VideoInput::check() const {
    for (const std::string& path : command_->files) {
        if (!is_looked_into(path)) continue;
        if (auto source = Source::open_file(path); !source) return std::unexpected(source.error());
    }
    return {};
}

Result<std::optional<FrameLoan>> VideoInput::next(FrameWriter& writer) {
    auto loan = writer.loan(image_, kForever);
    if (!loan) return std::unexpected(loan.error());
    auto more = read(writer, loan->bytes());
    if (!more) {
        // A read also fails when somebody has cut the section. That error is reported instead.
        if (auto whole = writer.check(); !whole) return std::unexpected(whole.error());
        return std::unexpected(more.error());
    }
    if (!*more) return std::nullopt;
    return std::move(*loan);
}

}  // namespace mapferry::cli
