// SPDX-License-Identifier: Apache-2.0
// The functions of the system that a benchmark needs.
#pragma once

#include <string>

namespace mapferry::bench {

// Whether a program of this name can be found.
[[nodiscard]] bool has_program(const std::string& name);
// Whether this user may make a message queue for payloads of 4 KiB, the largest ones.
[[nodiscard]] bool can_queue_messages();
// Removes the objects that failed processes have left under a channel's name.
void remove_channel(const std::string& channel);
// After this call an interrupt ends this process through give_up(), which cleans up.
void clean_up_when_interrupted();
// Whether the program's --help mentions the option.
[[nodiscard]] bool has_option(const std::string& program, const std::string& option);

}  // namespace mapferry::bench
