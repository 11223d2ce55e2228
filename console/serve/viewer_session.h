// SPDX-License-Identifier: Apache-2.0
// One page in a browser: the stream of messages that it reads, and what it asks for beside that.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "console/serve/http_server.h"
#include "console/serve/viewed_sections.h"
#include "console/serve/viewer_pane.h"

namespace mapferry::cli {

inline constexpr std::size_t kPanesMax = 2;

// What all viewers share.
struct ViewerWorld {
    explicit ViewerWorld(const ServeCommand& what)
        : command(what), sections(what), memory(what.memory_bytes), sources(memory, news) {}

    const ServeCommand command;
    ViewedSections sections;
    MemoryBudget memory;
    ViewerNews news;
    StreamSources sources;
    std::atomic<int> stopping = 0;  // every wait ends soon
};

class ViewerSession {
  public:
    // `world` outlives the session.
    ViewerSession(ViewerWorld& world, std::string id);

    [[nodiscard]] const std::string& id() const { return id_; }

    // The next message of the stream. Waits for it, at most a second. Empty: the server ends.
    // Called by the stream's thread alone.
    [[nodiscard]] std::string next_message();

    // Answers to the page's other requests, in any thread.
    [[nodiscard]] HttpAnswer take_order(const HttpRequest& request);
    [[nodiscard]] HttpAnswer values(const HttpRequest& request);
    [[nodiscard]] HttpAnswer saved_file(const HttpRequest& request);

  private:
    using Clock = ViewerPane::Clock;
    // What a message is made of, outside the lock.
    struct Work {
        std::size_t pane = 0;
        std::uint64_t turn = 0;
        ViewSettings settings = {};
        std::shared_ptr<SeenFrame> frame = {};
        std::shared_ptr<SeenFrame> statistics = {};
        std::optional<StreamReport> report = {};
        json::Value header = {};  // of a frame
        bool is_paused = false;
    };

    [[nodiscard]] std::string hello() const;
    [[nodiscard]] std::optional<Work> find_work(Clock::time_point now, Clock::time_point& wake);
    [[nodiscard]] std::string message_of(Work& work);
    [[nodiscard]] std::string frame_message(Work& work);
    [[nodiscard]] std::string statistics_message(const Work& work);
    [[nodiscard]] json::Value frame_header(const ViewerPane& pane, std::size_t index,
                                           const SeenFrame& frame) const;
    [[nodiscard]] HttpAnswer open_pane(std::size_t pane, const HttpRequest& request);
    [[nodiscard]] HttpAnswer order_pane(ViewerPane& pane, const HttpRequest& request);
    [[nodiscard]] std::shared_ptr<SeenFrame> asked_frame(const HttpRequest& request,
                                                         std::uint64_t& layer);

    ViewerWorld* world_;
    const std::string id_;
    std::mutex lock_;  // of what follows
    std::array<ViewerPane, kPanesMax> panes_ = {};
    std::size_t turn_of_pane_ = 0;  // which pane is looked at first
    std::uint64_t last_message_ = 0;
    bool wants_table_ = true;
    Clock::time_point table_next_ = {};
    bool said_hello_ = false;
};

}  // namespace mapferry::cli
