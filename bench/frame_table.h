// What the frames' benchmark prints: for each way and size the median of the rounds, and the
// smallest and largest round.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <span>
#include <string>
#include <vector>

#include "bench/frame_way.h"
#include "bench/quantiles.h"

namespace mapferry::bench {

[[nodiscard]] std::string row_name(const FrameWay& way, std::size_t frame_bytes);

// Gathers the rounds as they come.
class FrameTable : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context& context) override;
    void ReportRuns(const std::vector<Run>& runs) override;
    // False when no way was run.
    bool print(const std::vector<FrameWay>& ways, std::span<const std::size_t> sizes) const;

  private:
    struct Row {
        Samples p50_us, p99_us, send_us;
    };
    void print_kind(const std::vector<FrameWay>& ways, std::span<const std::size_t> sizes,
                    Kind kind, const char* title) const;
    std::map<std::string, Row> rows_;
};

}  // namespace mapferry::bench
