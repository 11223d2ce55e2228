// SPDX-License-Identifier: Apache-2.0
#include "writer/frame_source.h"

#include <fmt/format.h>

#include "mapferry/printable_text.h"
#include "writer/source_check.h"

namespace mapferry::cli {

std::string shown_source(const std::string& path) {
    return path == "-" ? "standard input" : escape_for_terminal(path);
}

std::string FrameSource::name(const char* noun) const {
    return pieces_ < 2 ? shown() : fmt::format("{}, {} {}", shown(), noun, pieces_);
}

void InputState::report(Status status) {
    if (!first_round) return;
    messages->error(status);
    if (!left_out.first) left_out.first = std::move(status);
}

void InputState::leave_out(Status status) {
    if (first_round) ++left_out.count;
    report(std::move(status));
}

void FrameSource::warn(const std::string& what) const {
    if (state_->first_round) state_->messages->warning(what);
}

Result<std::optional<FrameLoan>> FrameSource::give_up(FrameWriter& writer, Status status) {
    // A read also fails when somebody has cut the section. That error is reported instead.
    if (auto wanted = writer.check(); !wanted) return std::unexpected(wanted.error());
    status.message = fmt::format("{}: {}", shown(), status.message);
    leave_out(std::move(status));
    return std::nullopt;
}

Result<std::optional<FrameLoan>> FrameSource::give_up_loan(FrameWriter& writer, Status status) {
    if (status.remedy != Remedy::kLargerFrames) return std::unexpected(std::move(status));
    return give_up(writer, std::move(status));
}

Result<bool> FrameSource::has_changed() {
    if (changed_) return true;
    auto changed = check_unchanged(*state_->command, *state_->messages, bytes_.source(), shown());
    if (changed) changed_ = *changed;
    return changed;
}

}  // namespace mapferry::cli
