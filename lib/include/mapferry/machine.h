// Facts about this machine for a user with a problem.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mapferry {

enum class Severity : std::uint8_t {
    kFine,
    kWarning,  // works, and may surprise
    kFault,    // something does not work, or is in the way
};

struct MachineFact {
    std::string name;  // "shared memory", "open files", ...
    std::string value;
    Severity severity = Severity::kFine;
    std::string hint = {};  // the way out where it is not fine
};

// Memory that this process could still take: of the machine, and of what a limit leaves to it (on
// Linux a cgroup's, beyond which the system ends processes). Empty where the system does not say.
[[nodiscard]] std::optional<std::uint64_t> available_memory_bytes();

// Shared-memory size and free space, limits, kernel features, hash unit. Changes nothing.
[[nodiscard]] std::vector<MachineFact> machine_facts();

}  // namespace mapferry
