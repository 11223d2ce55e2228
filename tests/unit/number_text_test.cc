// SPDX-License-Identifier: Apache-2.0
#include "mapferry/detail/number_text.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace mapferry {
namespace {

TEST(NumberText, WholeNumberIsNothingElse) {
    EXPECT_EQ(whole_number<std::uint16_t>("65535"), 65535);
    EXPECT_EQ(whole_number<std::int64_t>("-7"), -7);
    for (const char* text : {"", " 1", "1 ", "+1", "0x1", "1.5", "65536", "-1", "a"})
        EXPECT_EQ(whole_number<std::uint16_t>(text), std::nullopt) << text;
}

TEST(NumberText, FractionIsReadInTheSameWayWhateverTheLibrary) {
    EXPECT_EQ(whole_number<double>("0.25"), 0.25);
    EXPECT_EQ(whole_number<double>("-12"), -12.0);
    EXPECT_EQ(whole_number<double>("1e3"), 1000.0);
    for (const char* text : {"", " 1", "1 ", "+1", "1,5", "1.5.2", "-", "a"})
        EXPECT_EQ(whole_number<double>(text), std::nullopt) << text;
}

TEST(NumberText, NumberIsTakenOffTheFront) {
    std::string_view text = "12.5x7";
    double number = 0;
    ASSERT_TRUE(take_number(text, number));
    EXPECT_EQ(number, 12.5);
    EXPECT_EQ(text, "x7");
    EXPECT_FALSE(take_number(text, number));
    EXPECT_EQ(text, "x7");
}

}  // namespace
}  // namespace mapferry
