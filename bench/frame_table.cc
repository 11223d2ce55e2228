#include "bench/frame_table.h"

#include <fmt/format.h>

#include "mapferry/hash.h"

namespace mapferry::bench {

std::string row_name(const FrameWay& way, std::size_t frame_bytes) {
    return fmt::format("{}/{}MiB", way.name, frame_bytes >> 20);
}

bool FrameTable::ReportContext(const Context& context) {
    fmt::print("{} processors at {:.1f} GHz, load {:.1f}; XXH3 with {}; times in us\n",
               context.cpu_info.num_cpus, context.cpu_info.cycles_per_second / 1e9,
               context.cpu_info.load_avg.empty() ? 0.0 : context.cpu_info.load_avg[0],
               hash_simd_name());
    return true;
}

void FrameTable::ReportRuns(const std::vector<Run>& runs) {
    for (const Run& run : runs) {
        if (run.run_type != Run::RT_Iteration) continue;
        Row& row = rows_[run.run_name.function_name];
        row.p50_us.push_back(run.counters.at("p50_us"));
        row.p99_us.push_back(run.counters.at("p99_us"));
        row.send_us.push_back(run.counters.at("send_p50_us"));
    }
}

void FrameTable::print_kind(const std::vector<FrameWay>& ways, std::span<const std::size_t> sizes,
                            Kind kind, const char* title) const {
    for (const std::size_t bytes : sizes) {
        fmt::print("\n{}, {} MiB\n{:<34}{:>10} {:>21}{:>10}{:>10}{:>8}\n", title, bytes >> 20, "",
                   "p50", "(min .. max)", "p99", "sender", "ratio");
        double first_us = 0;
        for (const FrameWay& way : ways) {
            const auto row = rows_.find(row_name(way, bytes));
            if (way.kind != kind || row == rows_.end()) continue;
            const auto& p50 = row->second.p50_us;
            if (first_us == 0) first_us = median(p50);
            fmt::print("{:<34}{:>10.1f} {:>21}{:>10.1f}{:>10.1f}{:>8.2f}\n", way.name, median(p50),
                       fmt::format("({:.1f} .. {:.1f})", quantile(p50, 0), quantile(p50, 1)),
                       median(row->second.p99_us), median(row->second.send_us),
                       median(p50) / first_us);
        }
    }
}

bool FrameTable::print(const std::vector<FrameWay>& ways,
                       std::span<const std::size_t> sizes) const {
    if (rows_.empty()) return false;
    fmt::print(
        "\np50, p99: medians of the rounds' own; min, max: of the rounds' p50; sender: what\n"
        "handing a frame over costs the sender; ratio: p50 to that of the first line.\n");
    print_kind(ways, sizes, Kind::kHandOver, "From one process to the other, in place");
    print_kind(ways, sizes, Kind::kCopy,
               "Copied from the sender's memory, until every byte is hashed");
    return true;
}

}  // namespace mapferry::bench
