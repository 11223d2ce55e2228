// SPDX-License-Identifier: Apache-2.0
// Fractions and metadata as text.
#include "cli/notes_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "cli/size_text.h"

namespace mapferry::cli {
namespace {

std::string rate_of(std::string_view text) {
    const auto rate = parse_rate(text);
    return rate ? std::to_string(rate->numerator) + "/" + std::to_string(rate->denominator)
                : "refused";
}

std::string metadata_of(std::string_view content_type, std::string_view bytes) {
    nlohmann::json object = nlohmann::json::object();
    add_metadata(object, content_type, bytes);
    return object.dump();
}

TEST(RateText, FractionStaysAsItIs) {
    EXPECT_EQ(rate_of("30000/1001"), "30000/1001");
    EXPECT_EQ(rate_of("50/2"), "50/2");
    EXPECT_EQ(rate_of("25"), "25/1");
    EXPECT_EQ(rate_of("0"), "0/1");
    EXPECT_EQ(rate_of("1000000"), "1000000/1");
}

TEST(RateText, DecimalNumberBecomesTheSimplestFraction) {
    EXPECT_EQ(rate_of("29.97"), "2997/100");
    EXPECT_EQ(rate_of("29.97002997"), "30000/1001");
    EXPECT_EQ(rate_of("23.976023976023978"), "24000/1001");
    EXPECT_EQ(rate_of("0.5"), "1/2");
    EXPECT_EQ(rate_of("0.1"), "1/10");
    EXPECT_EQ(rate_of("30/1.001"), "30000/1001");
    EXPECT_EQ(rate_of("999999.5"), "1999999/2");
}

TEST(RateText, WhatIsNoRateIsRefused) {
    for (const char* const text : {"", "x", "-1", "1e3", "25fps", "25/", "/25", "25/0", "1/2/3",
                                   "inf", "1000001", "0.0000000000001"})
        EXPECT_EQ(rate_of(text), "refused") << text;
}

TEST(NotesText, RatiosAndFactsAreShort) {
    EXPECT_EQ(ratio_text({}), "");
    EXPECT_EQ(ratio_text({.numerator = 25, .denominator = 1}), "25");
    EXPECT_EQ(ratio_text({.numerator = 30000, .denominator = 1001}), "30000/1001");
    EXPECT_EQ(facts_text({}), "");
    EXPECT_EQ(facts_text({.frame_rate = {.numerator = 25, .denominator = 1},
                          .pixel_aspect = {.numerator = 16, .denominator = 15},
                          .scan = Scan::kTopFieldFirst}),
              "25 frames/s, top-field-first, pixels 16:15");
}

TEST(NotesText, MetadataAreTheirValueOrTheirBytes) {
    EXPECT_EQ(metadata_of("", ""), "{}");
    EXPECT_EQ(metadata_of("application/json", "[1, 2]"),
              R"({"content_type":"application/json","metadata":[1,2],"metadata_bytes":6})");
    EXPECT_EQ(metadata_of("application/json", "[1,"),
              R"({"content_type":"application/json","metadata_base64":"WzEs","metadata_bytes":3})");
    EXPECT_EQ(metadata_of("text/plain", "1"),
              R"({"content_type":"text/plain","metadata_base64":"MQ==","metadata_bytes":1})");
    EXPECT_EQ(metadata_of("x", ""),
              R"({"content_type":"x","metadata_base64":"","metadata_bytes":0})");
}

// The printing of a value calls itself for each level.
TEST(NotesText, DeepMetadataAreNotTakenApart) {
    for (const std::size_t depth : {std::size_t{64}, std::size_t{32'000}}) {
        const std::string text = std::string(depth, '[') + std::string(depth, ']');
        nlohmann::json object = nlohmann::json::object();
        add_metadata(object, kJsonContentType, text);
        EXPECT_EQ(object.contains("metadata"), depth <= 64) << depth;
    }
}

}  // namespace
}  // namespace mapferry::cli
