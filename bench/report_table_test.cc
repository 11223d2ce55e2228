// SPDX-License-Identifier: Apache-2.0
// What the table says beside the figures: the machine's processors and the options of each way.
#include <gtest/gtest.h>

#include <string>

#include "bench/report.h"

namespace mapferry::bench {

namespace {

const Machine kMachine = {.cpu = "a processor", .processors = 2};

Row row_of(const std::string& case_name, bool verified, const std::string& options) {
    return {.question = "frames-paced",
            .case_name = case_name,
            .way = "mapferry copy",
            .verified = verified,
            .unit = "us",
            .rounds = 7,
            .options = options};
}

std::size_t count_of(const std::string& text, const std::string& words) {
    std::size_t count = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
        ++count;
    return count;
}

std::string table_of(const std::vector<Row>& rows) {
    return table_text({.machine = kMachine, .results = {.rows = rows}});
}

TEST(TableText, HasTheOptionsOfAWayOnceForAllItsCases) {
    const std::string text =
        table_of({row_of("1 MiB", true, "defaults"), row_of("1 MiB", false, "defaults"),
                  row_of("8 MiB", true, "defaults"), row_of("33 MiB", true, "tuned: 2 slots")});
    EXPECT_EQ(count_of(text, "  mapferry copy, options: defaults\n"), 1u);
    EXPECT_EQ(count_of(text, "  mapferry copy, options: tuned: 2 slots\n"), 1u);
}

TEST(TableText, IsSilentAboutOptionsThatAWayDoesNotHave) {
    EXPECT_EQ(count_of(table_of({row_of("1 MiB", true, "")}), "options"), 0u);
}

TEST(MachineLine, SaysWhenARunWasKeptToFewerProcessors) {
    Machine machine = kMachine;
    EXPECT_EQ(count_of(machine_line(machine), "kept"), 0u);
    machine.usable_processors = 2;
    EXPECT_EQ(count_of(machine_line(machine), "kept"), 0u);
    machine.usable_processors = 1;
    EXPECT_EQ(count_of(machine_line(machine), "2 processors (all processes kept to 1), "), 1u);
}

}  // namespace

}  // namespace mapferry::bench
