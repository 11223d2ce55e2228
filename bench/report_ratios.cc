// SPDX-License-Identifier: Apache-2.0
// The ratios that a reader of the table looks for first.
#include <fmt/format.h>

#include <array>

#include "bench/report.h"

namespace mapferry::bench {

namespace {

// Selects a row. The names of the way are tried in turn. SIZE stands for the largest size among the
// rows.
struct Which {
    std::string_view question;
    std::string_view case_name;
    std::array<std::string_view, 2> ways;
    bool verified;
};

struct Ratio {
    std::string_view text;
    Which ours;
    Which theirs;
    std::string_view aim;
};

constexpr std::array<std::string_view, 2> kOurs = {"mapferry", ""};
constexpr std::array<std::string_view, 2> kInPlace = {"mapferry --in-place", "mapferry -o -"};
constexpr std::array<std::string_view, 2> kCopy = {"mapferry copy", ""};
constexpr std::string_view kDiscarded = "SIZE, tmpfs, discarded";
constexpr std::string_view kOverwritten = "SIZE, tmpfs, overwritten";
constexpr std::string_view kReplaced = "SIZE, tmpfs, replaced";
constexpr std::string_view kSmall = "100,000 payloads of 4 KiB";

constexpr Ratio kRatios[] = {
    {"discarded, to cat | cat unverified",
     {"files", kDiscarded, kOurs, true},
     {"files", kDiscarded, {"cat | cat"}, false},
     "6 or more"},
    {"discarded, to cat | cat verified",
     {"files", kDiscarded, kOurs, true},
     {"files", kDiscarded, {"cat | cat"}, true},
     "6 or more"},
    {"overwritten, to cat | cat verified",
     {"files", kOverwritten, kInPlace, true},
     {"files", kOverwritten, {"cat | cat"}, true},
     "5 or more"},
    {"overwritten, to a pipe of 1 MiB verified",
     {"files", kOverwritten, kInPlace, true},
     {"files", kOverwritten, {"pipe of 1 MiB"}, true},
     "1.5 or more"},
    {"replaced, to cp unverified",
     {"files", kReplaced, kOurs, true},
     {"files", kReplaced, {"cp"}, false},
     "1.1 or more"},
    {"replaced, to cp and mv unverified",
     {"files", kReplaced, kOurs, true},
     {"files", kReplaced, {"cp and mv"}, false},
     "1.1 or more"},
    {"replaced on a disk, to cp unverified",
     {"files", "SIZE, disk, replaced", kOurs, true},
     {"files", "SIZE, disk, replaced", {"cp"}, false},
     "0.95 or more"},
    {"replaced on a disk, to cp and mv unverified",
     {"files", "SIZE, disk, replaced", kOurs, true},
     {"files", "SIZE, disk, replaced", {"cp and mv"}, false},
     "0.95 or more"},
    {"overwritten, to ours unverified",
     {"files", kOverwritten, kInPlace, true},
     {"files", kOverwritten, kInPlace, false},
     "0.85 or more"},
    {"discarded, to ours unverified",
     {"files", kDiscarded, kOurs, true},
     {"files", kDiscarded, kOurs, false},
     "0.85 or more"},
    {"8 readers, to 8 pipes fed by tee",
     {"readers", "SIZE, 8 readers", kOurs, true},
     {"readers", "SIZE, 8 readers", {"tee"}, true},
     "5 or more"},
    {"8 readers, to 8 pipes of 1 MiB",
     {"readers", "SIZE, 8 readers", kOurs, true},
     {"readers", "SIZE, 8 readers", {"pipes of 1 MiB"}, true},
     "5 or more"},
    {"8 readers, to 1 reader",
     {"readers", "SIZE, 8 readers", kOurs, true},
     {"readers", "SIZE, 1 reader", kOurs, true},
     "3.5 or more"},
    {"time for 4 KiB discarded, to cat | cat",
     {"start", "4 KiB, discarded", kOurs, true},
     {"start", "4 KiB, discarded", {"cat | cat"}, false},
     "1.0 or less"},
    {"payloads of a stream, to Boost message_queue",
     {"small", kSmall, {"mapferry stream"}, true},
     {"small", kSmall, {"Boost message_queue"}, true},
     "3 or more"},
    {"payloads as frames, to Boost message_queue",
     {"small", kSmall, {"mapferry frames"}, true},
     {"small", kSmall, {"Boost message_queue"}, true},
     "3 or more"},
    {"time of a frame of 33 MiB, to iceoryx copy",
     {"frames-paced", "33 MiB", kCopy, true},
     {"frames-paced", "33 MiB", {"iceoryx copy"}, true},
     "1.0 or less"},
    {"time of a frame of 33 MiB, to a Unix socket",
     {"frames-paced", "33 MiB", kCopy, true},
     {"frames-paced", "33 MiB", {"Unix socket"}, true},
     "0.63 or less"},
    {"time of a frame of 33 MiB, to a pipe",
     {"frames-paced", "33 MiB", kCopy, true},
     {"frames-paced", "33 MiB", {"pipe"}, true},
     "0.27 or less"},
};

// Whether the row has the case `wanted`. "SIZE" stands for any size, with a unit and a comma.
bool is_case(const Row& row, std::string_view wanted) {
    if (!wanted.starts_with("SIZE")) return row.case_name == wanted;
    return size_of_case(row.case_name) && row.case_name.ends_with(wanted.substr(4));
}

const Row* find(const std::vector<Row>& rows, const Which& which) {
    for (const std::string_view way : which.ways) {
        const Row* found = nullptr;
        for (const Row& row : rows) {
            if (row.question != which.question || row.way != way ||
                row.verified != which.verified || !is_case(row, which.case_name))
                continue;
            if (found == nullptr || size_of_case(row.case_name) > size_of_case(found->case_name))
                found = &row;
        }
        if (found != nullptr) return found;
    }
    return nullptr;
}

}  // namespace

std::string ratios_text(const std::vector<Row>& rows) {
    std::string lines;
    for (const Ratio& ratio : kRatios) {
        const Row* const ours = find(rows, ratio.ours);
        const Row* const theirs = find(rows, ratio.theirs);
        if (ours == nullptr || theirs == nullptr || ours->case_name.empty()) continue;
        lines += fmt::format("  {:<46}{:>8.2f}   aim: {:<13} {}, {}\n", ratio.text,
                             ours->median / theirs->median, ratio.aim, ours->case_name, ours->way);
    }
    if (lines.empty()) return {};
    return "\nratios of medians, ours verified\n" + lines;
}

}  // namespace mapferry::bench
