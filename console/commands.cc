// SPDX-License-Identifier: Apache-2.0
#include "console/commands.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "console/doctor/doctor_command_lines.h"
#include "console/look/look_command_lines.h"
#include "console/manage/manage_command_lines.h"
#include "console/serve/serve_command_line.h"
#include "reader/reader_program.h"
#include "writer/writer_program.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kMistakesMost = 2;

constexpr std::array kPassing = {
    Command{"send", "mapferry send", "send files, streams, texts, frames", run_writer},
    Command{"receive", "mapferry receive", "receive them, verified", run_reader},
};
constexpr std::array kManaging = {
    Command{"ls", "mapferry ls", "list the sections of this user", call_ls},
    Command{"info", "mapferry info", "show every fact about a section", call_info},
    Command{"verify", "mapferry verify", "check every byte of a kept section", call_verify},
    Command{"rm", "mapferry rm", "remove a section", call_rm},
    Command{"gc", "mapferry gc", "remove what dead processes left", call_gc},
};
constexpr std::array kLooking = {
    Command{"top", "mapferry top", "watch what passes through sections", call_top},
    Command{"view", "mapferry view", "look at a picture or at frames in the terminal", call_view},
    Command{"serve", "mapferry serve", "look at sections in a web browser", call_serve},
};
constexpr std::array kMachine = {
    Command{"doctor", "mapferry doctor", "show what may be wrong on this machine", call_doctor},
    Command{"bench", "mapferry bench", "show how fast this machine is", call_bench},
};
constexpr std::array kGroups = {
    CommandGroup{"Passing bytes on", kPassing},
    CommandGroup{"Looking after sections", kManaging},
    CommandGroup{"Watching", kLooking},
    CommandGroup{"This machine", kMachine},
};

// The smallest number of characters to insert, remove or change (Levenshtein 1965).
std::size_t mistakes(std::string_view typed, std::string_view meant) {
    std::vector<std::size_t> row(meant.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < typed.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < meant.size(); ++j) {
            const std::size_t changed = diagonal + (typed[i] == meant[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

// Less is nearer; 0 when `meant` begins with `typed`.
std::size_t distance(std::string_view typed, std::string_view meant) {
    return meant.starts_with(typed) ? 0 : mistakes(typed, meant);
}

}  // namespace

std::span<const CommandGroup> command_groups() {
    return kGroups;
}

const Command* find_command(std::string_view name) {
    for (const CommandGroup& group : kGroups)
        for (const Command& command : group.commands)
            if (command.name == name) return &command;
    return nullptr;
}

const Command* nearest_command(std::string_view word) {
    if (word.empty()) return nullptr;
    // At least one character has to be right: otherwise the user meant something else.
    std::size_t most = std::min(kMistakesMost, word.size() - 1);
    const Command* nearest = nullptr;
    for (const CommandGroup& group : kGroups) {
        for (const Command& command : group.commands) {
            const std::size_t far = distance(word, command.name);
            if (far > most || (nearest != nullptr && far == most)) continue;
            most = far;
            nearest = &command;
        }
    }
    return nearest;
}

}  // namespace mapferry::cli
