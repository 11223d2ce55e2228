// SPDX-License-Identifier: Apache-2.0
// mapferry-writer --exec: the command whose standard output is sent. A pipe ends in the same way
// whether its other side is done or dead; here its exit status decides.
#pragma once

#include <string>
#include <vector>

#include "cli/child_program.h"
#include "mapferry/timeout.h"

namespace mapferry::cli {

// Ends the command when it is destroyed and the command still runs.
class Producer {
  public:
    // Starts it: from now on this process's standard input is what the command prints, and the
    // command reads what was there. kNotFound: no such command; kPermission, kSystem.
    [[nodiscard]] static Result<Producer> start(const std::vector<std::string>& words);

    // Once its output has ended: whether the command has ended well; false when it still runs after
    // `timeout`. kIo: it ended otherwise.
    [[nodiscard]] Result<bool> ended_well(const Timeout& timeout) const;

  private:
    Producer(ChildProgram program, std::string name)
        : program_(std::move(program)), name_(std::move(name)) {}

    ChildProgram program_;
    std::string name_;
};

}  // namespace mapferry::cli
