#include "writer/source_check.h"

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

}  // namespace mapferry::cli
