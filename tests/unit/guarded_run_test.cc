// SPDX-License-Identifier: Apache-2.0
// Failures that end a program before, or where, no message can be built: as text and as JSON.
#include "cli/guarded_run.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace mapferry::cli {
namespace {

Format wanted(std::vector<std::string> words) {
    std::vector<char*> texts;
    texts.reserve(words.size());
    for (std::string& word : words)
        texts.push_back(word.data());
    return wanted_format(texts);
}

class GuardedRun : public ::testing::Test {
  protected:
    void TearDown() override { set_failure_format(Format::kText); }

    // The report of such a failure.
    template <typename Run>
    [[nodiscard]] static std::string said_of(int code, const Run& run) {
        ::testing::internal::CaptureStderr();
        EXPECT_EQ(run_guarded("program", run), code);
        return ::testing::internal::GetCapturedStderr();
    }
};

TEST_F(GuardedRun, JsonIsWantedWhereItStandsAmongTheOptions) {
    EXPECT_EQ(wanted({"program", "--json", "x"}), Format::kJson);
    EXPECT_EQ(wanted({"program", "ls", "--json=yes"}), Format::kJson);
    EXPECT_EQ(wanted({"program"}), Format::kText);
    EXPECT_EQ(wanted({"program", "--jsonx", "json"}), Format::kText);
    EXPECT_EQ(wanted({"program", "--exec", "--", "command", "--json"}), Format::kText);
}

TEST_F(GuardedRun, OutOfMemoryIsALineOrAnEvent) {
    const auto run = []() -> int { throw std::bad_alloc(); };
    EXPECT_EQ(said_of(71, run), "program: error: out of memory\n");
    set_failure_format(Format::kJson);
    const std::string said = said_of(71, run);
    EXPECT_TRUE(said.ends_with("}\n")) << said;
    const auto event = nlohmann::json::parse(said);
    EXPECT_EQ(event, nlohmann::json({{"event", "error"},
                                     {"code", 71},
                                     {"cause", "out-of-memory"},
                                     {"message", "out of memory"}}));
}

TEST_F(GuardedRun, CauseOfAnyCharactersStaysJson) {
    set_failure_format(Format::kJson);
    const std::string said =
        said_of(71, []() -> int { throw std::runtime_error("a \"quoted\\\" word\n\xff\x1b[2J"); });
    EXPECT_EQ(nlohmann::json::parse(said).at("message"), "a \"quoted\\\" word ??[2J");
}

}  // namespace
}  // namespace mapferry::cli
