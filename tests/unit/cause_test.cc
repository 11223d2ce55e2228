// SPDX-License-Identifier: Apache-2.0
// Each cause has a name, an exit code and a value in sections. The exit codes and the values must
// never change.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include "cli/exit_code.h"
#include "format/wire_cause.h"
#include "mapferry/status.h"

namespace mapferry {
namespace {

struct CauseRow {
    Code code;
    std::string_view name;
    int exit_code;
    std::uint32_t wire;
};

constexpr auto kRows = std::to_array<CauseRow>({
    {Code::kUsage, "usage", 64, 64},
    {Code::kNotFound, "not-found", 66, 66},
    {Code::kNotReady, "not-ready", 65, 1},
    {Code::kBusy, "busy", 75, 2},
    {Code::kStillFilling, "still-filling", 75, 75},
    {Code::kTimedOut, "timed-out", 75, 75},
    {Code::kInterrupted, "interrupted", 130, 3},
    {Code::kPeerGone, "peer-gone", 69, 69},
    {Code::kEvicted, "evicted", 75, 75},
    {Code::kCorrupt, "corrupt", 65, 65},
    {Code::kVersion, "version", 76, 76},
    {Code::kPermission, "permission", 77, 77},
    {Code::kCannotCreate, "cannot-create", 73, 73},
    {Code::kIo, "io", 74, 74},
    {Code::kOutOfMemory, "out-of-memory", 71, 71},
    {Code::kSystem, "system", 71, 71},
});

struct WireRow {
    std::uint32_t wire;
    Code code;
};

constexpr auto kWireRows = std::to_array<WireRow>({
    {1, Code::kNotReady},
    {2, Code::kBusy},
    {3, Code::kInterrupted},
    {64, Code::kUsage},
    {65, Code::kCorrupt},
    {66, Code::kNotFound},
    {69, Code::kPeerGone},
    {71, Code::kSystem},
    {73, Code::kCannotCreate},
    {74, Code::kIo},
    {75, Code::kTimedOut},
    {76, Code::kVersion},
    {77, Code::kPermission},
});

TEST(Cause, AllOfThemAreInTheTableOnce) {
    std::set<unsigned> numbers;
    for (const CauseRow& row : kRows)
        EXPECT_TRUE(numbers.insert(std::to_underlying(row.code)).second) << row.name;
    for (unsigned number = 0; number <= std::numeric_limits<std::uint8_t>::max(); ++number) {
        const bool has_name = code_name(Code{static_cast<std::uint8_t>(number)}) != "unknown";
        EXPECT_EQ(has_name, numbers.contains(number)) << number;
    }
    EXPECT_EQ(*numbers.begin(), 1u) << "0 is no cause";
    EXPECT_EQ(*numbers.rbegin(), kRows.size()) << "consecutive";
}

TEST(Cause, HasAName) {
    for (const CauseRow& row : kRows)
        EXPECT_EQ(code_name(row.code), row.name);
}

TEST(Cause, HasAnExitCodeThatStays) {
    for (const CauseRow& row : kRows)
        EXPECT_EQ(cli::exit_code(row.code), row.exit_code) << row.name;
}

TEST(Cause, HasAValueInSectionsThatStays) {
    for (const CauseRow& row : kRows)
        EXPECT_EQ(wire_cause(row.code), row.wire) << row.name;
}

TEST(WireCause, IsReadAsTheCauseThatItStandsFor) {
    for (const WireRow& row : kWireRows)
        EXPECT_EQ(code_from_wire(row.wire), row.code) << row.wire;
}

TEST(WireCause, OfAnyOtherNumberMeansThatThePeerIsGone) {
    for (std::uint32_t wire = 0; wire < 1000; ++wire) {
        if (std::ranges::find(kWireRows, wire, &WireRow::wire) != kWireRows.end()) continue;
        EXPECT_EQ(code_from_wire(wire), Code::kPeerGone) << wire;
    }
    EXPECT_EQ(code_from_wire(std::numeric_limits<std::uint32_t>::max()), Code::kPeerGone);
}

}  // namespace
}  // namespace mapferry
