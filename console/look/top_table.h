// SPDX-License-Identifier: Apache-2.0
// The table of `top`: rows from two looks at the sections, their order, and their text. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mapferry/inspect.h"

namespace mapferry::cli {

// What was seen of all sections at one moment.
struct TopLook {
    double at_s = 0;  // of clock_s()
    std::vector<SectionReport> sections = {};
    std::vector<SectionAddress> unreadable = {};
};

// One section.
struct TopRow {
    std::string name;
    std::string mode;   // "?": the section can't be read
    std::string state;  // "writer died", or condition_of()
    std::uint64_t readers = 0;
    std::optional<double> frames_per_s = {};  // frames only, once there are two looks
    std::optional<double> bytes_per_s = {};
    std::optional<std::uint64_t> latency_ns = {};  // mean of the reader that waits longest
    std::uint64_t missed = 0;                      // by the readers of this moment
    std::uint64_t memory_bytes = 0;
    std::vector<ReaderReport> each_reader = {};
};

enum class TopColumn : std::uint8_t {
    kName,
    kMode,
    kState,
    kReaders,
    kFrames,
    kBytes,
    kLatency,
    kMissed,
    kMemory,
};

// Rates are those between the looks; a writer that came between them has none yet.
[[nodiscard]] std::vector<TopRow> top_rows(const TopLook& before, const TopLook& now);

// Words from A, numbers from the largest, what has none last; equals by their names.
void sort_rows(std::vector<TopRow>& rows, TopColumn column);
[[nodiscard]] TopColumn next_column(TopColumn column);
[[nodiscard]] std::string column_title(TopColumn column);

// A line of titles and one for each row, `columns` wide at most: what does not fit is left out from
// the right. Names of other processes are harmless in it.
[[nodiscard]] std::vector<std::string> top_lines(const std::vector<TopRow>& rows, int columns);

[[nodiscard]] nlohmann::json top_json(const std::vector<TopRow>& rows);

}  // namespace mapferry::cli
