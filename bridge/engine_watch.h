// SPDX-License-Identifier: Apache-2.0
// The state of the connection to an engine, as people and programs see it, and the decision when an
// engine that is away has been away for too long.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/common_options.h"
#include "cli/deadline.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// One thread at a time.
class EngineWatch {
  public:
    // `common` and `stop` must outlive it. `server` is named in messages.
    EngineWatch(const CommonOptions& common, std::string server, const std::atomic<int>& stop);

    // The engine answers. Reported at the first time, and after lost().
    void connected();
    // The engine does not answer, for this reason, and has been silent for `ago` already. Reported
    // once, until connected().
    void lost(const std::string& why, std::chrono::milliseconds ago = {});
    // The transfer goes on at this place. Reported.
    void resumed(std::uint64_t at_bytes, std::uint64_t of_bytes);

    // A pause between two attempts, `part` long at most. kInterrupted; kPeerGone: the engine has
    // been away for longer than the timeout.
    [[nodiscard]] Result<void> pause(std::chrono::milliseconds part);
    // kInterrupted when a signal has come.
    [[nodiscard]] Result<void> go_on() const;

    [[nodiscard]] const Messages& messages() const { return messages_; }
    [[nodiscard]] const std::atomic<int>& stop() const { return *stop_; }
    [[nodiscard]] const std::string& server() const { return server_; }
    [[nodiscard]] const Timeout& timeout() const { return timeout_; }

  private:
    Messages messages_;
    Timeout timeout_;
    std::string server_;
    const std::atomic<int>* stop_;
    bool was_connected_ = false;
    std::optional<Deadline> lost_;  // while the engine is away
    std::string why_;
};

}  // namespace mapferry::cli
