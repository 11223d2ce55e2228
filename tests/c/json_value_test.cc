// SPDX-License-Identifier: Apache-2.0
// JSON values are printed as nlohmann-json prints them, and any bytes become UTF-8.
#include "json/json_value.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace mapferry::json {
namespace {

TEST(JsonValue, PrintsWhatNlohmannPrints) {
    Value object = {{"event", "x"},          {"yes", true},
                    {"no", false},           {"least", std::numeric_limits<std::int64_t>::min()},
                    {"half", 0.5},           {"most", std::numeric_limits<std::uint64_t>::max()},
                    {"whole", 3.0},          {"small", 1e-9},
                    {"list", Value::array()}};
    object["list"].push_back(1);
    object["list"].push_back(Value{{"a", "b"}});
    object["list"].push_back(Value());
    object["event"] = "y";
    nlohmann::json same = {{"event", "y"},
                           {"yes", true},
                           {"no", false},
                           {"least", std::numeric_limits<std::int64_t>::min()},
                           {"half", 0.5},
                           {"most", std::numeric_limits<std::uint64_t>::max()},
                           {"whole", 3.0},
                           {"small", 1e-9},
                           {"list", {1, {{"a", "b"}}, nlohmann::json::object()}}};
    EXPECT_EQ(object.dump(), same.dump());
    EXPECT_EQ(json_line(object), same.dump() + "\n");
}

TEST(JsonValue, EscapesAsNlohmannDoes) {
    std::string all;
    for (int code = 1; code < 128; ++code)
        all += static_cast<char>(code);
    all += '\0';
    all += "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf";
    EXPECT_EQ(Value(all).dump(), nlohmann::json(all).dump());
}

TEST(JsonValue, BytesThatAreNotUtf8AreReplacedAndKept) {
    for (const char* const bad :
         {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82"}) {
        const std::string text = std::string("a") + bad + "b";
        const auto parsed = nlohmann::json::parse(Value{{"text", text}}.dump());
        EXPECT_EQ(parsed["text_base64"], base64(text)) << bad;
        const std::string shown = parsed["text"];
        EXPECT_TRUE(shown.starts_with("a\xef\xbf\xbd") && shown.ends_with("b")) << shown;
    }
    EXPECT_EQ(Value(std::numeric_limits<double>::infinity()).dump(), "null");
}

}  // namespace
}  // namespace mapferry::json
