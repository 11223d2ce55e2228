// SPDX-License-Identifier: Apache-2.0
// mapferry-writer --wait: writers of one name, one after the other.
#pragma once

#include <atomic>
#include <utility>

#include "cli/deadline.h"
#include "cli/messages.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// Whether a section's creation that failed with kCannotCreate is worth another try. Sleeps before
// it says so; made for one creation, and counts --timeout from its own.
class NameTurn {
  public:
    NameTurn(const WriterCommand& command, const Messages& messages, const std::atomic<int>& stop);

    // Nothing: try again. Else the error to end with: `failure` where no name is in the way,
    // kTimedOut, kInterrupted.
    [[nodiscard]] Result<void> wait(const Status& failure);

  private:
    const WriterCommand* command_;
    const Messages* messages_;
    const std::atomic<int>* stop_;
    Deadline deadline_;
    double seen_s_;  // when somebody was last seen to have the name
    bool has_told_ = false;
};

// What `create` makes; with --wait it is tried until the name is free.
template <typename Create>
[[nodiscard]] auto create_in_turn(const WriterCommand& command, const Messages& messages,
                                  const std::atomic<int>& stop, const Create& create)
    -> decltype(create()) {
    NameTurn turn(command, messages, stop);
    while (true) {
        auto made = create();
        if (made || !command.wait || made.error().code != Code::kCannotCreate) return made;
        if (auto next = turn.wait(made.error()); !next) return pass(next.error());
    }
}

}  // namespace mapferry::cli
