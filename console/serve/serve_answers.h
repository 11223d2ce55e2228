// SPDX-License-Identifier: Apache-2.0
// The addresses of the page: its files, the stream of messages, and what a page asks for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "console/serve/http_server.h"
#include "console/serve/viewer_session.h"

namespace mapferry::cli {

class ServeAnswers {
  public:
    // `world` outlives the answers.
    explicit ServeAnswers(ViewerWorld& world) : world_(&world) {}
    ServeAnswers(const ServeAnswers&) = delete;
    ServeAnswers& operator=(const ServeAnswers&) = delete;

    // From any thread.
    [[nodiscard]] HttpAnswer answer(const HttpRequest& request);
    // The page of this session is gone.
    void forget(const std::string& id);
    // Waits until all streams have ended, which they do soon once the world is stopping.
    void wait_for_streams(std::chrono::milliseconds most);

  private:
    [[nodiscard]] HttpAnswer new_stream();
    [[nodiscard]] HttpAnswer of_session(const HttpRequest& request);
    [[nodiscard]] HttpAnswer of_section(const HttpRequest& request);

    ViewerWorld* world_;
    std::mutex lock_;  // of what follows
    std::condition_variable forgotten_;
    std::map<std::string, std::shared_ptr<ViewerSession>, std::less<>> sessions_ = {};
};

}  // namespace mapferry::cli
