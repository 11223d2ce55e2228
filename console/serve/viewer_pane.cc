// SPDX-License-Identifier: Apache-2.0
#include "console/serve/viewer_pane.h"

#include <algorithm>
#include <utility>

#include "mapferry/detail/number_text.h"

namespace mapferry::cli {

namespace {

constexpr double kRateMax = 240;
// One on its way while another one is drawn. A page that draws slowly gets fewer frames, not late
// ones.
constexpr std::size_t kInFlightMax = 2;
constexpr std::size_t kSentKept = 3;
constexpr std::chrono::milliseconds kStatisticsInterval{400};

std::optional<double> parse_rate(std::string_view text) {
    const auto rate = whole_number<double>(text);
    return rate && *rate > 0 && *rate <= kRateMax ? rate : std::nullopt;
}

}  // namespace

void ViewerPane::begin(std::string name, std::uint64_t turn) {
    const ViewSettings settings = settings_;
    const double rate = rate_;
    const bool wants_statistics = wants_statistics_;
    *this = ViewerPane();
    name_ = std::move(name);
    turn_ = turn;
    settings_ = settings;
    rate_ = rate;
    wants_statistics_ = wants_statistics;
}

void ViewerPane::open(std::string name, std::uint64_t turn, std::shared_ptr<StreamSource> source) {
    begin(std::move(name), turn);
    source_ = std::move(source);
}

void ViewerPane::open(std::string name, std::uint64_t turn, std::shared_ptr<SeenFrame> picture) {
    begin(std::move(name), turn);
    still_ = std::move(picture);
    again_ = true;
}

void ViewerPane::hide() {
    begin({}, turn_);
}

bool ViewerPane::set(std::string_view name, std::string_view value) {
    if (name == "rate") {
        const auto rate = parse_rate(value);
        if (rate) rate_ = *rate;
        return rate.has_value();
    }
    if (name == "statistics") {
        wants_statistics_ = value == "1";
        statistics_stale_ = wants_statistics_;
        statistics_next_ = {};
        return value == "1" || value == "0";
    }
    const ViewSettings former = settings_;
    if (!take_setting(name, value, settings_)) return false;
    again_ = again_ || (settings_ != former && !sent_.empty());
    return true;
}

void ViewerPane::pause() {
    if (std::exchange(paused_, true) || source_ == nullptr) return;
    pinned_ = source_->held();
    // What the page shows is what the viewer wanted to stop at.
    const auto shown = sent_.empty() ? pinned_.end() : std::ranges::find(pinned_, sent_.back());
    if (shown == pinned_.end()) {
        pinned_.clear();
        if (!sent_.empty()) pinned_.push_back(sent_.back());
    } else {
        pinned_.erase(shown + 1, pinned_.end());
    }
    position_ = pinned_.empty() ? 0 : pinned_.size() - 1;
    again_ = !pinned_.empty();
}

void ViewerPane::resume() {
    if (!std::exchange(paused_, false)) return;
    pinned_.clear();
    position_ = 0;
    again_ = false;
}

void ViewerPane::step(std::int64_t count) {
    pause();
    if (pinned_.empty()) return;
    const auto last = static_cast<std::int64_t>(pinned_.size()) - 1;
    const auto here = static_cast<std::int64_t>(position_);
    position_ = static_cast<std::size_t>(
        std::clamp(here + std::clamp(count, -last - 1, last + 1), std::int64_t{0}, last));
    again_ = true;
}

void ViewerPane::drawn(std::uint64_t message) {
    while (!in_flight_.empty() && in_flight_.front() <= message)
        in_flight_.pop_front();
}

bool ViewerPane::is_free(Clock::time_point now, Clock::time_point& wake) const {
    if (in_flight_.size() >= kInFlightMax) return false;
    if (now >= next_) return true;
    wake = std::min(wake, next_);
    return false;
}

std::shared_ptr<SeenFrame> ViewerPane::frame_to_send(Clock::time_point now,
                                                     Clock::time_point& wake) {
    if (in_flight_.size() >= kInFlightMax) return nullptr;
    if (again_) {
        if (still_ != nullptr) return still_;
        if (paused_ && !pinned_.empty()) return pinned_[position_];
        if (!sent_.empty()) return sent_.back();
    }
    if (paused_ || source_ == nullptr || !is_free(now, wake)) return nullptr;
    auto newest = source_->newest();
    const std::uint64_t shown = last_live_ ? last_live_->id : 0;
    if (newest != nullptr && newest->facts().id > shown) return newest;
    source_->want();
    return nullptr;
}

void ViewerPane::count(const SeenFacts& facts) {
    if (last_live_ && last_live_->epoch == facts.epoch && facts.sequence && last_live_->sequence) {
        skipped_ += *facts.sequence - std::min(*facts.sequence, *last_live_->sequence + 1);
        lost_ += facts.lost - std::min(facts.lost, last_live_->lost);
    }
    last_live_ = facts;
    last_live_->metadata.clear();
}

void ViewerPane::sending(const std::shared_ptr<SeenFrame>& frame, std::uint64_t message,
                         Clock::time_point now) {
    again_ = false;
    in_flight_.push_back(message);
    if (sent_.empty() || sent_.back() != frame) sent_.push_back(frame);
    if (sent_.size() > kSentKept) sent_.pop_front();
    statistics_stale_ = wants_statistics_;
    if (paused_ || source_ == nullptr) return;
    if (!last_live_ || frame->facts().id > last_live_->id) count(frame->facts());
    const auto interval =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / rate_));
    // An even pace; after a break it begins anew.
    next_ = std::max(next_ + interval, now);
    if (next_ > now + interval) next_ = now + interval;
}

std::shared_ptr<SeenFrame> ViewerPane::statistics_to_send(Clock::time_point now) {
    if (!statistics_stale_ || sent_.empty()) return nullptr;
    const bool is_live = !paused_ && still_ == nullptr;
    if (is_live && now < statistics_next_) return nullptr;
    statistics_stale_ = false;
    statistics_next_ = now + kStatisticsInterval;
    return sent_.back();
}

std::optional<StreamReport> ViewerPane::report_to_send() {
    if (source_ == nullptr) return std::nullopt;
    StreamReport report = source_->report();
    if (report.version == told_version_) return std::nullopt;
    told_version_ = report.version;
    return report;
}

std::shared_ptr<SeenFrame> ViewerPane::find(std::uint64_t id) const {
    const auto has_id = [id](const auto& frame) { return frame->facts().id == id; };
    if (const auto found = std::ranges::find_if(sent_, has_id); found != sent_.end()) return *found;
    const auto found = std::ranges::find_if(pinned_, has_id);
    return found == pinned_.end() ? nullptr : *found;
}

}  // namespace mapferry::cli
