// SPDX-License-Identifier: Apache-2.0
// One picture on a page: which stream it shows, how, at what pace, and which frames its viewer can
// step through. Used under its session's lock.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "console/serve/seen_frame.h"
#include "console/serve/stream_source.h"
#include "console/serve/view_settings.h"

namespace mapferry::cli {

// Frames a second, unless the page asks for another number.
inline constexpr double kFrameRate = 15;

class ViewerPane {
  public:
    using Clock = std::chrono::steady_clock;

    // Shows a stream, or one picture that does not change. `turn` comes back with each message, so
    // that the page knows which ones were made for what it showed before.
    void open(std::string name, std::uint64_t turn, std::shared_ptr<StreamSource> source);
    void open(std::string name, std::uint64_t turn, std::shared_ptr<SeenFrame> picture);
    void hide();

    // Takes a setting of the page: those of take_setting(), "rate" and "statistics". False: there
    // is no such setting or value.
    [[nodiscard]] bool set(std::string_view name, std::string_view value);
    void pause();
    void resume();
    // Shows another of the frames that are held: negative numbers go back. Pauses.
    void step(std::int64_t count);
    // The page has drawn the message of this number, and all before it.
    void drawn(std::uint64_t message);

    // The frame to be sent now. Empty: none; then `wake` becomes earlier where a time is the
    // reason. A frame that is returned has to be announced by sending().
    [[nodiscard]] std::shared_ptr<SeenFrame> frame_to_send(Clock::time_point now,
                                                           Clock::time_point& wake);
    void sending(const std::shared_ptr<SeenFrame>& frame, std::uint64_t message,
                 Clock::time_point now);
    // The frame whose statistics are due. Empty: none.
    [[nodiscard]] std::shared_ptr<SeenFrame> statistics_to_send(Clock::time_point now);
    // What is to be told of the stream, once for each change.
    [[nodiscard]] std::optional<StreamReport> report_to_send();

    // A frame that the page may still show. Null: it is gone.
    [[nodiscard]] std::shared_ptr<SeenFrame> find(std::uint64_t id) const;

    [[nodiscard]] std::uint64_t turn() const { return turn_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const ViewSettings& settings() const { return settings_; }
    [[nodiscard]] bool is_paused() const { return paused_; }
    // Of the frames that can be stepped through: how many, and which one is shown.
    [[nodiscard]] std::size_t held_count() const { return pinned_.size(); }
    [[nodiscard]] std::size_t position() const { return position_; }
    // Since this stream is shown: frames that were published but not shown, and frames that their
    // source lost.
    [[nodiscard]] std::uint64_t skipped() const { return skipped_; }
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

  private:
    void begin(std::string name, std::uint64_t turn);
    [[nodiscard]] bool is_free(Clock::time_point now, Clock::time_point& wake) const;
    void count(const SeenFacts& facts);

    std::string name_ = {};
    std::uint64_t turn_ = 0;
    std::shared_ptr<StreamSource> source_ = {};
    std::shared_ptr<SeenFrame> still_ = {};
    ViewSettings settings_ = {};
    double rate_ = kFrameRate;

    bool paused_ = false;
    std::vector<std::shared_ptr<SeenFrame>> pinned_ = {};
    std::size_t position_ = 0;

    bool again_ = false;  // the same frame, with other settings
    std::deque<std::uint64_t> in_flight_ = {};
    Clock::time_point next_ = {};
    std::deque<std::shared_ptr<SeenFrame>> sent_ = {};  // the last ones
    std::uint64_t told_version_ = ~std::uint64_t{0};

    bool wants_statistics_ = false;
    bool statistics_stale_ = false;
    Clock::time_point statistics_next_ = {};

    std::uint64_t skipped_ = 0;
    std::uint64_t lost_ = 0;
    std::optional<SeenFacts> last_live_ = {};
};

}  // namespace mapferry::cli
