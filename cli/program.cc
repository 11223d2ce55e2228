// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include <cstddef>

#include "cli/guarded_run.h"
#include "cli/terminal.h"
#include "mapferry/fault_guard.h"

namespace mapferry::cli {

int run_program(const ProgramStart& start, const std::function<int(const Call&)>& work) {
    set_failure_format(wanted_format({start.argv, static_cast<std::size_t>(start.argc)}));
    const std::atomic<int>& stop = catch_signals();
    // A failure here is harmless: without the guard this process ends by SIGBUS if somebody cuts a
    // section.
    (void)install_fault_guard();
    const int code = run_guarded(start.program, [&] {
        std::vector<std::string> arguments = utf8_arguments(start.argc, start.argv);
        arguments.erase(arguments.begin(),
                        arguments.begin() + static_cast<std::ptrdiff_t>(start.command_words));
        return work({std::string(start.program), std::move(arguments), &stop});
    });
    // relaxed: the flag alone is the message
    if (const int signal = stop.load(std::memory_order_relaxed); signal != 0 && code != 0)
        end_by_signal(signal);
    return code;
}

}  // namespace mapferry::cli
