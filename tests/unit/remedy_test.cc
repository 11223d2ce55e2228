// SPDX-License-Identifier: Apache-2.0
#include "cli/remedy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace mapferry {
namespace {

using cli::remedy_text;
using cli::way_out;

Remedy remedy_number(std::size_t number) {
    return Remedy{static_cast<std::uint8_t>(number)};
}

Status status_with(Remedy remedy, const std::string& hint = {}) {
    return {.code = Code::kUsage, .message = "x", .hint = hint, .remedy = remedy};
}

TEST(RemedyName, EachHasOneOfItsOwn) {
    std::set<std::string> names;
    for (std::size_t number = 1; number < kRemedyCount; ++number) {
        const std::string name(remedy_name(remedy_number(number)));
        EXPECT_TRUE(names.insert(name).second) << name;
        EXPECT_FALSE(name.empty()) << number;
        EXPECT_TRUE(std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || c == '-';
        })) << name;
    }
    EXPECT_EQ(remedy_name(Remedy::kNone), "");
    EXPECT_EQ(remedy_name(Remedy::kRaiseTimeout), "raise-timeout");
    EXPECT_EQ(remedy_name(remedy_number(kRemedyCount)), "");
}

TEST(RemedyText, EachHasOneOfItsOwnWithoutAPlaceholder) {
    std::set<std::string> texts;
    for (std::size_t number = 1; number < kRemedyCount; ++number) {
        const std::string text = remedy_text(status_with(remedy_number(number)));
        EXPECT_FALSE(text.empty()) << number;
        EXPECT_TRUE(texts.insert(text).second) << text;
        EXPECT_FALSE(text.contains("SECTION") || text.contains("BUFFER")) << text;
    }
    EXPECT_EQ(remedy_text(status_with(Remedy::kNone)), "");
}

TEST(RemedyText, NamesTheSectionByItsNameOrItsFile) {
    Status status = status_with(Remedy::kRemoveSection);
    EXPECT_EQ(remedy_text(status), "remove it: mapferry rm NAME");
    status.section_name = "BUFFER";
    EXPECT_EQ(remedy_text(status), "remove it: mapferry rm BUFFER");
    status.section_file = "/data/x.sect";
    EXPECT_EQ(remedy_text(status), "remove it: mapferry rm --backing /data/x.sect");
    status.remedy = Remedy::kCreateBuffer;
    EXPECT_EQ(remedy_text(status),
              "make it by giving its size: mapferry-writer --buffer BUFFER --backing "
              "/data/x.sect --size SIZE");
    status.section_file.clear();
    EXPECT_EQ(remedy_text(status),
              "make it by giving its size: mapferry-writer --buffer BUFFER --size SIZE");
}

TEST(WayOut, IsTheHintTheRemedyOrEither) {
    EXPECT_EQ(way_out(status_with(Remedy::kNone)), "");
    EXPECT_EQ(way_out(status_with(Remedy::kNone, "try again")), "try again");
    EXPECT_EQ(way_out(status_with(Remedy::kReplaceOutput)), "replace it with --force");
    EXPECT_EQ(way_out(status_with(Remedy::kReplaceOutput, "try again")),
              "try again, or replace it with --force");
    EXPECT_EQ(
        way_out(MachineFact{
            .name = "a", .value = "b", .hint = "enlarge it", .remedy = Remedy::kOtherSectionFile}),
        "enlarge it, or choose another file for --backing");
}

}  // namespace
}  // namespace mapferry
