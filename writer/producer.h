// SPDX-License-Identifier: Apache-2.0
// mapferry-writer --exec: the command whose standard output is sent. A pipe ends in the same way
// when the other side is done and when it dies; here the command's exit status decides.
#pragma once

#include <string>
#include <vector>

#include "cli/child_program.h"
#include "mapferry/timeout.h"

namespace mapferry::cli {

// The destructor ends the command if it still runs.
class Producer {
  public:
    // Starts the command. Its output becomes the standard input of this process, and the command
    // reads the previous standard input. kNotFound: no such command; kPermission, kSystem.
    [[nodiscard]] static Result<Producer> start(const std::vector<std::string>& words);

    // Call when the command's output has ended. True: the command ended with status 0; false: it
    // still runs after `timeout`. kIo: it ended with another status or by a signal.
    [[nodiscard]] Result<bool> ended_well(const Timeout& timeout) const;

  private:
    Producer(ChildProgram program, std::string name)
        : program_(std::move(program)), name_(std::move(name)) {}

    ChildProgram program_;
    std::string name_;
};

}  // namespace mapferry::cli
