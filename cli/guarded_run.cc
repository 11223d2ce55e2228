#include "cli/guarded_run.h"

#include "cli/terminal.h"
#include "mapferry/status.h"

namespace mapferry::cli {

int tell_failure(std::string_view program, std::string_view cause) noexcept {
    constexpr int kExitCode = static_cast<int>(Code::kSystem);
    try {
        for (const std::string_view part :
             {program, std::string_view(": error: "), cause, std::string_view("\n")})
            say(part);
        return kExitCode;
    } catch (...) {
        return kExitCode;  // a terminal that wants its text in another encoding
    }
}

}  // namespace mapferry::cli
