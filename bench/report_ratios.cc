// The ratios that a reader of the table looks for first.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bench/report.h"

namespace mapferry::bench {

namespace {

// Which row; several names of a way are tried in turn. SIZE stands for the largest size of the run.
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
    {"replaced on a disk, to cp unverified",
     {"files", "SIZE, disk, replaced", kOurs, true},
     {"files", "SIZE, disk, replaced", {"cp"}, false},
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
};

const Row* find(const std::vector<Row>& rows, const Which& which, const std::string& size) {
    std::string case_name(which.case_name);
    if (case_name.starts_with("SIZE")) case_name = size + case_name.substr(4);
    for (const std::string_view way : which.ways) {
        const auto row = std::ranges::find_if(rows, [&](const Row& one) {
            return one.question == which.question && one.case_name == case_name && one.way == way &&
                   one.verified == which.verified;
        });
        if (row != rows.end()) return &*row;
    }
    return nullptr;
}

bool has_size(const std::vector<Row>& rows, std::string_view size) {
    return std::ranges::any_of(rows, [&](const Row& row) {
        return row.case_name.starts_with(size) &&
               (row.question == "files" || row.question == "readers");
    });
}

}  // namespace

std::string ratios_text(const std::vector<Row>& rows) {
    const std::string size = has_size(rows, "1 GiB,") ? "1 GiB" : "256 MiB";
    std::string lines;
    for (const Ratio& ratio : kRatios) {
        const Row* const ours = find(rows, ratio.ours, size);
        const Row* const theirs = find(rows, ratio.theirs, size);
        if (ours == nullptr || theirs == nullptr) continue;
        lines += fmt::format("  {:<46}{:>8.2f}   aim: {}\n", ratio.text,
                             ours->median / theirs->median, ratio.aim);
    }
    if (lines.empty()) return {};
    return fmt::format("\nratios of medians, ours verified; {}\n{}", size, lines);
}

}  // namespace mapferry::bench
