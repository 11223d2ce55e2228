// SPDX-License-Identifier: Apache-2.0
// The charts' axes, order, colours and labels.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <regex>
#include <string>
#include <vector>

#include "bench/chart_scale.h"
#include "bench/chart_style.h"
#include "bench/charts.h"

namespace mapferry::bench {

namespace {

const Machine kMachine = {.cpu = "a processor",
                          .processors = 2,
                          .memory_bytes = std::uint64_t{24} << 30,
                          .kernel = "Linux 6.18",
                          .compiler = "g++ 12.2.0",
                          .distribution = "Debian GNU/Linux 12 (bookworm)"};

Row row_of(const std::string& case_name, const std::string& way, double median,
           const std::string& unit = "GB/s") {
    return {.question = "files",
            .case_name = case_name,
            .way = way,
            .verified = true,
            .unit = unit,
            .median = median,
            .min = median * 0.8,
            .max = median * 1.25,
            .rounds = 7};
}

// A text of a chart, and the largest space that it may take.
struct Text {
    std::string words;
    double left;
    double right;
    double y;
};

std::vector<Text> texts_of(const std::string& svg) {
    static const std::regex kText(
        "<text x=\"([0-9.]+)\" y=\"([0-9.]+)\" font-size=\"([0-9.]+)\" text-anchor=\"(\\w+)\""
        "( font-weight=\"bold\")?[^>]*>([^<]*)</text>");
    std::vector<Text> texts;
    for (std::sregex_iterator found(svg.begin(), svg.end(), kText), end; found != end; ++found) {
        const std::smatch& match = *found;
        const double x = std::stod(match[1]);
        const double width = text_width(
            match[6].str(), {.size = std::stod(match[3]),
                             .weight = match[5].matched ? Weight::kBold : Weight::kNormal});
        const double before = match[4] == "start" ? 0 : match[4] == "end" ? width : width / 2;
        texts.push_back({match[6], x - before, x - before + width, std::stod(match[2])});
    }
    return texts;
}

std::vector<std::string> words_of(const std::string& svg) {
    std::vector<std::string> words;
    for (const Text& text : texts_of(svg))
        words.push_back(text.words);
    return words;
}

std::ptrdiff_t place_in(const std::vector<std::string>& words, const std::string& wanted) {
    const auto found = std::ranges::find(words, wanted);
    return found == words.end() ? -1 : found - words.begin();
}

std::string dots(const std::vector<Row>& rows) {
    return dot_chart(grouped(rows).front(), kMachine);
}

std::string curves(const std::vector<Row>& rows) {
    return curve_chart("files by size", grouped(rows).front(), kMachine);
}

// Three ways at four sizes, close to each other at the largest.
std::vector<Row> rows_by_size() {
    std::vector<Row> rows;
    for (const char* const way :
         {"cat | cat", "mapferry", "a way whose name is quite a long one"}) {
        double median = 0.003;
        for (const char* const size : {"4 KiB", "64 KiB", "1 MiB", "1 GiB"})
            rows.push_back(row_of(std::string(size) + ", tmpfs, discarded", way, median *= 6));
    }
    return rows;
}

TEST(ChartScale, IsLogarithmicBeyondADecade) {
    EXPECT_EQ(scale_kind({1, 10}), ScaleKind::kLinear);
    EXPECT_EQ(scale_kind({1, 10.1}), ScaleKind::kLog);
    EXPECT_EQ(scale_kind({0, 10.1}), ScaleKind::kLinear);
}

TEST(ChartScale, ALinearAxisGoesFromZeroToAMark) {
    const Scale scale(ScaleKind::kLinear, {0.4, 4.7}, {100, 600});
    EXPECT_EQ(scale.marks(), (std::vector<double>{0, 1, 2, 3, 4, 5}));
    EXPECT_DOUBLE_EQ(scale.at(0), 100);
    EXPECT_DOUBLE_EQ(scale.at(2.5), 350);
    EXPECT_DOUBLE_EQ(scale.at(5), 600);
}

TEST(ChartScale, ALogarithmicAxisHoldsAllValues) {
    const Scale narrow(ScaleKind::kLog, {0.3, 12}, {0, 100});
    ASSERT_EQ(narrow.marks().size(), 7U);
    EXPECT_NEAR(narrow.marks().front(), 0.2, 1e-9);
    EXPECT_NEAR(narrow.marks().back(), 20, 1e-9);
    EXPECT_NEAR(narrow.at(2), 50, 1e-9);

    const Scale wide(ScaleKind::kLog, {0.0025, 17}, {0, 100});
    EXPECT_NEAR(wide.at(0.002), 0, 1e-9);
    EXPECT_NEAR(wide.at(20), 100, 1e-9);
    std::vector<std::string> texts;
    for (const double mark : wide.marks())
        texts.push_back(mark_text(mark));
    EXPECT_EQ(texts, (std::vector<std::string>{"0.01", "0.1", "1", "10"}));
}

TEST(ChartScale, NothingIsNoEndlessAxis) {
    const Scale log(ScaleKind::kLog, {0, 12}, {0, 100});
    EXPECT_LT(log.marks().size(), 15U);
    EXPECT_DOUBLE_EQ(log.at(0), 0);
    EXPECT_DOUBLE_EQ(Scale(ScaleKind::kLinear, {0, 0}, {0, 100}).at(0), 0);
}

TEST(ChartScale, NumbersHaveCommas) {
    EXPECT_EQ(with_commas("999"), "999");
    EXPECT_EQ(with_commas("15675"), "15,675");
    EXPECT_EQ(with_commas("1234567.25"), "1,234,567.25");
    EXPECT_EQ(with_commas("0.0625"), "0.0625");
}

TEST(ChartOrder, OursComeFirstThenRivalsTheBestFirst) {
    const auto words = words_of(
        dots({row_of("1 GiB", "pipe", 1), row_of("1 GiB", "cat | cat", 3),
              row_of("1 GiB", "mapferry", 2), row_of("1 GiB", "mapferry --in-place", 2.5)}));
    EXPECT_LT(place_in(words, "mapferry --in-place"), place_in(words, "mapferry"));
    EXPECT_LT(place_in(words, "mapferry"), place_in(words, "cat | cat"));
    EXPECT_LT(place_in(words, "cat | cat"), place_in(words, "pipe"));
}

TEST(ChartOrder, OfTimesTheLeastIsTheBest) {
    const auto words =
        words_of(dots({row_of("4 KiB", "pipe", 1, "ms"), row_of("4 KiB", "cat | cat", 3, "ms"),
                       row_of("4 KiB", "mapferry", 2, "ms")}));
    EXPECT_LT(place_in(words, "mapferry"), place_in(words, "pipe"));
    EXPECT_LT(place_in(words, "pipe"), place_in(words, "cat | cat"));
    EXPECT_GE(place_in(words, "ms, less is better \u2190"), 0);
}

TEST(ChartLabels, AreNeverCut) {
    std::vector<Row> rows = rows_by_size();
    for (const std::string& svg : {dots(rows), curves(rows)}) {
        const auto texts = texts_of(svg);
        ASSERT_GT(texts.size(), 15U);
        for (const Text& text : texts) {
            EXPECT_GE(text.left, 0) << text.words;
            EXPECT_LE(text.right, kChartWidth) << text.words;
        }
    }
}

// The labels are those of curves in their legend, and of marks at an axis of large numbers.
TEST(ChartLabels, DoNotOverlap) {
    std::vector<Row> rows = rows_by_size();
    for (const char* const way : {"pipe of 1 MiB", "one more name that is rather long", "cp"})
        for (const char* const size : {"4 KiB", "64 KiB", "1 MiB"})
            rows.push_back(row_of(std::string(size) + ", tmpfs, discarded", way, 1));
    const std::string times =
        dots({row_of("33 MiB", "mapferry", 2'500, "us"), row_of("33 MiB", "pipe", 160'000, "us")});
    for (const std::string& svg : {curves(rows), times}) {
        const auto texts = texts_of(svg);
        for (std::size_t i = 0; i < texts.size(); ++i)
            for (std::size_t j = i + 1; j < texts.size(); ++j)
                EXPECT_FALSE(texts[i].y == texts[j].y && texts[i].left < texts[j].right &&
                             texts[j].left < texts[i].right)
                    << texts[i].words << " over " << texts[j].words;
    }
}

TEST(ChartLabels, MarksAreTheSizesThatWereMeasured) {
    const auto words = words_of(curves(rows_by_size()));
    for (const char* const size : {"4 KiB", "64 KiB", "1 MiB", "1 GiB"})
        EXPECT_EQ(std::ranges::count(words, size), 1) << size;
    EXPECT_EQ(std::ranges::count(words, "16 MiB"), 0);
    EXPECT_EQ(std::ranges::count(words, "GB/s (logarithmic axis), more is better \u2191"), 1);
}

TEST(ChartLabels, WhatSvgWouldTakeForATagIsEscaped) {
    const std::string svg = dots({row_of("a < b & c", "mapferry", 1)});
    EXPECT_NE(svg.find("a &lt; b &amp; c"), std::string::npos);
}

TEST(ChartStyle, EachWayLooksTheSameInEveryChart) {
    EXPECT_EQ(side_of("mapferry --in-place"), Side::kOurs);
    EXPECT_EQ(side_of("cat | cat"), Side::kRival);
    const std::string ours = "fill=\"" + std::string(style_of("mapferry copy").colour) + "\"";
    EXPECT_NE(dots(rows_by_size()).find(ours), std::string::npos);
    EXPECT_NE(curves(rows_by_size()).find(ours), std::string::npos);
    EXPECT_EQ(style_of("pipe of 1 MiB").colour, style_of("pipes of 1 MiB").colour);
    EXPECT_NE(style_of("pipe of 1 MiB").colour, style_of("pipe").colour);
    EXPECT_NE(style_of("cp").dash, style_of("cp and mv").dash);
}

TEST(ChartPlace, IsASizeOrANumberOfReaders) {
    const auto size = place_of("64 KiB, tmpfs, replaced");
    ASSERT_TRUE(size);
    EXPECT_EQ(size->at, 65536);
    EXPECT_EQ(size->mark, "64 KiB");
    EXPECT_EQ(size->panel, "tmpfs, replaced");
    const auto readers = place_of("256 MiB, 8 readers");
    ASSERT_TRUE(readers);
    EXPECT_EQ(readers->at, 8);
    EXPECT_EQ(readers->panel, "256 MiB");
    EXPECT_EQ(place_of("256 MiB, 1 reader")->mark, "1");
    EXPECT_FALSE(place_of("100,000 payloads of 4 KiB"));
    EXPECT_FALSE(place_of("copy"));
}

TEST(CurveChart, TakesWaysThatWereMeasuredAtThreeSizes) {
    std::vector<Row> rows = rows_by_size();
    rows.push_back(row_of("1 GiB, tmpfs, discarded", "splice", 2));
    EXPECT_EQ(place_in(words_of(curves(rows)), "splice"), -1);
    EXPECT_EQ(curves({row_of("1 GiB, tmpfs, discarded", "mapferry", 2)}), "");
}

}  // namespace

}  // namespace mapferry::bench
