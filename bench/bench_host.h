// SPDX-License-Identifier: Apache-2.0
// What a benchmark asks of the system it runs on.
#pragma once

#include <string>

namespace mapferry::bench {

// Whether a program of this name can be found.
[[nodiscard]] bool has_program(const std::string& name);
// Whether a user may make a message queue for payloads of 4 KiB.
[[nodiscard]] bool can_queue_messages();
// Removes what processes that failed have left under a channel's name.
void remove_channel(const std::string& channel);
// From here on an interrupt ends this process by give_up(), which cleans up.
void clean_up_when_interrupted();
// Whether the program's --help tells of the option.
[[nodiscard]] bool has_option(const std::string& program, const std::string& option);

}  // namespace mapferry::bench
