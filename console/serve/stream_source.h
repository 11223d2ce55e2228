// SPDX-License-Identifier: Apache-2.0
// The reader of one stream of frames, for all viewers of it. It takes a frame only when a viewer
// wants one, always the newest, copies it and gives it back at once, so that no camera waits for
// it, with either delivery. The last frames stay, to be stepped through.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "console/serve/memory_budget.h"
#include "console/serve/seen_frame.h"
#include "console/serve/viewer_news.h"
#include "mapferry/frame_reader.h"
#include "mapferry/section.h"

namespace mapferry::cli {

enum class StreamState : std::uint8_t {
    kWaiting,  // there is no writer with a frame yet
    kLive,
    kEnded,  // the writer has closed its stream
    kGone,   // the writer died or gave up
    kFailed,
};

struct StreamReport {
    StreamState state = StreamState::kWaiting;
    std::string text = {};  // of kFailed
    std::uint64_t version = 0;

    friend bool operator==(const StreamReport&, const StreamReport&) = default;
};

class StreamSource {
  public:
    // Starts the thread. `budget` and `news` outlive the source.
    StreamSource(SectionAddress address, MemoryBudget& budget, ViewerNews& news);
    StreamSource(const StreamSource&) = delete;
    StreamSource& operator=(const StreamSource&) = delete;
    // Ends the thread, within a tenth of a second.
    ~StreamSource();

    // Asks for a frame newer than the newest that is held. ViewerNews tell when it is there.
    void want();
    [[nodiscard]] std::shared_ptr<SeenFrame> newest() const;
    // The last frames, the oldest first.
    [[nodiscard]] std::vector<std::shared_ptr<SeenFrame>> held() const;
    [[nodiscard]] StreamReport report() const;

  private:
    void run();
    // Waits until somebody wants a frame. False: the thread has to end.
    bool wait_wanted();
    [[nodiscard]] bool has_frames();
    void try_to_follow();
    // Takes frames until the writer has gone.
    void follow(FrameReader reader);
    // False: the reader has to end.
    bool take_newest(FrameReader& reader);
    bool goes_on_after(const Status& failure);
    [[nodiscard]] Result<void> take(const Frame& frame);
    void keep(std::shared_ptr<SeenFrame> frame);
    void tell(StreamState state, std::string text = {});

    const SectionAddress address_;
    MemoryBudget* budget_;
    ViewerNews* news_;
    std::atomic<int> stop_ = 0;

    mutable std::mutex lock_;  // of what follows
    std::condition_variable changed_;
    bool wanted_ = false;
    std::deque<std::shared_ptr<SeenFrame>> held_ = {};
    StreamReport report_ = {};

    // Of the thread alone.
    std::uint64_t last_epoch_ = 0;
    std::uint64_t last_sequence_ = 0;
    std::uint64_t lost_ = 0;

    std::thread thread_;
};

// One source for each stream that somebody watches.
class StreamSources {
  public:
    StreamSources(MemoryBudget& budget, ViewerNews& news) : budget_(&budget), news_(&news) {}
    // Starts the source if nobody watches this stream yet. It ends with its last viewer.
    [[nodiscard]] std::shared_ptr<StreamSource> of(const SectionAddress& address);

  private:
    MemoryBudget* budget_;
    ViewerNews* news_;
    std::mutex lock_;
    std::map<std::string, std::weak_ptr<StreamSource>> sources_ = {};
};

}  // namespace mapferry::cli
