// SPDX-License-Identifier: Apache-2.0
#include "console/doctor/bench_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "cli/print.h"
#include "cli/short_names.h"
#include "console/doctor/bench_ways.h"
#include "mapferry/detail/hash.h"
#include "mapferry/detail/units.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kSmallBytes = 4096;
constexpr std::uint64_t kProbeBytes = 32 * kMiB;
constexpr std::uint64_t kUsualBytes = 256 * kMiB;
constexpr std::uint64_t kSectionBytes = 20 * kMiB;  // more than a ring needs
constexpr std::uint64_t kLeastBytes = 64 * kMiB;    // fewer rounds are better than fewer bytes
constexpr int kRounds = 7;
constexpr int kRoundsLeast = 3;
constexpr double kBulkSeconds = 6;   // the time for all rounds of the large payload
constexpr double kSmallSeconds = 1;  // the time for all rounds of the small payload
constexpr int kSmallRoundsMax = 25;

using Ways = std::vector<std::unique_ptr<BenchWay>>;

// The times of all rounds of one way.
struct Figures {
    std::vector<double> seconds = {};

    [[nodiscard]] double at(double share) const {
        auto sorted = seconds;
        std::ranges::sort(sorted);
        const auto last = static_cast<double>(sorted.size() - 1);
        return sorted[static_cast<std::size_t>(share * last)];
    }
    [[nodiscard]] double fastest() const { return at(0); }
    [[nodiscard]] double median() const { return at(0.5); }
    [[nodiscard]] double slowest() const { return at(1); }
};

struct Measured {
    std::uint64_t bytes = 0;
    std::vector<Figures> ways = {};  // in the order of Ways
};

// Measures `rounds` rounds of all ways. Each round shuffles the order of the ways.
Result<Measured> measure(const Ways& ways, const BenchPayload& payload, int rounds) {
    Measured measured{.bytes = payload.bytes, .ways = std::vector<Figures>(ways.size())};
    std::vector<std::size_t> order(ways.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::minstd_rand random(1);
    for (int round = 0; round < rounds; ++round) {
        std::ranges::shuffle(order, random);
        for (const std::size_t i : order) {
            const auto seconds = ways[i]->run(payload);
            if (!seconds) {
                Status failure = seconds.error();
                failure.message = ways[i]->name() + ": " + failure.message;
                return std::unexpected(std::move(failure));
            }
            measured.ways[i].seconds.push_back(*seconds);
        }
    }
    return measured;
}

double seconds_of_a_round(const Measured& measured) {
    double sum_s = 0;
    for (const Figures& figures : measured.ways)
        sum_s += figures.median();
    return sum_s;
}

std::uint64_t free_bytes(const std::string& folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    return error ? 0 : static_cast<std::uint64_t>(space.available);
}

// The first folder with room for two files of `bytes` and some more; otherwise the folder with the
// most room.
std::string choose_folder(std::uint64_t bytes) {
    const auto folders = scratch_folders();
    for (const std::string& folder : folders)
        if (free_bytes(folder) / 3 >= bytes) return folder;
    return *std::ranges::max_element(folders, {}, free_bytes);
}

// A name for the section of this run alone. It begins with the name that the user gave.
std::string unique_name(const std::string& name) {
    constexpr std::size_t kNameCharactersKept = 40;
    std::random_device random;
    return fmt::format("{}-bench-{:08x}", name.substr(0, kNameCharactersKept), random());
}

BenchSetting make_setting(const BenchCommand& command, const std::atomic<int>& stop) {
    BenchSetting setting{.folder = choose_folder(command.bytes != 0 ? command.bytes : kUsualBytes),
                         .section = {.name = unique_name(command.section_name)},
                         .stop = &stop};
    if (!memory_has_room(kSectionBytes))
        setting.section.backing_path =
            (std::filesystem::path(setting.folder) / ("mapferry." + setting.section.name)).string();
    return setting;
}

struct Plan {
    std::uint64_t bytes = 0;
    int rounds = kRounds;
};

// Plans the number of bytes that the user requested, or the number that time and space allow.
Result<Plan> make_plan(const BenchCommand& command, const std::string& folder,
                       const Measured& probe) {
    const std::uint64_t room = free_bytes(folder) / 3;
    if (command.bytes > room)
        return fail(
            Code::kIo,
            fmt::format("{} has no room for two files of {}", folder, format_bytes(command.bytes)),
            fmt::format("ask for less: --size {}MiB", room / kMiB));
    if (command.bytes != 0) return Plan{.bytes = command.bytes};
    const double per_second = static_cast<double>(probe.bytes) / seconds_of_a_round(probe);
    const auto affordable = static_cast<std::uint64_t>(per_second * kBulkSeconds / kRounds);
    const std::uint64_t most = std::min(kUsualBytes, room) / kMiB * kMiB;
    const std::uint64_t bytes =
        std::clamp(affordable / kMiB * kMiB, std::min(kLeastBytes, most), most);
    const double rounds = kBulkSeconds * per_second / static_cast<double>(bytes);
    return Plan{.bytes = bytes,
                .rounds = static_cast<int>(std::clamp<double>(rounds, kRoundsLeast, kRounds))};
}

// The size of the first, short measurement of the ways. It also touches all that is used for the
// first time.
Result<std::uint64_t> choose_probe_bytes(const BenchCommand& command, const std::string& folder) {
    const std::uint64_t room = free_bytes(folder) / 3;
    if (room < kMiB)
        return fail(Code::kIo, folder + " has no room for the benchmark's files",
                    "free some MiB there, or set TMPDIR to a folder that has them");
    const std::uint64_t wanted = command.bytes != 0 ? command.bytes : kProbeBytes;
    return std::min({kProbeBytes, wanted, room});
}

struct Results {
    Measured bulk;
    Measured small;
};

Result<Measured> measure_small(const Ways& ways, const std::string& folder) {
    auto payload = make_payload(folder, kSmallBytes);
    if (!payload) return std::unexpected(payload.error());
    auto warm_up = measure(ways, *payload, 1);
    if (!warm_up) return warm_up;
    const double rounds = kSmallSeconds / seconds_of_a_round(*warm_up);
    return measure(ways, *payload, std::clamp(static_cast<int>(rounds), 3, kSmallRoundsMax));
}

Result<Results> measure_all(const BenchCommand& command, const BenchSetting& setting,
                            const Ways& ways) {
    auto probe_bytes = choose_probe_bytes(command, setting.folder);
    if (!probe_bytes) return std::unexpected(probe_bytes.error());
    auto probe_payload = make_payload(setting.folder, *probe_bytes);
    if (!probe_payload) return std::unexpected(probe_payload.error());
    auto probe = measure(ways, *probe_payload, 1);
    if (!probe) return std::unexpected(probe.error());
    const auto plan = make_plan(command, setting.folder, *probe);
    if (!plan) return std::unexpected(plan.error());
    auto payload = make_payload(setting.folder, plan->bytes);
    if (!payload) return std::unexpected(payload.error());
    // One way goes through a file, which has all its pages only after the first round.
    if (auto warm_up = ways.back()->run(*payload); !warm_up)
        return std::unexpected(warm_up.error());
    auto bulk = measure(ways, *payload, plan->rounds);
    if (!bulk) return std::unexpected(bulk.error());
    auto small = measure_small(ways, setting.folder);
    if (!small) return std::unexpected(small.error());
    return Results{std::move(*bulk), std::move(*small)};
}

double rate_of(const Measured& measured, double seconds) {
    return static_cast<double>(measured.bytes) / seconds / 1e9;
}

std::string verdict_of(const Ways& ways, const Results& results) {
    const double mapping_s = results.bulk.ways[0].median();
    std::string text =
        fmt::format("mapping carries {:.2f} GB/s, verified:", rate_of(results.bulk, mapping_s));
    for (std::size_t i = 1; i < ways.size(); ++i) {
        const double ratio = results.bulk.ways[i].median() / mapping_s;
        text += fmt::format("{} {:.1f} times as fast as {}",
                            i == 1                 ? ""
                            : i + 1 == ways.size() ? " and"
                                                   : ",",
                            ratio, ways[i]->name());
    }
    const double small_ratio = results.small.ways[0].median() / results.small.ways[1].median();
    return text +
           fmt::format("; 4 KiB take {:.1f} times as long as by {}", small_ratio, ways[1]->name());
}

nlohmann::json row(const std::string& question, const std::string& way, const Measured& measured,
                   const Figures& figures, bool is_rate) {
    const auto shown = [&](double seconds) {
        return is_rate ? rate_of(measured, seconds) : seconds * 1e6;
    };
    return {{"event", "bench"},
            {"question", question},
            {"case", format_bytes(measured.bytes)},
            {"way", way},
            {"verified", true},
            {"unit", is_rate ? "GB/s" : "us"},
            {"median", shown(figures.median())},
            {"min", shown(is_rate ? figures.slowest() : figures.fastest())},
            {"max", shown(is_rate ? figures.fastest() : figures.slowest())},
            {"rounds", figures.seconds.size()}};
}

Result<void> print_objects(const Messages& messages, const BenchSetting& setting, const Ways& ways,
                           const Results& results) {
    std::vector<nlohmann::json> objects;
    objects.push_back({{"event", "machine"},
                       {"system", system_label()},
                       {"processors", std::thread::hardware_concurrency()},
                       {"hash", std::string("xxh3 with ") + std::string(hash_simd_name())},
                       {"folder", setting.folder}});
    for (std::size_t i = 0; i < ways.size(); ++i)
        objects.push_back(
            row("doctor-bulk", ways[i]->name(), results.bulk, results.bulk.ways[i], true));
    for (std::size_t i = 0; i < ways.size(); ++i)
        objects.push_back(
            row("doctor-small", ways[i]->name(), results.small, results.small.ways[i], false));
    objects.push_back({{"event", "verdict"}, {"message", verdict_of(ways, results)}});
    for (const nlohmann::json& object : objects)
        if (auto printed = messages.event(object); !printed) return printed;
    return {};
}

std::string range(double least, double most, int digits) {
    return fmt::format("({:.{}f} .. {:.{}f})", least, digits, most, digits);
}

Result<void> print_table(const BenchSetting& setting, const Ways& ways, const Results& results) {
    std::string text = fmt::format(
        "{}, {} processors, XXH3 with {}; files in {}; every byte hashed by both sides\n\n"
        "{:<30}{:>10}{:>20}{:>16}{:>20}\n{:<30}{:>10}{:>20}{:>16}{:>20}\n",
        system_label(), std::thread::hardware_concurrency(), hash_simd_name(), setting.folder, "",
        format_bytes(results.bulk.bytes), "", format_bytes(results.small.bytes), "", "", "GB/s",
        "(min .. max)", "us", "(min .. max)");
    for (std::size_t i = 0; i < ways.size(); ++i) {
        const Figures& bulk = results.bulk.ways[i];
        const Figures& small = results.small.ways[i];
        text += fmt::format(
            "{:<30}{:>10.2f}{:>20}{:>16.0f}{:>20}\n", ways[i]->name(),
            rate_of(results.bulk, bulk.median()),
            range(rate_of(results.bulk, bulk.slowest()), rate_of(results.bulk, bulk.fastest()), 2),
            small.median() * 1e6, range(small.fastest() * 1e6, small.slowest() * 1e6, 0));
    }
    text += fmt::format("\nverdict: {}\n", verdict_of(ways, results));
    return print(text);
}

}  // namespace

int run_bench(const Messages& messages, const BenchCommand& command, const std::atomic<int>& stop) {
    const BenchSetting setting = make_setting(command, stop);
    const auto ways = make_ways(setting);
    if (!ways) return messages.ended(ways.error());
    const auto results = measure_all(command, setting, *ways);
    if (!results) return messages.ended(results.error());
    return messages.ended(messages.json() ? print_objects(messages, setting, *ways, *results)
                                          : print_table(setting, *ways, *results));
}

}  // namespace mapferry::cli
