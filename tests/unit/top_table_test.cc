// SPDX-License-Identifier: Apache-2.0
// The table of `top`: rates, order, text, and names that other users chose.
#include "console/look/top_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "console/section_report_text.h"

namespace mapferry::cli {
namespace {

SectionReport camera(const std::string& name, std::uint64_t frames) {
    SectionReport report;
    report.address.name = name;
    report.section.delivery = Delivery::kLatest;
    report.epoch = 1;
    report.state = SectionState::kOpen;
    report.writer_alive = true;
    report.published = frames;
    report.payload_bytes = frames * 1'000'000;
    report.used_bytes = 8 << 20;
    return report;
}

ReaderReport reader(std::uint64_t missed, std::optional<std::uint64_t> latency_ns) {
    return {.admitted = true,
            .figures = {.frames_taken = 10,
                        .frames_missed = missed,
                        .latency_ns = latency_ns,
                        .latency_mean_ns = latency_ns}};
}

std::vector<std::string> names(const std::vector<TopRow>& rows) {
    std::vector<std::string> found;
    found.reserve(rows.size());
    for (const TopRow& row : rows)
        found.push_back(row.name);
    return found;
}

using Names = std::vector<std::string>;

TEST(TopRows, RatesAreThoseBetweenTheLooks) {
    const auto rows = top_rows({.at_s = 10, .sections = {camera("cam", 100)}},
                               {.at_s = 12, .sections = {camera("cam", 160)}});
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_DOUBLE_EQ(rows[0].frames_per_s.value_or(0), 30);
    EXPECT_DOUBLE_EQ(rows[0].bytes_per_s.value_or(0), 30e6);
}

TEST(AgeText, OfAnyMomentIsANumber) {
    EXPECT_EQ(age_text(std::numeric_limits<std::int64_t>::max()), "0 s");
    EXPECT_TRUE(age_text(std::numeric_limits<std::int64_t>::min()).ends_with(" d"));
}

TEST(TopRows, NewSectionHasNoRatesYet) {
    const auto rows = top_rows({.at_s = 10}, {.at_s = 11, .sections = {camera("cam", 160)}});
    EXPECT_FALSE(rows.at(0).frames_per_s);
    EXPECT_FALSE(rows.at(0).bytes_per_s);
}

TEST(TopRows, AnotherWriterUnderTheNameHasNoRatesYet) {
    SectionReport restarted = camera("cam", 200);
    restarted.epoch = 2;
    const auto rows = top_rows({.at_s = 10, .sections = {camera("cam", 100)}},
                               {.at_s = 11, .sections = {restarted}});
    EXPECT_FALSE(rows.at(0).frames_per_s);
}

TEST(TopRows, CountThatGoesDownIsNoRate) {
    const auto rows = top_rows({.at_s = 10, .sections = {camera("cam", 100)}},
                               {.at_s = 11, .sections = {camera("cam", 1)}});
    EXPECT_EQ(rows.at(0).frames_per_s, 0.0);
}

TEST(TopRows, FilesHaveNoFrames) {
    SectionReport files = camera("files", 100);
    files.section.delivery = Delivery::kStream;
    const auto rows =
        top_rows({.at_s = 10, .sections = {files}}, {.at_s = 11, .sections = {files}});
    EXPECT_FALSE(rows.at(0).frames_per_s);
    EXPECT_EQ(rows.at(0).bytes_per_s, 0.0);
}

TEST(TopRows, LatencyIsThatOfTheReaderThatWaitsLongest) {
    SectionReport report = camera("cam", 1);
    report.readers = {reader(1, 5000), reader(2, 70'000), reader(4, std::nullopt)};
    const auto rows = top_rows({}, {.sections = {report}});
    EXPECT_EQ(rows.at(0).latency_ns, 70'000u);
    EXPECT_EQ(rows.at(0).missed, 7u);
    EXPECT_EQ(rows.at(0).readers, 3u);
}

TEST(TopRows, DeadWriterIsToldAndUnreadableSectionsStay) {
    SectionReport dead = camera("dead", 1);
    dead.dead = true;
    const auto rows = top_rows({}, {.sections = {dead}, .unreadable = {{.name = "odd"}}});
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].state, "writer died");
    EXPECT_EQ(rows[1].state, "unreadable");
}

TEST(TopRows, SortedByEachColumnInTurn) {
    std::vector<TopRow> rows{
        {.name = "b", .mode = "keep", .state = "kept", .readers = 1, .memory_bytes = 5},
        {.name = "c", .mode = "latest", .state = "dead", .frames_per_s = 9, .missed = 3},
        {.name = "a", .mode = "latest", .state = "streaming", .frames_per_s = 30, .latency_ns = 7},
    };
    const auto sorted_by = [&rows](TopColumn column) {
        sort_rows(rows, column);
        return names(rows);
    };
    EXPECT_EQ(sorted_by(TopColumn::kName), (Names{"a", "b", "c"}));
    EXPECT_EQ(sorted_by(TopColumn::kMode), (Names{"b", "a", "c"}));
    EXPECT_EQ(sorted_by(TopColumn::kState), (Names{"c", "b", "a"}));
    EXPECT_EQ(sorted_by(TopColumn::kReaders), (Names{"b", "a", "c"}));
    EXPECT_EQ(sorted_by(TopColumn::kFrames), (Names{"a", "c", "b"}));
    EXPECT_EQ(sorted_by(TopColumn::kBytes), (Names{"a", "b", "c"})) << "none: by name";
    EXPECT_EQ(sorted_by(TopColumn::kLatency), (Names{"a", "b", "c"}));
    EXPECT_EQ(sorted_by(TopColumn::kMissed), (Names{"c", "a", "b"}));
    EXPECT_EQ(sorted_by(TopColumn::kMemory), (Names{"b", "a", "c"}));
}

TEST(TopRows, ColumnsFollowEachOtherInACircle) {
    TopColumn column = TopColumn::kName;
    Names titles;
    for (int i = 0; i < 10; ++i) {
        titles.push_back(column_title(column));
        column = next_column(column);
    }
    EXPECT_EQ(column, TopColumn::kName);
    EXPECT_EQ(titles, (Names{"NAME", "MODE", "STATE", "READERS", "FRAMES/S", "MB/S", "LATENCY",
                             "MISSED", "MEMORY", "WHAT"}));
}

std::vector<TopRow> one_camera() {
    return {{.name = "cam",
             .mode = "latest",
             .state = "streaming",
             .readers = 2,
             .frames_per_s = 29.97,
             .bytes_per_s = 186.6e6,
             .latency_ns = 45'300,
             .missed = 12,
             .memory_bytes = 8 << 20}};
}

TEST(TopLines, StandInColumns) {
    EXPECT_EQ(top_lines(one_camera(), 120),
              (Names{"NAME          MODE    STATE                READERS  FRAMES/S      MB/S   "
                     "LATENCY    MISSED     MEMORY",
                     "cam           latest  streaming                  2      30.0     186.6   "
                     "45.3 us        12    8.0 MiB"}));
}

TEST(TopLines, WideTerminalHasWhatTheFramesAre) {
    std::vector<TopRow> rows = one_camera();
    rows[0].image = describe_raw_image(640, 480, "BGR24").value();
    rows[0].facts.frame_rate = {.numerator = 30000, .denominator = 1001};
    EXPECT_TRUE(top_lines(rows, 160)[0].ends_with("   MEMORY  WHAT"));
    EXPECT_TRUE(top_lines(rows, 160)[1].ends_with("  640x480 BGR24, 30000/1001 frames/s"));
    rows[0].tensor = describe_tensor("float32", std::array<std::uint64_t, 2>{3, 4}).value();
    EXPECT_TRUE(top_lines(rows, 160)[1].ends_with("  float32 [3, 4], 30000/1001 frames/s"));
}

TEST(TopLines, NarrowTerminalHasFewerColumnsAndNeverLongerLines) {
    EXPECT_EQ(top_lines(one_camera(), 50),
              (Names{"NAME          MODE    STATE                READERS",
                     "cam           latest  streaming                  2"}));
    for (int columns = 1; columns < 110; ++columns)
        for (const std::string& line : top_lines(one_camera(), columns))
            EXPECT_LE(line.size(), static_cast<std::size_t>(columns)) << line;
}

TEST(TopLines, LongNamesAreCut) {
    std::vector<TopRow> rows = one_camera();
    rows[0].name = std::string(64, 'n');
    EXPECT_EQ(top_lines(rows, 40)[1], std::string(23, 'n') + "~  latest");
}

TEST(TopLines, NamesOfOthersAreHarmless) {
    std::vector<TopRow> rows = one_camera();
    rows[0].name = "a\x1b[2Jb\nc";
    EXPECT_EQ(top_lines(rows, 14)[1], "a\\x1b[2Jb\\nc");
}

TEST(TopJson, TellsWhatIsKnownAndNothingElse) {
    const auto json = top_json(top_rows({}, {.sections = {camera("cam", 1)}}));
    ASSERT_EQ(json.size(), 1u);
    EXPECT_EQ(json[0].at("name"), "cam");
    EXPECT_EQ(json[0].at("state"), "streaming");
    EXPECT_FALSE(json[0].contains("frames_per_second"));
    EXPECT_FALSE(json[0].contains("latency_ns"));
}

}  // namespace
}  // namespace mapferry::cli
