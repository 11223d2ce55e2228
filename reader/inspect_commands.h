// The sub-commands that look after sections. Each returns the exit code.
#pragma once

#include "cli/messages.h"
#include "mapferry/section.h"

namespace mapferry::cli {

[[nodiscard]] int run_list(const Messages& messages);
[[nodiscard]] int run_info(const Messages& messages, const SectionAddress& address);
[[nodiscard]] int run_verify(const Messages& messages, const SectionAddress& address);
[[nodiscard]] int run_remove(const Messages& messages, const SectionAddress& address,
                             RemovePolicy policy);
[[nodiscard]] int run_collect(const Messages& messages);

}  // namespace mapferry::cli
