// SPDX-License-Identifier: Apache-2.0
// mapferry-writer --wait: writers of the same name take turns.
#pragma once

#include <atomic>
#include <utility>

#include "cli/deadline.h"
#include "cli/messages.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// Waits for the name after a section's creation failed with kCannotCreate. One object serves one
// creation; --timeout counts from the object's construction.
class NameTurn {
  public:
    NameTurn(const WriterCommand& command, const Messages& messages, const std::atomic<int>& stop);

    // Sleeps, and returns when creation should be tried again. Otherwise the error to end with:
    // `failure` when no section has the name, kTimedOut, kInterrupted.
    [[nodiscard]] Result<void> wait(const Status& failure);

  private:
    const WriterCommand* command_;
    const Messages* messages_;
    const std::atomic<int>* stop_;
    Deadline deadline_;
    double seen_s_;  // when a section was last seen with the name
    bool has_told_ = false;
};

// Calls `create`, and returns its result. With --wait, repeats the call until the name is free.
template <typename Create>
[[nodiscard]] auto create_in_turn(const WriterCommand& command, const Messages& messages,
                                  const std::atomic<int>& stop, const Create& create)
    -> decltype(create()) {
    NameTurn turn(command, messages, stop);
    while (true) {
        auto made = create();
        if (made || !command.wait || made.error().code != Code::kCannotCreate) return made;
        if (auto next = turn.wait(made.error()); !next) return std::unexpected(next.error());
    }
}

}  // namespace mapferry::cli
