// SPDX-License-Identifier: Apache-2.0
// A ring of frames with few slots, or with less memory than slots. A slot without memory is put
// aside. With delivery "latest" the writer takes the newest frame's slot too when readers lease all
// others. So two slots carry a stream that somebody looks at, and even one slot does.
#include <algorithm>

#include "base/fail.h"
#include "base/try.h"
#include "format/shared_access.h"
#include "frames/writer/frame_ring_writer.h"
#include "ring/bell.h"

namespace mapferry::inline v1 {

namespace {

// The frame in the only slot stays this long for readers that have yet to take it: they were woken
// when it came.
constexpr std::int64_t kShownMs = 10;
// With delivery "latest" a reader rings no bell when it gives a lease back, so the writer looks
// this often.
constexpr std::int64_t kLookMs = 1;

}  // namespace

void FrameRingWriter::put_aside(std::uint32_t slot) {
    marks_[slot] = kAside;
    scarce_ = true;
}

void FrameRingWriter::take_back() {
    for (std::uint32_t slot = 0; slot < active_; ++slot)
        if (marks_[slot] == kAside) give_back(slot);
    scarce_ = false;
}

// The newest frame's slot, if it may be taken.
std::optional<std::uint32_t> FrameRingWriter::spare_newest() {
    if (waits_ || published_ == 0) return std::nullopt;
    const auto newest = order_.newest();
    if (!newest || marks_[*newest] != published_) return std::nullopt;
    const auto active = std::span(marks_).first(active_);
    const bool is_only = std::ranges::count(active, kAside) + 1 == std::ssize(active);
    if (is_only && peers_->now_ms() - shown_ms_ < kShownMs && is_awaited()) return std::nullopt;
    return newest;
}

std::optional<std::uint32_t> FrameRingWriter::retire_newest() {
    const auto slot = spare_newest();
    if (!slot || retire(*slot) != Attempt::kTaken) return std::nullopt;
    // partner: the load in FrameRingReader::newest. There is no newest frame now. A reader that
    // loaded the word before this store finds the slot retired and looks again. Nobody is woken for
    // that.
    (void)store_news(view_.frame_line().newest, std::uint64_t{0});
    newest_is_shown_ = false;
    return slot;
}

// Delivery "latest": waits until a reader gives a frame back.
Result<void> FrameRingWriter::wait_for_a_lease(std::int64_t left_ms) {
    Patience patience(*peers_, {.timeout_ms = left_ms, .stop = limits_.stop});
    const auto progress = [&] { return look_ahead().has_slot; };
    while (!progress()) {
        TRY_ASSIGN(const auto slice_ms, patience.next_slice_ms());
        if (!slice_ms) {
            shown_ms_ = peers_->now_ms() - kShownMs;  // this caller does not wait for late readers
            return progress() ? Result<void>() : all_leased();
        }
        sleep_at(view_.writer_bell(), *peers_, std::min(*slice_ms, kLookMs), progress);
    }
    return {};
}

std::unexpected<Status> FrameRingWriter::all_leased() const {
    const std::string message = "readers lease every slot";
    if (scarce_)
        return fail(Code::kBusy, message, "there is memory for few slots: give the section more");
    return fail(Code::kBusy, message, Remedy::kMoreSlots);
}

}  // namespace mapferry::inline v1
