// SPDX-License-Identifier: Apache-2.0
// Failures of the C++17 interface: thrown, stored, and in a source without exceptions.
#include <thread>

#include "cpp17/cpp17_names.h"
#include "cpp17/cpp17_no_exceptions.h"

namespace mapferry_cpp17_tests {
namespace {

TEST(Cpp17Failures, MissingSectionThrowsWithCodeMessageAndHint) {
    const OwnName section;
    try {
        const cpp17::FrameReader reader(section.text(), "timeout_ms=0");
        FAIL() << "it was opened";
    } catch (const cpp17::Error& error) {
        EXPECT_EQ(error.code(), cpp17::Code::kNotFound);
        EXPECT_NE(error.failure().message.find(section.text()), std::string::npos);
        EXPECT_NE(std::string(error.what()).find(error.failure().message), std::string::npos);
    }
}

TEST(Cpp17Failures, SuccessEmptiesTheFailureOfTheCallBefore) {
    const OwnName section;
    cpp17::Failure failure;
    cpp17::Buffer buffer(section.text(), "wrong_key=1", nullptr, failure);
    EXPECT_FALSE(buffer);
    EXPECT_EQ(failure.code, cpp17::Code::kUsage);
    EXPECT_NE(failure.hint.find("size_bytes"), std::string::npos);
    EXPECT_EQ(describe(failure), failure.message + " (" + failure.hint + ")");
    buffer = cpp17::Buffer(section.text(), "size_bytes=1", nullptr, failure);
    EXPECT_FALSE(failure);
    EXPECT_TRUE(failure.message.empty());
    EXPECT_TRUE(buffer);
    buffer.close();
    section.remove();
}

TEST(Cpp17Failures, EmptyObjectsFailWithUsage) {
    cpp17::Failure failure;
    EXPECT_FALSE(cpp17::FrameReader().next(cpp17::kNoWait, failure));
    EXPECT_EQ(failure.code, cpp17::Code::kUsage);
    EXPECT_FALSE(cpp17::Buffer().lock(cpp17::kNoWait, failure));
    EXPECT_EQ(failure.code, cpp17::Code::kUsage);
    EXPECT_THROW(cpp17::Writer().end(), cpp17::Error);
    const cpp17::Frame frame;
    EXPECT_EQ(frame.size(), 0U);
    EXPECT_EQ(frame.width(), 0U);
    EXPECT_EQ(frame.plane_count(), 0);
    EXPECT_FALSE(frame.has_image());
    EXPECT_FALSE(frame.has_tensor());
    EXPECT_EQ(frame.shape().size(), 0U);
    EXPECT_TRUE(frame.metadata().empty());
    EXPECT_EQ(frame.format(), "");
    EXPECT_EQ(cpp17::FrameWriter().loan(1, cpp17::kNoWait, failure).size(), 0U);
    EXPECT_EQ(failure.code, cpp17::Code::kUsage);
}

TEST(Cpp17Failures, StopEndsAWaitOfAnotherThread) {
    const OwnName section;
    cpp17::Stop stop;
    std::thread raiser([&stop] {
        // the other thread should be waiting by then
        std::this_thread::sleep_for(std::chrono::milliseconds(50));  // time itself
        stop.raise();
    });
    cpp17::Failure failure;
    const cpp17::FrameReader reader(section.text(), "timeout_ms=-1", &stop, failure);
    raiser.join();
    EXPECT_EQ(failure.code, cpp17::Code::kInterrupted);
    EXPECT_TRUE(stop.is_raised());
    stop.lower();
    EXPECT_FALSE(stop.is_raised());
}

TEST(Cpp17Failures, FailedPublicationLeavesTheLoan) {
    const OwnName section;
    cpp17::FrameWriter writer(section.text());
    cpp17::FrameLoan loan = writer.loan(4);
    cpp17::Failure failure;
    loan.set_image(1000, 1000, "BGR24", {}, failure);
    if (!failure) loan.publish(failure);
    EXPECT_EQ(failure.code, cpp17::Code::kUsage);
    EXPECT_TRUE(loan);
    loan.set_image(0, 0, {});
    EXPECT_EQ(loan.publish(), 0U);
    writer.end();
}

TEST(Cpp17Failures, SourceWithoutExceptionsSharesTheProgram) {
    const OwnName section;
    std::string message;
    EXPECT_EQ(open_missing_without_exceptions(section.text(), message), MAPFERRY_NOT_FOUND);
    EXPECT_NE(message.find(section.text()), std::string::npos);
    EXPECT_EQ(pass_a_frame_without_exceptions(section.text()), "bytes");
}

TEST(Cpp17Failures, ValueOfAnOptionMayHaveBlanksAndQuotes) {
    EXPECT_EQ(cpp17::quoted_value("a b"), "\"a b\"");
    EXPECT_EQ(cpp17::quoted_value("a\"\\"), "\"a\\\"\\\\\"");
    // The parser takes the quotes away: what is left is no size.
    const OwnName section;
    cpp17::Failure failure;
    const cpp17::Buffer buffer(section.text(), "size_bytes=" + cpp17::quoted_value("a\"b"), nullptr,
                               failure);
    EXPECT_EQ(failure.code, cpp17::Code::kUsage);
    EXPECT_NE(failure.message.find("a\"b"), std::string::npos) << failure.message;
}

TEST(Cpp17Failures, TimeLimitsAreRoundedAndCut) {
    using std::chrono::milliseconds;
    EXPECT_EQ(cpp17::detail::whole_ms(cpp17::kForever), MAPFERRY_FOREVER);
    EXPECT_EQ(cpp17::detail::whole_ms(milliseconds(-5)), 0);
    EXPECT_EQ(cpp17::detail::whole_ms(milliseconds(7)), 7);
    EXPECT_EQ(cpp17::detail::whole_ms(std::chrono::hours(24 * 100)), MAPFERRY_FOREVER);
}

TEST(Cpp17Failures, VersionIsThatOfTheHeader) {
    EXPECT_EQ(mapferry_version(), MAPFERRY_HEADER_VERSION);
    EXPECT_EQ(cpp17::version(), mapferry_version_text());
}

}  // namespace
}  // namespace mapferry_cpp17_tests
