#include "mapferry/machine.h"

#include <thread>

#include "mapferry/hash.h"
#include "platform/platform.h"

namespace mapferry {

std::vector<MachineFact> machine_facts() {
    std::vector<MachineFact> facts = platform::machine_facts();
    const unsigned processors = std::thread::hardware_concurrency();
    facts.push_back({"processors", std::to_string(processors), processors != 1,
                     processors != 1 ? "" : "writer and reader can't overlap on one processor"});
    facts.push_back({"hash", "xxh3 with " + std::string(hash_simd_name()), true, {}});
    return facts;
}

std::optional<std::uint64_t> available_memory_bytes() {
    return platform::available_memory_bytes();
}

}  // namespace mapferry
