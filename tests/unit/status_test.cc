// SPDX-License-Identifier: Apache-2.0
#include "mapferry/status.h"

#include <gtest/gtest.h>

namespace mapferry {
namespace {

TEST(Describe, WithoutSystemErrorIsTheMessage) {
    EXPECT_EQ(describe({.code = Code::kUsage, .message = "no such mode"}), "no such mode");
}

TEST(Describe, NamesTheSystemErrorAndLeavesTheHintOut) {
    const Status status = {.code = Code::kNotFound,
                           .message = "cannot open section \"frame-7\": no such object",
                           .hint = "start the writer",
                           .os_error = 2};
    EXPECT_EQ(describe(status), "cannot open section \"frame-7\": no such object (os error 2)");
}

TEST(CodeName, KnowsEveryCode) {
    struct Row {
        Code code;
        const char* name;
    };
    const Row rows[] = {
        {Code::kNotReady, "not-ready"},
        {Code::kBusy, "busy"},
        {Code::kInterrupted, "interrupted"},
        {Code::kUsage, "usage"},
        {Code::kCorrupt, "corrupt"},
        {Code::kNotFound, "not-found"},
        {Code::kPeerGone, "peer-gone"},
        {Code::kSystem, "system"},
        {Code::kCannotCreate, "cannot-create"},
        {Code::kIo, "io"},
        {Code::kTimedOut, "timed-out"},
        {Code::kVersion, "version"},
        {Code::kPermission, "permission"},
    };
    for (const Row& row : rows)
        EXPECT_EQ(code_name(row.code), row.name);
}

TEST(CodeName, OfANumberFromAnotherProcessIsUnknown) {
    EXPECT_EQ(code_name(static_cast<Code>(0)), "unknown");
    EXPECT_EQ(code_name(static_cast<Code>(72)), "unknown");
    EXPECT_EQ(code_name(static_cast<Code>(0xFFFFFFFF)), "unknown");
}

// Programs exit with these numbers, and sections carry them.
TEST(Code, HasTheValuesOfSysexits) {
    EXPECT_EQ(static_cast<unsigned>(Code::kUsage), 64u);
    EXPECT_EQ(static_cast<unsigned>(Code::kCorrupt), 65u);
    EXPECT_EQ(static_cast<unsigned>(Code::kNotFound), 66u);
    EXPECT_EQ(static_cast<unsigned>(Code::kPeerGone), 69u);
    EXPECT_EQ(static_cast<unsigned>(Code::kSystem), 71u);
    EXPECT_EQ(static_cast<unsigned>(Code::kCannotCreate), 73u);
    EXPECT_EQ(static_cast<unsigned>(Code::kIo), 74u);
    EXPECT_EQ(static_cast<unsigned>(Code::kTimedOut), 75u);
    EXPECT_EQ(static_cast<unsigned>(Code::kVersion), 76u);
    EXPECT_EQ(static_cast<unsigned>(Code::kPermission), 77u);
}

TEST(Fail, CarriesCodeMessageAndHint) {
    const Result<int> result = fail(Code::kIo, "disk full", "make room");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kIo);
    EXPECT_EQ(result.error().message, "disk full");
    EXPECT_EQ(result.error().hint, "make room");
    EXPECT_EQ(result.error().os_error, 0);
}

TEST(Pass, KeepsTheStatusForAResultOfAnotherType) {
    const Result<std::string> result =
        pass({.code = Code::kIo, .message = "disk full", .hint = "make room", .os_error = 28});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kIo);
    EXPECT_EQ(describe(result.error()), "disk full (os error 28)");
    EXPECT_EQ(result.error().hint, "make room");
}

}  // namespace
}  // namespace mapferry
