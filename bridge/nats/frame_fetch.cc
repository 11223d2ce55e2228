// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/frame_fetch.h"

#include <algorithm>
#include <cstring>

#include "bridge/live/frame_wish.h"
#include "bridge/nats/nats_frames.h"
#include "bridge/nats/nats_objects.h"
#include "bridge/record/ascii_text.h"
#include "cli/deadline.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"

namespace mapferry::cli {

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kWindowMost = 8;
constexpr milliseconds kFastPart{100};
constexpr milliseconds kSlowPart{500};
constexpr milliseconds kPartLook{100};
constexpr milliseconds kPartMost{10'000};
constexpr std::chrono::seconds kKeep{1};

}  // namespace

Result<FrameFetch> FrameFetch::open(NatsConnection& connection, std::string place,
                                    std::string importer) {
    auto inbox = PartInbox::open(connection, frame_stream(place));
    if (!inbox) return std::unexpected(inbox.error());
    return FrameFetch(connection, std::move(place), std::move(importer), std::move(*inbox));
}

void FrameFetch::keep(const FrameRecord& record) {
    const auto now = std::chrono::steady_clock::now();
    if (!record.stays || now < keep_next_) return;
    keep_next_ = now + kKeep;
    // A wish that is lost comes again.
    (void)publish_plain(
        *connection_, frame_subject(place_, kFrameWish),
        wish_text({.importer = importer_, .epoch = record.epoch, .ordinal = record.ordinal}));
}

// False: the connection broke.
bool FrameFetch::ask_more(const FrameRecord& record, std::uint64_t answered) {
    while (asked_ < frame_chunks(record) && asked_ - answered < window_) {
        const std::string subject = frame_chunk_subject(place_, record.slot, asked_);
        if (inbox_.ask(*connection_, subject, base_ + asked_) != NATS_OK) return false;
        ++asked_;
    }
    return true;
}

Result<Fetched> FrameFetch::fetch(const FrameRecord& record, std::span<std::byte> target) {
    const std::uint64_t generation = connection_->generation();
    base_ += asked_;
    asked_ = 0;
    keep_next_ = {};
    std::uint64_t answered = 0;
    Fetched outcome = Fetched::kWhole;
    auto part_began = std::chrono::steady_clock::now();
    while (answered < (outcome == Fetched::kWhole ? frame_chunks(record) : asked_)) {
        if (outcome == Fetched::kWhole && !ask_more(record, answered)) return Fetched::kReplaced;
        keep(record);
        const auto part = inbox_.next(kPartLook);
        const auto now = std::chrono::steady_clock::now();
        if (!part) {
            if (auto ready = connection_->ready(); !ready) return std::unexpected(ready.error());
            if (connection_->generation() != generation || now - part_began > kPartMost)
                return Fetched::kReplaced;
            continue;
        }
        if (part->number < base_) continue;
        if (now - part_began < kFastPart) window_ = std::min(window_ + 1, kWindowMost);
        if (now - part_began > kSlowPart) window_ = std::max<std::uint64_t>(window_ / 2, 1);
        part_began = now;
        ++answered;
        if (outcome == Fetched::kReplaced) continue;
        const auto put = put_part(record, part->number - base_, part->message.get(), target);
        if (!put) return put;
        outcome = *put;
    }
    return outcome;
}

Result<Fetched> FrameFetch::put_part(const FrameRecord& record, std::uint64_t chunk,
                                     natsMsg* message, std::span<std::byte> target) const {
    if (message == nullptr) return Fetched::kReplaced;
    const char* mark = nullptr;
    const char* xxh3 = nullptr;
    if (natsMsgHeader_Get(message, kFrameHeader, &mark) != NATS_OK ||
        natsMsgHeader_Get(message, kXxh3Header, &xxh3) != NATS_OK)
        return damaged();
    if (frame_mark(record, chunk) != mark) return Fetched::kReplaced;
    const std::string_view bytes = text_of(message);
    const std::uint64_t offset = chunk * record.chunk_bytes;
    const std::uint64_t wanted = std::min(record.chunk_bytes, target.size() - offset);
    if (bytes.size() != wanted) return damaged();
    const auto place = target.subspan(static_cast<std::size_t>(offset), bytes.size());
    std::memcpy(place.data(), bytes.data(), bytes.size());
    if (to_hex64(xxh3_64(place)) != xxh3) return damaged();
    return Fetched::kWhole;
}

std::unexpected<Status> FrameFetch::damaged() const {
    return fail(Code::kCorrupt, "a frame of " + frame_stream(place_) + " at " +
                                    connection_->watch().server() + " is damaged");
}

}  // namespace mapferry::cli
