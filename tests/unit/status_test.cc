// SPDX-License-Identifier: Apache-2.0
#include "mapferry/status.h"

#include <gtest/gtest.h>

#include "mapferry/detail/failure.h"

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

TEST(Fail, CarriesCodeMessageAndHint) {
    const Result<int> result = detail::fail(Code::kIo, "disk full", "make room");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kIo);
    EXPECT_EQ(result.error().message, "disk full");
    EXPECT_EQ(result.error().hint, "make room");
    EXPECT_EQ(result.error().os_error, 0);
}

TEST(Fail, CarriesARemedyWithAHintOrWithout) {
    const Result<int> alone = detail::fail(Code::kIo, "disk full", Remedy::kUseBackingFile);
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().remedy, Remedy::kUseBackingFile);
    EXPECT_EQ(alone.error().hint, "");
    const Result<int> both =
        detail::fail(Code::kIo, "disk full", "make room", Remedy::kUseBackingFile);
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().remedy, Remedy::kUseBackingFile);
    EXPECT_EQ(both.error().hint, "make room");
}

}  // namespace
}  // namespace mapferry
