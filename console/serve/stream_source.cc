// SPDX-License-Identifier: Apache-2.0
#include "console/serve/stream_source.h"

#include <algorithm>
#include <utility>

#include "mapferry/inspect.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kSlice{100};
constexpr std::size_t kHeldMax = 64;
// Of the memory for frames, what the frames of one stream may take.
constexpr std::uint64_t kShareOfMemory = 4;

}  // namespace

StreamSource::StreamSource(SectionAddress address, MemoryBudget& budget, ViewerNews& news)
    : address_(std::move(address)), budget_(&budget), news_(&news), thread_([this] { run(); }) {}

StreamSource::~StreamSource() {
    // relaxed: the flag alone is the message; the lock orders it for the waiting thread
    stop_.store(1, std::memory_order_relaxed);
    {
        const std::scoped_lock locked(lock_);
    }
    changed_.notify_all();
    thread_.join();
}

void StreamSource::want() {
    {
        const std::scoped_lock locked(lock_);
        if (std::exchange(wanted_, true)) return;
    }
    changed_.notify_all();
}

std::shared_ptr<SeenFrame> StreamSource::newest() const {
    const std::scoped_lock locked(lock_);
    return held_.empty() ? nullptr : held_.back();
}

std::vector<std::shared_ptr<SeenFrame>> StreamSource::held() const {
    const std::scoped_lock locked(lock_);
    return {held_.begin(), held_.end()};
}

StreamReport StreamSource::report() const {
    const std::scoped_lock locked(lock_);
    return report_;
}

void StreamSource::tell(StreamState state, std::string text) {
    {
        const std::scoped_lock locked(lock_);
        if (report_.state == state && report_.text == text) return;
        report_ = {.state = state, .text = std::move(text), .version = report_.version + 1};
    }
    news_->tell();
}

// A writer may wait for its readers before it publishes. A viewer must not be counted as one of
// them, so it comes when there is a frame already.
bool StreamSource::has_frames() {
    const auto report = inspect_section(address_);
    if (!report) {
        const Code code = report.error().code;
        if (code != Code::kNotFound && code != Code::kNotReady)
            tell(StreamState::kFailed, describe(report.error()));
        return false;
    }
    if (!carries_frames(report->section.delivery)) {
        tell(StreamState::kFailed, to_string(address_) + " carries no frames");
        return false;
    }
    return report->writer_alive && report->published > 0;
}

bool StreamSource::wait_wanted() {
    std::unique_lock locked(lock_);
    // relaxed: see ~StreamSource
    changed_.wait(locked, [this] { return wanted_ || stop_.load(std::memory_order_relaxed) != 0; });
    return stop_.load(std::memory_order_relaxed) == 0;  // relaxed: see ~StreamSource
}

void StreamSource::run() {
    while (wait_wanted()) {
        if (has_frames()) try_to_follow();
        std::unique_lock locked(lock_);
        // relaxed: see ~StreamSource
        changed_.wait_for(locked, kSlice,
                          [this] { return stop_.load(std::memory_order_relaxed) != 0; });
    }
}

void StreamSource::try_to_follow() {
    auto reader = FrameReader::open({.address = address_,
                                     .timeout = std::chrono::milliseconds(0),
                                     .successor_timeout = std::chrono::milliseconds(0),
                                     .stop = &stop_});
    if (reader) return follow(std::move(*reader));
    const Code code = reader.error().code;
    const bool may_come = code == Code::kNotFound || code == Code::kPeerGone ||
                          code == Code::kNotReady || code == Code::kInterrupted;
    if (!may_come) tell(StreamState::kFailed, describe(reader.error()));
}

// Only latest() is ever called: a writer that waits for its readers does not wait for one that
// calls it.
void StreamSource::follow(FrameReader reader) {
    while (take_newest(reader)) {
        if (!wait_wanted()) return;
    }
}

// The frame is given back before this returns, and not only when somebody wants another one.
bool StreamSource::take_newest(FrameReader& reader) {
    const auto frame = reader.latest(kSlice);
    if (!frame) return goes_on_after(frame.error());
    if (!*frame) {
        tell(StreamState::kEnded);
        return false;
    }
    if (const auto taken = take(**frame); !taken) {
        tell(StreamState::kFailed, describe(taken.error()));
        return false;
    }
    tell(StreamState::kLive);
    return true;
}

bool StreamSource::goes_on_after(const Status& failure) {
    if (failure.code == Code::kTimedOut) return true;
    if (failure.code == Code::kPeerGone) tell(StreamState::kGone);
    const bool is_told = failure.code == Code::kPeerGone || failure.code == Code::kInterrupted;
    if (!is_told) tell(StreamState::kFailed, describe(failure));
    return false;
}

Result<void> StreamSource::take(const Frame& frame) {
    const bool is_same = frame.epoch() == last_epoch_;
    const std::uint64_t between =
        is_same && frame.sequence() > last_sequence_ ? frame.sequence() - last_sequence_ - 1 : 0;
    // What is missed beyond the frames between the two was lost before the writer had it.
    if (is_same) lost_ += frame.missed() - std::min(frame.missed(), between);
    last_epoch_ = frame.epoch();
    last_sequence_ = frame.sequence();
    const FrameMetadata metadata = frame.metadata();
    SeenFacts facts{
        .id = next_frame_id(),
        .epoch = frame.epoch(),
        .sequence = frame.sequence(),
        .source_number = frame.source_number(),
        .captured = frame.captured(),
        .latency_ns = frame.latency_ns(),
        .published_unix_ns = frame.timestamp_unix_ns(),
        .lost = lost_,
        .content_type = std::string(metadata.content_type),
        .metadata = {reinterpret_cast<const char*>(metadata.bytes.data()), metadata.bytes.size()}};
    auto seen = SeenFrame::copy_of(frame, std::move(facts), *budget_);
    if (!seen) return std::unexpected(seen.error());
    keep(std::move(*seen));
    return {};
}

void StreamSource::keep(std::shared_ptr<SeenFrame> frame) {
    std::shared_ptr<SeenFrame> former;
    {
        const std::scoped_lock locked(lock_);
        wanted_ = false;
        if (!held_.empty()) former = held_.back();
        held_.push_back(std::move(frame));
        std::uint64_t own_bytes = 0;
        for (const auto& held : held_)
            own_bytes += held->bytes().size();
        const std::uint64_t own_most = budget_->limit_bytes() / kShareOfMemory;
        while (held_.size() > 1 &&
               (held_.size() > kHeldMax || own_bytes > own_most || budget_->is_over())) {
            own_bytes -= held_.front()->bytes().size();
            held_.pop_front();
        }
    }
    news_->tell();
    if (former != nullptr) former->drop_made();
}

std::shared_ptr<StreamSource> StreamSources::of(const SectionAddress& address) {
    const std::string key = to_string(address);
    const std::scoped_lock locked(lock_);
    std::erase_if(sources_, [](const auto& entry) { return entry.second.expired(); });
    if (auto known = sources_[key].lock()) return known;
    auto made = std::make_shared<StreamSource>(address, *budget_, *news_);
    sources_[key] = made;
    return made;
}

}  // namespace mapferry::cli
