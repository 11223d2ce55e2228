// SPDX-License-Identifier: Apache-2.0
// A section's name is removed while its writer works: by rm, by systemd-logind at a logout, by a
// Python program that ends.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/image.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "process/programs.h"
#include "support/host.h"
#include "support/object_bytes.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::chrono::milliseconds kPatience{60'000};

class Removed : public ProgramTest {
  protected:
    void SetUp() override {
        if (!has_object_files()) GTEST_SKIP() << "nobody else can remove a name here";
    }
    void TearDown() override { (void)remove_section(section_.address(), RemovePolicy::kAnyway); }

    [[nodiscard]] bool exists() const {
        return std::filesystem::exists(object_file(section_.address()));
    }
    void take_the_name_away() const { std::filesystem::remove(object_file(section_.address())); }
};

// Publishes one frame after another until the condition holds.
template <typename Condition>
[[nodiscard]] ::testing::AssertionResult film_until(FrameWriter& writer,
                                                    const Condition& condition) {
    const Bytes frame(100);
    Status failure;
    const bool came = eventually([&] {
        const auto published = writer.publish_copy(frame, {}, kPatience);
        if (!published) failure = published.error();
        return !published || condition();
    });
    if (failure.code != Status{}.code) return ::testing::AssertionFailure() << describe(failure);
    return came ? ::testing::AssertionSuccess() : ::testing::AssertionFailure();
}

// ---- frames -------------------------------------------------------------------------------------

TEST_F(Removed, SectionOfACameraIsMadeAnewAndItsReadersFollow) {
    auto writer = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    const SectionInfo before = writer->section_info();
    auto old = FrameReader::open({.address = section_.address()});
    ASSERT_TRUE(old) << describe(old.error());
    take_the_name_away();
    ASSERT_TRUE(film_until(*writer, [&] { return exists(); }));
    ASSERT_TRUE(film_until(*writer, [] { return true; }));
    auto fresh = FrameReader::open({.address = section_.address()});
    ASSERT_TRUE(fresh) << describe(fresh.error());
    EXPECT_TRUE(fresh->next(kPatience));
    bool followed = false;
    EXPECT_TRUE(eventually([&] {
        auto frame = old->next(kPatience);
        EXPECT_TRUE(frame && *frame);
        followed = frame && *frame && (*frame)->writer_restarted();
        return followed || !frame;
    }));
    EXPECT_EQ(writer->section_info(), before);
    auto report = writer->close();
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->renewals, 1u);
    EXPECT_FALSE(exists());
}

TEST_F(Removed, SectionOfACameraThatWaitsForReadersIsMadeAnew) {
    auto writer =
        FrameWriter::create({.address = section_.address(), .delivery = FrameDelivery::kEach});
    ASSERT_TRUE(writer) << describe(writer.error());
    take_the_name_away();
    std::jthread late([&] {
        auto reader = FrameReader::open({.address = section_.address(), .timeout = kPatience});
        ASSERT_TRUE(reader) << describe(reader.error());
        EXPECT_TRUE(reader->next(kPatience));
    });
    ASSERT_TRUE(writer->wait_for_readers(1, kPatience));
    const Bytes frame(100);
    EXPECT_TRUE(writer->publish_copy(frame, {}, kPatience));
    EXPECT_TRUE(writer->close());
}

TEST_F(Removed, NameThatAnotherCameraHasByNowEndsTheFirst) {
    auto first = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(first) << describe(first.error());
    take_the_name_away();
    auto second = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(second) << describe(second.error());
    const Bytes frame(100);
    Result<std::uint64_t> published;
    EXPECT_TRUE(eventually([&] {
        published = first->publish_copy(frame, {}, kPatience);
        return !published;
    }));
    EXPECT_EQ(published.error().code, Code::kCannotCreate);
    EXPECT_TRUE(contains(published.error().message, "removed")) << published.error().message;
    ASSERT_TRUE(second->publish_copy(frame, {}, kPatience));
    auto reader = FrameReader::open({.address = section_.address()});
    ASSERT_TRUE(reader) << describe(reader.error());
    EXPECT_TRUE(reader->next(kPatience));
    first->abort(Code::kPeerGone);
    EXPECT_TRUE(exists()) << "the second one's";
}

TEST_F(Removed, SectionIsMadeAnewUnderALoanWhichIsPublishedInTheNewOne) {
    auto writer = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    auto loan = writer->loan(100, 0ms);
    auto dropped = writer->loan(100, 0ms);
    ASSERT_TRUE(loan && dropped);
    const Bytes frame = random_bytes(100);
    std::ranges::copy(frame, loan->bytes().begin());
    const auto image = describe_raw_image(10, 10, "GRAY8");
    ASSERT_TRUE(image);
    loan->set_image(*image);
    take_the_name_away();
    ASSERT_TRUE(eventually([&] { return !writer->check() || exists(); }));
    auto reader = FrameReader::open({.address = section_.address()});
    ASSERT_TRUE(reader) << describe(reader.error());
    ASSERT_TRUE(writer->publish(std::move(*loan)));
    auto got = reader->next(kPatience);
    ASSERT_TRUE(got && *got);
    EXPECT_TRUE(std::ranges::equal((*got)->bytes(), frame));
    EXPECT_EQ((*got)->image(), *image);
    EXPECT_EQ(writer->publish(std::move(*loan)).error().code, Code::kUsage) << "published already";
}

TEST_F(Removed, LoanOfAnotherWriterIsRefusedAfterARenewalToo) {
    const UniqueSection other_name;
    auto other = FrameWriter::create({.address = other_name.address()});
    auto writer = FrameWriter::create({.address = section_.address()});
    ASSERT_TRUE(writer && other);
    auto foreign = other->loan(100, 0ms);
    ASSERT_TRUE(foreign);
    take_the_name_away();
    ASSERT_TRUE(eventually([&] { return !writer->check() || exists(); }));
    EXPECT_EQ(writer->publish(std::move(*foreign)).error().code, Code::kUsage);
    EXPECT_TRUE(other->publish(std::move(*foreign))) << "its owner kept it";
}

TEST_F(Removed, SectionOfLosslessFramesServesItsReadersAndThenEnds) {
    auto writer =
        FrameWriter::create({.address = section_.address(), .delivery = FrameDelivery::kEach});
    ASSERT_TRUE(writer) << describe(writer.error());
    const Bytes frame(100);
    std::optional<FrameReader> reader;
    {
        auto opened = FrameReader::open({.address = section_.address()});
        ASSERT_TRUE(opened) << describe(opened.error());
        reader = std::move(*opened);
    }
    ASSERT_TRUE(writer->publish_copy(frame, {}, kPatience));
    take_the_name_away();
    std::uint64_t taken = 0;
    // The writer checks its name twice a second, so it does so within these 0.7 s.
    for (; taken < 70; ++taken) {
        auto got = reader->next(kPatience);
        ASSERT_TRUE(got && *got);
        ASSERT_EQ((*got)->missed(), 0u);
        ASSERT_TRUE(writer->publish_copy(frame, {}, kPatience));
        std::this_thread::sleep_for(std::chrono::milliseconds(10));  // time itself: the writer must
                                                                     // check its name
    }
    reader.reset();
    Result<std::uint64_t> published;
    EXPECT_TRUE(eventually([&] {
        published = writer->publish_copy(frame, {}, kPatience);
        return !published;
    }));
    EXPECT_EQ(published.error().code, Code::kPeerGone);
}

TEST_F(Removed, SectionOfTheProgramsCameraIsMadeAnew) {
    const std::string video = make_source(1000);
    ChildProcess writer =
        start_writer(Words{"--frames", "--image", "10x10:GRAY8", "--loop", "--fps", "100", video});
    ASSERT_TRUE(eventually([&] { return exists(); }));
    take_the_name_away();
    const Ended reader = run_reader({"--frames", "--count", "3", "--null"});
    EXPECT_TRUE(ended_with(0, reader));
    writer.send(Signal::kTerminate);
    EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), writer));
    EXPECT_FALSE(exists());
}

// It notices while it waits, not with its next frame only.
TEST_F(Removed, SectionOfACameraThatWaitsForItsNextFrameIsMadeAnew) {
    ChildProcess writer = start_writer(
        Words{"--frames", "--image", "10x10:GRAY8", "--loop", "--fps", "0.001", make_source(100)});
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) { return now.published == 1; }));
    take_the_name_away();
    EXPECT_TRUE(eventually([&] { return exists(); }));
}

TEST_F(Removed, SectionOfACameraWhoseSourceIsSilentIsMadeAnew) {
    ChildProcess writer = start_writer(
        Launch{.arguments = {"--frames", "--image", "10x10:GRAY8", "-"}, .input = pipe_stream()});
    ASSERT_TRUE(writer.write_input(Bytes(100)));
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) { return now.published == 1; }));
    take_the_name_away();
    EXPECT_TRUE(eventually([&] { return exists(); }));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, writer));
}

// ---- streams and kept payloads ------------------------------------------------------------------

TEST_F(Removed, SectionOfAStreamThatWaitsForItsReadersIsAnErrorAtOnce) {
    ChildProcess writer = start_writer(Words{"--timeout", "10m", make_source(1000)});
    ASSERT_TRUE(eventually([&] { return exists(); }));
    take_the_name_away();
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(contains(writer.errors(), "removed")) << writer.errors();
    EXPECT_TRUE(contains(writer.errors(), "doctor")) << writer.errors();
}

TEST_F(Removed, SectionOfAStreamServesItsReadersAndSaysSo) {
    const std::string target = folder_.file("out/target");
    ChildProcess writer =
        start_writer(Launch{.arguments = {"--json", "-"}, .input = pipe_stream()});
    ChildProcess reader = start_reader(Words{"-o", target});
    ASSERT_TRUE(eventually_admits_readers(1));
    const Bytes bytes = random_bytes(200'000);
    ASSERT_TRUE(writer.write_input(std::span(bytes).first(100'000)));
    ASSERT_TRUE(eventually_holds(100'000));
    take_the_name_away();
    ASSERT_TRUE(writer.write_input(std::span(bytes).subspan(100'000)));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(read_file(target) == bytes);
    const std::string said = writer.output();
    EXPECT_EQ(json_event(said, "end").value("name_was_lost", false), true);
    EXPECT_TRUE(contains(json_event(said, "warning").value("message", ""), "removed")) << said;
}

TEST_F(Removed, SectionOfAKeepIsAnErrorAtItsEnd) {
    auto writer = Writer::create({.address = section_.address(),
                                  .delivery = StreamDelivery::kKeep,
                                  .workload = {.unknown_count = 1}});
    ASSERT_TRUE(writer) << describe(writer.error());
    ASSERT_TRUE(writer->begin({}));
    ASSERT_TRUE(writer->write(Bytes(1000)));
    ASSERT_TRUE(writer->end());
    take_the_name_away();
    const auto closed = writer->close();
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, Code::kPeerGone);
}

TEST_F(Removed, SectionOfAKeepInProgressIsAnErrorWithoutWaitingForItsEnd) {
    ChildProcess writer =
        start_writer(Launch{.arguments = {"--keep", "-"}, .input = pipe_stream()});
    ASSERT_TRUE(writer.write_input(random_bytes(1000)));
    ASSERT_TRUE(eventually_holds(0));
    take_the_name_away();
    const Bytes more = random_bytes(1000);
    while (writer.is_running() && writer.write_input(more))
        std::this_thread::sleep_for(std::chrono::milliseconds(10));  // time itself: a slow source
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(contains(writer.errors(), "removed")) << writer.errors();
}

TEST_F(Removed, SectionThatItsConsumerTookIsNoError) {
    ChildProcess reader = start_reader(Words{"--consume", "-o", folder_.file("out/target")});
    const Ended writer = run_writer({"--keep", make_source(3'000'000)});
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_FALSE(exists());
}

// ---- races --------------------------------------------------------------------------------------

// Another process removes the name again and again: every end is a documented one, and a reader
// that comes afterwards finds the camera.
TEST_F(Removed, NameAgainAndAgainLeavesACameraThatCanBeFound) {
    ChildProcess writer = start_writer(
        Words{"--frames", "--image", "10x10:GRAY8", "--loop", "--fps", "500", make_source(1000)});
    for (int round = 0; round < 4; ++round) {
        ASSERT_TRUE(eventually([&] { return exists(); })) << round;
        take_the_name_away();
    }
    EXPECT_TRUE(ended_with(0, run_reader({"--frames", "--count", "1", "--null"})));
    writer.send(Signal::kKill);
    EXPECT_TRUE(ended_with(ended_by(Signal::kKill), writer));
    EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
    EXPECT_FALSE(exists());
}

}  // namespace
}  // namespace mapferry::testing
