// SPDX-License-Identifier: Apache-2.0
// The comparison of two runs: the verdicts, and what the report says of them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bench/report_compare.h"

namespace mapferry::bench {

namespace {

const Machine kMachine = {
    .cpu = "a processor", .processors = 2, .kernel = "Linux 6.18", .compiler = "g++ 12.2.0"};

Row figure(const std::string& unit, double median, double min, double max) {
    return {.question = "small",
            .case_name = "100,000 payloads of 64 B",
            .way = "mapferry stream",
            .verified = true,
            .unit = unit,
            .median = median,
            .min = min,
            .max = max,
            .rounds = 9};
}

Row named(Row row, const std::string& question, const std::string& way) {
    row.question = question;
    row.way = way;
    return row;
}

std::string compared(const std::vector<Row>& before, const std::vector<Row>& now,
                     const Machine& now_machine = kMachine) {
    return compare_text({.machine = kMachine, .results = {.rows = before}},
                        {.machine = now_machine, .results = {.rows = now}});
}

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

// The part of `text` that begins with `from`.
std::string since(const std::string& text, const std::string& from) {
    const auto at = text.find(from);
    return at == std::string::npos ? "" : text.substr(at);
}

TEST(CompareVerdict, FollowsTheDirectionOfTheUnit) {
    for (const char* const unit : {"GB/s", "payloads/s", "%"}) {
        const Row low = figure(unit, 10, 9, 11);
        const Row high = figure(unit, 20, 19, 21);
        EXPECT_EQ(verdict_of(low, high), Verdict::kFaster) << unit;
        EXPECT_EQ(verdict_of(high, low), Verdict::kSlower) << unit;
    }
    for (const char* const unit : {"us", "ms", "MiB", "ms per GiB"}) {
        const Row low = figure(unit, 10, 9, 11);
        const Row high = figure(unit, 20, 19, 21);
        EXPECT_EQ(verdict_of(low, high), Verdict::kSlower) << unit;
        EXPECT_EQ(verdict_of(high, low), Verdict::kFaster) << unit;
    }
}

TEST(CompareVerdict, IsTheSameWhereTheRangesOverlap) {
    const Row before = figure("GB/s", 10, 9, 15);
    EXPECT_EQ(verdict_of(before, figure("GB/s", 20, 14, 21)), Verdict::kSame);
    EXPECT_EQ(verdict_of(before, figure("GB/s", 20, 15, 21)), Verdict::kSame);  // they touch
    EXPECT_EQ(verdict_of(before, figure("GB/s", 20, 15.1, 21)), Verdict::kFaster);
    EXPECT_EQ(verdict_of(before, figure("GB/s", 5, 4, 9)), Verdict::kSame);
    EXPECT_EQ(verdict_of(before, figure("GB/s", 5, 4, 8.9)), Verdict::kSlower);
    // One range within the other.
    EXPECT_EQ(verdict_of(before, figure("GB/s", 12, 11, 13)), Verdict::kSame);
}

TEST(CompareVerdict, IsTheSameUpToFivePercent) {
    const Row before = figure("GB/s", 100, 99.9, 100.1);
    EXPECT_EQ(verdict_of(before, figure("GB/s", 105, 104.9, 105.1)), Verdict::kSame);
    EXPECT_EQ(verdict_of(before, figure("GB/s", 105.2, 105.1, 105.3)), Verdict::kFaster);
    EXPECT_EQ(verdict_of(before, figure("GB/s", 96, 95.9, 96.1)), Verdict::kSame);
    EXPECT_EQ(verdict_of(before, figure("GB/s", 95, 94.9, 95.1)), Verdict::kSlower);
}

TEST(CompareVerdict, OfNothingThereIsNone) {
    const Row nothing = figure("MiB", 0, 0, 0);
    EXPECT_EQ(verdict_of(nothing, figure("MiB", 5, 4, 6)), Verdict::kSame);
    EXPECT_EQ(verdict_of(figure("MiB", 5, 4, 6), nothing), Verdict::kSame);
}

TEST(CompareText, HasBothFiguresTheRatioAndTheVerdict) {
    const std::string text = compared(
        {figure("ms", 2, 1.9, 2.1), named(figure("GB/s", 5, 4, 6), "files", "mapferry")},
        {figure("ms", 3, 2.9, 3.2), named(figure("GB/s", 5.5, 5, 7), "files", "mapferry")});
    const std::string small = since(text, "\nsmall\n");
    EXPECT_TRUE(has(small, "100,000 payloads of 64 B")) << text;
    EXPECT_TRUE(has(small, "before, ms")) << text;
    EXPECT_TRUE(has(small, "mapferry stream, verified")) << text;
    EXPECT_TRUE(has(small, "2.00 (1.90 .. 2.10)")) << text;
    EXPECT_TRUE(has(small, "3.00 (2.90 .. 3.20)")) << text;
    EXPECT_TRUE(has(small, "1.50x slower   slower\n")) << text;
    EXPECT_TRUE(has(since(text, "\nfiles\n"), "1.10x faster   same\n")) << text;
    EXPECT_TRUE(has(text, "\n2 rows: 0 faster, 1 slower, 1 same\n")) << text;
    EXPECT_FALSE(has(text, "only ")) << text;
    EXPECT_FALSE(has(text, "machines")) << text;
    EXPECT_FALSE(has(text, "one round")) << text;
}

TEST(CompareText, IsAboutOurOwnWays) {
    const Row pipe = named(figure("GB/s", 5, 4, 6), "files", "pipe");
    EXPECT_TRUE(has(compared({pipe}, {pipe}), "no row of mapferry's ways is in both"));
}

TEST(CompareText, VerifiedAndUnverifiedAreDifferentRows) {
    const Row verified = figure("GB/s", 5, 4, 6);
    Row unverified = figure("GB/s", 10, 9, 11);
    unverified.verified = false;
    const std::string text = compared({verified, unverified}, {verified});
    EXPECT_TRUE(has(text, "\n1 row: 0 faster, 0 slower, 1 same\n")) << text;
    EXPECT_EQ(since(text, "\nonly"),
              "\nonly before\n  small/100,000 payloads of 64 B/mapferry stream, unverified\n");
}

TEST(CompareText, AQuestionOfOneSideIsOneLine) {
    const Row small = figure("GB/s", 5, 4, 6);
    const Row file = named(small, "files", "mapferry");
    const Row other_file = named(small, "files", "mapferry --in-place");
    const Row start = named(figure("ms", 5, 4, 6), "start", "mapferry");
    const std::string text = compared({small, file, other_file}, {small, start});
    EXPECT_EQ(since(text, "\nonly"),
              "\nonly before\n  files: all of it, 2 rows\n"
              "\nonly now\n  start: all of it, 1 row\n");
}

// A figure in another unit can't be compared.
TEST(CompareText, ARowWithAnotherUnitIsAnotherRow) {
    const std::string text = compared({figure("us", 5, 4, 6)}, {figure("ms", 5, 4, 6)});
    EXPECT_TRUE(has(text, "no row of mapferry's ways is in both")) << text;
    EXPECT_TRUE(has(text, "only before\n  small/100,000")) << text;
    EXPECT_TRUE(has(text, "only now\n  small/100,000")) << text;
}

TEST(CompareText, SaysWhichRowsHadOneRound) {
    Row row = figure("GB/s", 5, 5, 5);
    row.rounds = 1;
    EXPECT_TRUE(has(compared({figure("GB/s", 4, 3, 4.5)}, {row}), "\n1 of them had one round"));
}

TEST(CompareText, NamesWhatDiffersBetweenTheMachines) {
    Machine other = kMachine;
    other.processors = 16;
    other.kernel = "Linux 6.19";
    other.memory_bytes = 1;  // no reason for another speed
    const Row row = figure("GB/s", 5, 4, 6);
    EXPECT_EQ(since(compared({row}, {row}, other), "\nthe machines"),
              "\nthe machines differ: processors 2 before, 16 now; "
              "kernel Linux 6.18 before, Linux 6.19 now\n");
    other = kMachine;
    other.usable_processors = 1;
    EXPECT_EQ(since(compared({row}, {row}, other), "\nthe machines"),
              "\nthe machines differ: usable processors 0 before, 1 now\n");
    other = kMachine;
    other.usable_processors = 2;  // all of them
    EXPECT_EQ(since(compared({row}, {row}, other), "\nthe machines"), "");
    other = kMachine;
    other.cpu = "another one";
    other.compiler = "g++ 14.2.0";
    EXPECT_EQ(since(compared({row}, {row}, other), "\nthe machines"),
              "\nthe machines differ: cpu a processor before, another one now; "
              "compiler g++ 12.2.0 before, g++ 14.2.0 now\n");
}

TEST(CompareText, TellsHowTheRivalsOfACaseHaveChanged) {
    const Row own = figure("payloads/s", 10, 9, 11);
    const auto rival = [](const std::string& way, double median) {
        return named(figure("payloads/s", median, median - 1, median + 1), "small", way);
    };
    const std::string text =
        compared({own, rival("pipe", 8), rival("cat | cat", 6), rival("Unix stream socket", 9)},
                 {own, rival("pipe", 4), rival("cat | cat", 6), rival("Unix stream socket", 3)});
    EXPECT_TRUE(has(since(text, "other ways, median of 3 figures"), "2.00x slower")) << text;
    EXPECT_FALSE(has(compared({own}, {own}), "other ways"));
}

}  // namespace

}  // namespace mapferry::bench
