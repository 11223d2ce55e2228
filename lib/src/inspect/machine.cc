// SPDX-License-Identifier: Apache-2.0
#include "mapferry/detail/machine.h"

#include <thread>
#include <utility>

#include "mapferry/detail/hash.h"
#include "platform/facts.h"
#include "platform/space.h"

namespace mapferry::inline v1 {

std::vector<MachineFact> machine_facts() {
    std::vector<MachineFact> facts = platform::machine_facts();
    const unsigned processors = std::thread::hardware_concurrency();
    MachineFact count{"processors", std::to_string(processors)};
    if (processors == 1) {
        count.severity = Severity::kWarning;
        count.hint = "writer and reader can't overlap on one processor";
    }
    facts.push_back(std::move(count));
    facts.push_back({"hash", "xxh3 with " + std::string(hash_simd_name())});
    return facts;
}

std::optional<std::uint64_t> available_memory_bytes() {
    return platform::available_memory_bytes();
}

}  // namespace mapferry::inline v1
