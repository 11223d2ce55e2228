// SPDX-License-Identifier: Apache-2.0
#include "writer/producer.h"

#include <fmt/format.h>

#include "cli/short_names.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

Result<Producer> Producer::start(const std::vector<std::string>& words) {
    auto channel = open_pipe(0);
    if (!channel) return std::unexpected(channel.error());
    const OpenFile input = standard_input();
    auto program =
        ChildProgram::start(words, {.input = input, .output = channel->theirs}, ProgramGroup::kOwn);
    if (!program) return std::unexpected(program.error());
    if (auto read_from = become_standard_input(std::move(channel->ours)); !read_from)
        return std::unexpected(read_from.error());
    return Producer(std::move(*program), in_quotes(words[0]));
}

Result<bool> Producer::ended_well(const Timeout& timeout) const {
    const auto end = program_.ended(timeout ? timeout->count() : -1);
    if (!end) return false;
    if (end->good()) return true;
    return fail(Code::kIo, fmt::format("the command {} {} {}", name_,
                                       end->by_signal ? "was ended by signal" : "ended with status",
                                       end->status));
}

}  // namespace mapferry::cli
