// SPDX-License-Identifier: Apache-2.0
#include "writer/source_check.h"

#include <fmt/format.h>

#include "cli/deadline.h"
#include "cli/progress.h"
#include "cli/short_names.h"

namespace mapferry::cli {

Result<Source> open_source(const WriterCommand& command, const std::string& path) {
    return path == "-" ? Source::standard_input(command.at_end) : Source::open_file(path);
}

void warn_of_change(const Messages& messages, const std::string& shown) {
    messages.warning(shown +
                     " changed while it was sent: it may have arrived as old and new bytes "
                     "mixed (--strict-source refuses that)");
}

Result<bool> check_unchanged(const WriterCommand& command, const Messages& messages,
                             const Source& source, const std::string& shown) {
    const auto changed = source.changed();
    if (!changed || !*changed) return changed;
    if (command.strict_source)
        return fail(Code::kCorrupt, shown + " changed while it was read",
                    "send it when nobody writes to it");
    warn_of_change(messages, shown);
    return true;
}

Result<void> await_producer(const WriterCommand& command, const Messages& messages, Source& source,
                            const std::string& shown, const std::function<Result<void>()>& go_on) {
    const Deadline deadline(command.common.timeout);
    while (true) {
        const auto came = source.has_producer();
        if (!came) return std::unexpected(came.error());
        if (*came) return {};
        if (auto wanted = go_on(); !wanted) {
            messages.warning("nobody has opened " + shown + " for writing");
            return wanted;
        }
        if (deadline.is_over())
            return fail(Code::kTimedOut,
                        fmt::format("nobody opened {} for writing within {} ms", shown,
                                    command.common.timeout->count()),
                        "start what writes to it, or give more --timeout");
        const auto ready = source.wait_ready(deadline.next_part(kSourceLook));
        if (!ready) return std::unexpected(ready.error());
    }
}

}  // namespace mapferry::cli
