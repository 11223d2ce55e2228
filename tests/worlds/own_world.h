// SPDX-License-Identifier: Apache-2.0
// Scripts in an isolated world: an empty /dev/shm with the sticky bit, several users, and the same
// /dev/shm mounted read-only.
#pragma once

#include <string>

#include "process/programs.h"

namespace mapferry::testing {

// Runs `script` there; "$writer" and "$reader" are the programs. The script has these commands:
//     as UID COMMAND...     runs the command as that user; 65534 is nobody, 1 is daemon;
//                           as UID:GID,GID with these groups too
//     start UID COMMAND...  the same in the background, as process $!; ended with the script
//     read_only COMMAND...  runs it where /dev/shm is mounted read-only
//     try LABEL COMMAND...  runs it and prints its output on both streams, then "LABEL: CODE"
//     appeared NAME...      waits until sections have the names
class OwnWorld : public ::testing::Test {
  protected:
    // Skips the test where such a world is not available.
    void SetUp() override;
    [[nodiscard]] static Ended run(const std::string& script);
    // The output of `try LABEL`, to "LABEL: CODE"; empty when the script has no such line.
    [[nodiscard]] static std::string tried(const Ended& ended, const std::string& label);
    // Expects that the command ended with this code and printed all of these parts.
    static void expect(const Ended& ended, const std::string& label, int code,
                       const Words& parts = {});
    static void expect_parts(const Ended& ended, const std::string& label, const Words& parts);
};

}  // namespace mapferry::testing
