#include "cli/guarded_run.h"

#include <cstdio>

#include "cli/terminal.h"
#include "mapferry/status.h"

namespace mapferry::cli {

namespace {

void say_failure(std::string_view program, std::string_view cause) noexcept {
    for (const std::string_view part :
         {program, std::string_view(": error: "), cause, std::string_view("\n")})
        say_plainly(part);
}

}  // namespace

int tell_failure(std::string_view program, std::string_view cause) noexcept {
    say_failure(program, cause);
    return static_cast<int>(Code::kSystem);
}

int check_printed(std::string_view program, int code) noexcept {
    if (code != 0 || (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)) return code;
    say_failure(program, "cannot write standard output");
    return static_cast<int>(Code::kIo);
}

}  // namespace mapferry::cli
