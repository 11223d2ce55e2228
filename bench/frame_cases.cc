// SPDX-License-Identifier: Apache-2.0
#include "bench/frame_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "bench/frame_roles.h"
#include "bench/frame_round.h"
#include "bench/quantiles.h"

namespace mapferry::bench {

namespace {

constexpr std::size_t kKiB = std::size_t{1} << 10;
constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::uint64_t kFramesForRareOnes = 1000;  // one of them is the 99.9th percentile

// One question at one size.
struct FrameCase {
    const char* question;
    Kind kind;
    Pace pace;
    std::size_t frame_bytes;
    std::uint64_t frames;
    std::int64_t gap_us = 0;
};

// A hand-over does not depend on the frame's size, so small frames show the rare slow hand-overs.
FrameCase hand_over(std::size_t bytes) {
    const bool is_small = bytes < kMiB;
    return {.question = "hand-over",
            .kind = Kind::kHandOver,
            .pace = Pace::kPaced,
            .frame_bytes = bytes,
            .frames = is_small ? kFramesForRareOnes : 40u,
            .gap_us = is_small ? 300 : 3000};
}

FrameCase paced(std::size_t bytes) {
    return {.question = "frames-paced",
            .kind = Kind::kCopy,
            .pace = Pace::kPaced,
            .frame_bytes = bytes,
            .frames = std::clamp<std::uint64_t>(256 * kMiB / bytes, 8, 30),
            .gap_us = 3000};
}

FrameCase flat_out(Kind kind, std::size_t bytes) {
    return {.question = "frames-flat-out",
            .kind = kind,
            .pace = Pace::kFlatOut,
            .frame_bytes = bytes,
            .frames = std::clamp<std::uint64_t>(256 * kMiB / bytes, 16, 4000)};
}

std::vector<FrameCase> cases_of(Level level) {
    if (level == Level::kQuick)
        return {hand_over(64 * kKiB), paced(33 * kMiB), flat_out(Kind::kCopy, 64 * kKiB)};
    std::vector<std::size_t> sizes = {64 * kKiB, kMiB, 33 * kMiB};
    if (level == Level::kFull) sizes = {64 * kKiB, kMiB, 8 * kMiB, 33 * kMiB, 64 * kMiB};
    std::vector<FrameCase> cases = {hand_over(64 * kKiB), hand_over(33 * kMiB)};
    if (level == Level::kFull) cases.push_back(hand_over(8 * kMiB));
    for (const std::size_t bytes : sizes) {
        cases.push_back(paced(bytes));
        cases.push_back(flat_out(Kind::kCopy, bytes));
    }
    cases.push_back(flat_out(Kind::kHandOver, 33 * kMiB));
    return cases;
}

std::string size_text(std::size_t bytes) {
    return bytes < kMiB ? fmt::format("{} KiB", bytes / kKiB) : fmt::format("{} MiB", bytes / kMiB);
}

Round round_of(const FrameCase& one, const FrameWay& way, Checking checking) {
    const bool is_large = one.frame_bytes > 8 * kMiB;
    return {.way = way.name,
            .folder = {},
            .frame_bytes = one.frame_bytes,
            .warm_up_frames = is_large ? 8u : std::max<std::uint64_t>(12, one.frames / 8),
            .frames = one.frames,
            .gap_us = one.gap_us,
            .pace = one.pace,
            .checking = checking};
}

// Reads lines of nanoseconds; returns microseconds by column.
std::vector<Samples> read_columns(const std::string& printed, std::size_t columns) {
    std::vector<Samples> samples(columns);
    std::istringstream lines(printed);
    double value_ns = 0;
    for (std::size_t i = 0; lines >> value_ns; ++i)
        samples[i % columns].push_back(value_ns / 1000);
    return samples;
}

// Runs a round and takes its values from the columns that it printed.
template <typename Values>
std::function<Attempt(const RunRequest&)> runner(const FrameWay& way, const Round& round,
                                                 std::size_t columns, const Values& values) {
    return [=](const RunRequest& request) {
        Round this_one = round;
        this_one.fault = request.fault;
        const RoundEnd end = run_processes(way, this_one);
        Attempt attempt;
        attempt.ending = {.exit_code = end.exit_code, .who = "the receiver"};
        if (end.exit_code != 0) return attempt;
        const auto samples = read_columns(end.printed, columns);
        attempt.values = values(samples);
        attempt.seconds = attempt.values.front() / 1e6;
        return attempt;
    };
}

std::string options_of(const FrameCase& one, const FrameWay& way) {
    if (one.pace != Pace::kFlatOut || way.flat_out_options.empty()) return way.options;
    return way.options + "; " + way.flat_out_options;
}

Row row_of(const FrameCase& one, const FrameWay& way, const char* unit, Checking checking,
           const std::string& detail = {}) {
    return {.question = one.question,
            .case_name = size_text(one.frame_bytes) + detail,
            .way = way.name,
            .verified = checking == Checking::kAll,
            .unit = unit,
            .options = options_of(one, way)};
}

Plan hand_over_plan(const FrameCase& one, const FrameWay& way) {
    Plan plan;
    std::vector<double> shares = {0.5, 0.99};
    for (const char* const detail : {", p50", ", p99"})
        plan.rows.push_back(row_of(one, way, "us", Checking::kAll, detail));
    if (one.frames >= kFramesForRareOnes) {
        plan.rows.push_back(row_of(one, way, "us", Checking::kAll, ", p99.9"));
        shares.push_back(0.999);
    }
    plan.run = runner(way, round_of(one, way, Checking::kAll), 2,
                      [shares](const std::vector<Samples>& samples) {
                          std::vector<double> values;
                          for (const double share : shares)
                              values.push_back(quantile(samples[0], share));
                          return values;
                      });
    return plan;
}

// A verified round of frames that come whole gives both times.
Plan paced_plan(const FrameCase& one, const FrameWay& way, Checking checking) {
    Plan plan;
    plan.rows.push_back(row_of(one, way, "us", checking));
    const bool tells_both = way.arrival == Arrival::kWhole && way.hashing == Hashing::kByReceiver &&
                            checking == Checking::kAll;
    if (tells_both) plan.rows.push_back(row_of(one, way, "us", Checking::kNone));
    plan.run = runner(way, round_of(one, way, checking), 2,
                      [tells_both](const std::vector<Samples>& samples) {
                          std::vector<double> values = {median(samples[1])};
                          if (tells_both) values.push_back(median(samples[0]));
                          return values;
                      });
    return plan;
}

Plan flat_out_plan(const FrameCase& one, const FrameWay& way, Checking checking) {
    Plan plan;
    const char* const detail = one.kind == Kind::kHandOver ? ", in place" : "";
    plan.rows.push_back(row_of(one, way, "GB/s", checking, detail));
    if (one.kind == Kind::kHandOver)
        plan.rows.back().note = "the sender writes a few bytes of a frame that lies there already";
    const auto bytes = static_cast<double>(one.frames * one.frame_bytes);
    plan.run =
        runner(way, round_of(one, way, checking), 1, [bytes](const std::vector<Samples>& samples) {
            return std::vector<double>{bytes / samples[0].at(0) / 1000};
        });
    return plan;
}

void add_plans(Case& to, const FrameCase& one, const FrameWay& way) {
    if (one.kind == Kind::kHandOver) {
        to.plans.push_back(one.pace == Pace::kPaced ? hand_over_plan(one, way)
                                                    : flat_out_plan(one, way, Checking::kAll));
        return;
    }
    const bool is_paced = one.pace == Pace::kPaced;
    const auto plan = is_paced ? paced_plan : flat_out_plan;
    to.plans.push_back(plan(one, way, Checking::kAll));
    if (way.hashing == Hashing::kByBoth) return;
    if (!is_paced || way.arrival == Arrival::kInPieces)
        to.plans.push_back(plan(one, way, Checking::kNone));
}

// Why the way is not part of the case; empty: it is.
std::string obstacle_of(const FrameCase& one, const FrameWay& way) {
    if (!way.missing.empty()) return way.missing;
    if (one.frame_bytes > way.frame_bytes_max)
        return fmt::format("no frames above {}", size_text(way.frame_bytes_max));
    return {};
}

}  // namespace

FrameCases frame_cases(Level level) {
    FrameCases made;
    for (const FrameCase& one : cases_of(level)) {
        Case added = {.rounds = level == Level::kQuick ? 3u : 7u, .plans = {}};
        for (const FrameWay& way : all_frame_ways()) {
            if (way.kind != one.kind) continue;
            if (way.extent == Extent::kPacedOnly &&
                (one.pace == Pace::kFlatOut || level == Level::kQuick))
                continue;
            if (const std::string obstacle = obstacle_of(one, way); !obstacle.empty())
                made.skipped.push_back({.question = one.question,
                                        .way = way.name + ", " + size_text(one.frame_bytes),
                                        .reason = obstacle});
            else
                add_plans(added, one, way);
        }
        made.cases.push_back(std::move(added));
    }
    return made;
}

}  // namespace mapferry::bench
