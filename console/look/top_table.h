// SPDX-License-Identifier: Apache-2.0
// The table of `top`: rows from two looks at the sections, their order, and their text. All
// functions are pure.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mapferry/inspect.h"

namespace mapferry::cli {

// The reports on all sections at one moment.
struct TopLook {
    double at_s = 0;  // from clock_s()
    std::vector<SectionReport> sections = {};
    std::vector<SectionAddress> unreadable = {};
};

// One section.
struct TopRow {
    std::string name;
    std::string mode;   // "?": the section can't be read
    std::string state;  // "writer died", or condition_of()
    std::uint64_t readers = 0;
    std::optional<double> frames_per_s = {};  // only for frames, and after two looks
    std::optional<double> bytes_per_s = {};
    std::optional<std::uint64_t> latency_ns = {};  // the largest mean of a reader
    std::uint64_t missed = 0;                      // by the readers that are there now
    std::uint64_t memory_bytes = 0;
    std::vector<ReaderReport> each_reader = {};
    // Frames: what they and their stream say of themselves.
    std::optional<ImageDescription> image = {};
    std::optional<TensorDescription> tensor = {};
    StreamFacts facts = {};
    std::string description = {};
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
    kWhat,
};

// Rates count from the first look to the second. A section that was created between the looks has
// no rate yet.
[[nodiscard]] std::vector<TopRow> top_rows(const TopLook& before, const TopLook& now);

// Sorts words from A and numbers from the largest. Rows without a number come last, and equal rows
// are sorted by their names.
void sort_rows(std::vector<TopRow>& rows, TopColumn column);
[[nodiscard]] TopColumn next_column(TopColumn column);
[[nodiscard]] std::string column_title(TopColumn column);

// A line of titles and one for each row, at most `columns` wide: columns that do not fit are left
// out from the right. Names that other processes chose are escaped.
[[nodiscard]] std::vector<std::string> top_lines(const std::vector<TopRow>& rows, int columns);

[[nodiscard]] nlohmann::json top_json(const std::vector<TopRow>& rows);

}  // namespace mapferry::cli
