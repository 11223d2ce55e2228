// SPDX-License-Identifier: Apache-2.0
// Frames through a server: the newest ones.
#include <algorithm>
#include <thread>

#include "bridge/bridge_rig.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::uint64_t kFrameBytes = 3 * kMiB + 5;  // several parts

class FramesBridge : public BridgeTest {
  protected:
    [[nodiscard]] Result<FrameWriter> make_writer() const {
        return FrameWriter::create({.address = section_.address(),
                                    .frame_limit_bytes = kFrameBytes,
                                    .checksum = Checksum::kAll});
    }
    [[nodiscard]] Result<FrameReader> open_far() const {
        return FrameReader::open(
            {.address = far_.address(), .timeout = kWatchdog, .successor_timeout = kWatchdog});
    }
    // A frame whose bytes are all the same, so that one made of two shows.
    static void publish(FrameWriter& writer, int shade, const FrameNotes& notes = {}) {
        auto loan = writer.loan(kFrameBytes, 5s);
        ASSERT_TRUE(loan);
        std::ranges::fill(loan->bytes(), static_cast<std::byte>(shade));
        if (notes.captured) loan->set_captured(*notes.captured);
        if (notes.source_number) loan->set_source_number(*notes.source_number);
        loan->set_tensor(notes.tensor);
        if (!notes.metadata.bytes.empty()) {
            ASSERT_TRUE(loan->set_metadata(notes.metadata));
        }
        ASSERT_TRUE(writer.publish(std::move(*loan)));
    }
    static void expect_of_one_shade(const Frame& frame) {
        EXPECT_EQ(frame.bytes().size(), kFrameBytes);
        EXPECT_TRUE(frame.verify());
        const std::byte first = frame.bytes()[0];
        EXPECT_TRUE(std::ranges::all_of(frame.bytes(), [&](std::byte b) { return b == first; }));
    }
    // Publishes until the far reader has a frame of this shade or a later one.
    static ::testing::AssertionResult arrives(FrameWriter& writer, FrameReader& far, int shade) {
        for (int i = 0; i < 600; ++i) {
            publish(writer, shade);
            auto frame = far.latest(100ms);
            if (!frame && frame.error().code == Code::kTimedOut) continue;
            if (!frame) return ::testing::AssertionFailure() << describe(frame.error());
            if (!*frame) return ::testing::AssertionFailure() << "the stream has ended";
            expect_of_one_shade(**frame);
            if ((*frame)->bytes()[0] == static_cast<std::byte>(shade))
                return ::testing::AssertionSuccess();
        }
        return ::testing::AssertionFailure() << "no frame came";
    }
};

TEST_F(FramesBridge, LateImporterBeginsWithTheNewestFrameAndItsNotes) {
    const NatsServer server(folder_);
    auto writer = make_writer();
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->describe(R"({"camera": 7})"));
    ASSERT_TRUE(writer->set_facts({.frame_rate = {.numerator = 30, .denominator = 1}}));
    const std::array<std::uint64_t, 1> shape = {kFrameBytes};
    const std::string json = "{\"a\": 1}";
    ChildProcess exporter = start_export(server.url("cam"));
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    publish(*writer, 1);
    publish(*writer, 2,
            {.tensor = describe_tensor("uint8", shape).value(),
             .captured = CaptureTime{.ns = 77, .clock = CaptureClock::kTai},
             .source_number = 99,
             .metadata = {.content_type = "application/json",
                          .bytes = std::as_bytes(std::span(json))}});
    ASSERT_TRUE(eventually([&] {
        return contains(run_bridge({"info", "--json", server.url("cam")}).output, "\"place\"");
    }));
    ChildProcess importer = start_import(server.url("cam"));
    auto far = open_far();
    ASSERT_TRUE(far) << far.error().message;
    std::optional<Frame> last;
    while (!last || last->bytes()[0] != std::byte{2}) {
        auto frame = far->next(kWatchdog);
        ASSERT_TRUE(frame && *frame);
        expect_of_one_shade(**frame);
        last.emplace(std::move(**frame));
    }
    EXPECT_EQ(last->captured(), (CaptureTime{.ns = 77, .clock = CaptureClock::kTai}));
    EXPECT_EQ(last->source_number(), 99u);
    EXPECT_EQ(last->tensor()->shape[0], kFrameBytes);
    EXPECT_EQ(last->metadata().content_type, "application/json");
    EXPECT_EQ(far->description()->text, R"({"camera": 7})");
    EXPECT_EQ(far->facts().frame_rate.numerator, 30u);
    exporter.send(Signal::kTerminate);
    importer.send(Signal::kTerminate);
    (void)exporter.wait();
    (void)importer.wait();
}

TEST_F(FramesBridge, EndOfTheStreamEndsBothSides) {
    const NatsServer server(folder_);
    auto writer = make_writer();
    ASSERT_TRUE(writer);
    ChildProcess exporter = start_export(server.url("cam"), {"--once"});
    ChildProcess importer = start_import(server.url("cam"), {"--once"});
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    publish(*writer, 1);
    auto far = open_far();
    ASSERT_TRUE(far);
    ASSERT_TRUE(writer->close());
    EXPECT_TRUE(ended_with(0, exporter));
    EXPECT_TRUE(ended_with(0, importer));
    auto frame = far->next(kWatchdog);
    ASSERT_TRUE(frame && *frame);
    frame = far->next(kWatchdog);
    ASSERT_TRUE(frame);
    EXPECT_FALSE(*frame);
}

TEST_F(FramesBridge, GapsOfTheSourceAndOfTheWayAreCounted) {
    const NatsServer server(folder_);
    auto writer = make_writer();
    ASSERT_TRUE(writer);
    ChildProcess exporter = start_export(server.url("cam"));
    ChildProcess importer = start_import(server.url("cam"));
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    publish(*writer, 1);
    auto far = open_far();
    ASSERT_TRUE(far);
    auto first = far->next(kWatchdog);
    ASSERT_TRUE(first && *first);
    writer->skip(1000);
    publish(*writer, 2);
    auto second = far->next(kWatchdog);
    ASSERT_TRUE(second && *second);
    EXPECT_EQ((*second)->missed(), 1000u);
    exporter.send(Signal::kStop);
    for (int i = 0; i < 20; ++i)
        publish(*writer, 3);
    exporter.send(Signal::kContinue);
    auto third = far->next(kWatchdog);
    ASSERT_TRUE(third && *third);
    EXPECT_GE((*third)->missed(), 15u);
    EXPECT_LE((*third)->missed(), 20u);
}

TEST_F(FramesBridge, SecondExporterOfAPlaceIsRefused) {
    const NatsServer server(folder_);
    auto writer = make_writer();
    ASSERT_TRUE(writer);
    ChildProcess exporter = start_export(server.url("cam"));
    ChildProcess importer = start_import(server.url("cam"));
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    publish(*writer, 1);
    auto far = open_far();
    ASSERT_TRUE(far);
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_export(server.url("cam"))));
    EXPECT_TRUE(arrives(*writer, *far, 4));
}

TEST_F(FramesBridge, FramesGoOnAfterTheDeathOfAnybody) {
    NatsServer server(folder_);
    std::optional<FrameWriter> writer(make_writer().value());
    std::optional<ChildProcess> exporter(start_export(server.url("cam")));
    std::optional<ChildProcess> importer(start_import(server.url("cam")));
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    publish(*writer, 1);
    auto far = open_far();
    ASSERT_TRUE(far);
    ASSERT_TRUE(arrives(*writer, *far, 2));
    server.kill();
    server.start_again();
    ASSERT_TRUE(arrives(*writer, *far, 3)) << exporter->errors() << importer->errors();
    exporter->send(Signal::kKill);
    (void)exporter->wait();
    exporter.emplace(start_export(server.url("cam")));
    ASSERT_TRUE(arrives(*writer, *far, 4)) << exporter->errors() << importer->errors();
    importer->send(Signal::kKill);
    (void)importer->wait();
    importer.emplace(start_import(server.url("cam")));
    ASSERT_TRUE(arrives(*writer, *far, 5)) << importer->errors();
    writer.reset();
    writer.emplace(make_writer().value());
    ASSERT_TRUE(arrives(*writer, *far, 6)) << exporter->errors();
}

TEST_F(FramesBridge, SlowImporterMissesFramesAndNoneIsOfTwo) {
    const NatsServer server(folder_);
    auto writer = make_writer();
    ASSERT_TRUE(writer);
    ChildProcess exporter = start_export(server.url("cam"), {"--frame-slots", "2"});
    ChildProcess importer = start_import(server.url("cam"));
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    publish(*writer, 0);
    auto far = open_far();
    ASSERT_TRUE(far);
    int seen = 0;
    for (int i = 0; i < 200; ++i) {
        publish(*writer, i);
        // The importer is halted in the middle of frames.
        if (i % 10 == 3) importer.send(Signal::kStop);
        if (i % 10 == 7) importer.send(Signal::kContinue);
        auto frame = far->try_latest();
        ASSERT_TRUE(frame) << frame.error().message;
        if (!*frame) {
            std::this_thread::sleep_for(3ms);  // between two looks
            continue;
        }
        expect_of_one_shade(**frame);
        ++seen;
    }
    importer.send(Signal::kContinue);
    EXPECT_GT(seen, 0);
    EXPECT_TRUE(arrives(*writer, *far, 250));
    EXPECT_TRUE(importer.is_running()) << importer.errors();
}

}  // namespace
}  // namespace mapferry::testing
