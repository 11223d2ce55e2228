// Facts about this machine for a user with a problem.
#pragma once

#include <string>
#include <vector>

namespace mapferry {

struct MachineFact {
    std::string name;  // "shared memory", "open files", ...
    std::string value;
    bool good = true;
    std::string hint;  // the way out when not good
};

// Shared-memory size and free space, limits, kernel features, hash unit. Changes nothing.
[[nodiscard]] std::vector<MachineFact> machine_facts();

}  // namespace mapferry
