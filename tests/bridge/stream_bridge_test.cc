// SPDX-License-Identifier: Apache-2.0
// Streams, texts, and frames of which each reader gets every one, through a server.
#include <algorithm>
#include <thread>

#include "bridge/bridge_rig.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/writer.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class StreamBridge : public BridgeTest {
  protected:
    [[nodiscard]] ChildProcess start_far_reader(Words arguments) const {
        arguments.insert(arguments.begin(), {"--name", far_.name()});
        return ChildProcess({.program = MAPFERRY_READER_PATH, .arguments = std::move(arguments)});
    }
    // The bytes that the stream's place holds now.
    [[nodiscard]] static std::uint64_t stored(const NatsServer& server) {
        const Ended info = run_bridge({"info", "--json", server.url("live")});
        if (info.exit != exited(0)) return 0;
        return json_event(info.output, "place").value("bytes", std::uint64_t{0});
    }
};

TEST_F(StreamBridge, FilesArriveInOrder) {
    const NatsServer server(folder_);
    const std::string source = make_source(9 * kMiB + 1);
    ChildProcess exporter = start_export(server.url("live"), {"--once"});
    ChildProcess importer = start_import(server.url("live"), {"--once"});
    ChildProcess reader = start_far_reader({"--json", "-o", folder_.file("out/")});
    ChildProcess writer = start_writer(Words{source, make_source(0, "empty")});
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(0, exporter));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, importer));
    EXPECT_TRUE(same_content(source, folder_.file("out/source.bin")));
    EXPECT_TRUE(same_content(folder_.file("empty"), folder_.file("out/empty")));
}

TEST_F(StreamBridge, EachOfTwoImportersHasAll) {
    const NatsServer server(folder_);
    const UniqueSection other;
    ChildProcess exporter = start_export(server.url("live"), {"--once", "--readers", "2"});
    ChildProcess one = start_import(server.url("live"), {"--once"});
    ChildProcess two = start_bridge({"import", "--once", "--name", other.name(), "--from",
                                     server.url("live"), "--reader-id", "two"});
    ChildProcess first = start_far_reader({"--text", "-q"});
    ChildProcess second(
        {.program = MAPFERRY_READER_PATH, .arguments = {"--name", other.name(), "--text", "-q"}});
    EXPECT_TRUE(ended_with(0, run_writer({"--text", "one", "--text", "two"})));
    for (ChildProcess* const child : {&exporter, &one, &two, &first, &second})
        EXPECT_TRUE(ended_with(0, *child));
    EXPECT_EQ(plain_lines(first.output()), "one\ntwo\n");
    EXPECT_EQ(plain_lines(second.output()), "one\ntwo\n");
}

TEST_F(StreamBridge, FullServerMakesTheWriterWait) {
    const NatsServer server(folder_);
    const std::string source = make_source(24 * kMiB);
    ChildProcess importer = start_import(server.url("live"), {"--once"});
    ChildProcess exporter = start_export(server.url("live"), {"--once", "--store-bytes", "2MiB"});
    ASSERT_TRUE(eventually([&] { return stored(server) != 0 || exporter.is_running(); }));
    ChildProcess writer = start_writer(Words{source});
    // There is no reader yet, so the importer takes no more than the beginning.
    ASSERT_TRUE(eventually([&] { return stored(server) > kMiB; })) << exporter.errors();
    EXPECT_TRUE(eventually([&] { return contains(exporter.errors(), "is full"); }));
    EXPECT_TRUE(writer.is_running());
    EXPECT_LE(stored(server), 2 * kMiB);
    ChildProcess reader = start_far_reader({"-o", folder_.file("out/far")});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(0, exporter));
    EXPECT_TRUE(ended_with(0, importer));
    EXPECT_TRUE(same_content(source, folder_.file("out/far")));
}

TEST_F(StreamBridge, ServerThatDiesOnTheWayCostsNothing) {
    NatsServer server(folder_);
    const std::string source = make_source(48 * kMiB);
    ChildProcess exporter = start_export(server.url("live"), {"--once"});
    ChildProcess importer = start_import(server.url("live"), {"--once"});
    ChildProcess reader = start_far_reader({"-o", folder_.file("out/far")});
    ChildProcess writer = start_writer(Words{source});
    for (int round = 0; round < 2; ++round) {
        std::this_thread::sleep_for(150ms);  // time itself: a moment amid the transfer
        server.kill();
        server.start_again();
    }
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(0, exporter));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, importer));
    EXPECT_TRUE(same_content(source, folder_.file("out/far")));
}

TEST_F(StreamBridge, WriterThatDiesLeavesNoHalfPayloadAndTheNextOneIsTaken) {
    const NatsServer server(folder_);
    ChildProcess exporter = start_export(server.url("live"));
    ChildProcess importer = start_import(server.url("live"));
    ChildProcess writer = start_writer(Launch{.arguments = {"-"}, .input = pipe_stream()});
    ASSERT_TRUE(writer.write_input(std::string(1000, 'x')));
    ChildProcess reader = start_far_reader({"-o", folder_.file("out/half")});
    ASSERT_TRUE(eventually([this] {
        const auto far = inspect_section(far_.address());
        return far && far->payloads_begun == 1 && far->payload_bytes == 1000;
    }));
    writer.send(Signal::kKill);
    (void)writer.wait();
    ChildProcess next = start_writer(Words{"--text", "whole"});
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
    ChildProcess second = start_far_reader({"-q"});
    EXPECT_TRUE(ended_with(0, second));
    EXPECT_EQ(second.output(), "whole");
    EXPECT_TRUE(ended_with(0, next));
    EXPECT_EQ(folder_.names_in(out_), Words{});
}

TEST_F(StreamBridge, EachFrameArrivesOnce) {
    const NatsServer server(folder_);
    auto writer = FrameWriter::create({.address = section_.address(),
                                       .delivery = FrameDelivery::kEach,
                                       .frame_limit_bytes = 600'000});
    ASSERT_TRUE(writer);
    ChildProcess exporter = start_export(server.url("live"), {"--once"});
    ChildProcess importer = start_import(server.url("live"), {"--once"});
    ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
    std::jthread source([&writer] {
        for (int i = 0; i < 100; ++i) {
            auto loan = writer->loan(600'000, kForever);
            ASSERT_TRUE(loan);
            std::ranges::fill(loan->bytes(), static_cast<std::byte>(i));
            ASSERT_TRUE(writer->publish(std::move(*loan)));
        }
        EXPECT_TRUE(writer->close());
    });
    auto far = FrameReader::open({.address = far_.address(), .timeout = kWatchdog});
    ASSERT_TRUE(far);
    for (int i = 0; i < 100; ++i) {
        auto frame = far->next(kWatchdog);
        ASSERT_TRUE(frame && *frame) << i;
        EXPECT_EQ((*frame)->bytes().front(), static_cast<std::byte>(i));
        EXPECT_EQ((*frame)->bytes().back(), static_cast<std::byte>(i));
        EXPECT_EQ((*frame)->missed(), 0u);
    }
    auto end = far->next(kWatchdog);
    EXPECT_TRUE(end && !*end);
    EXPECT_TRUE(ended_with(0, exporter));
    EXPECT_TRUE(ended_with(0, importer));
}

TEST_F(StreamBridge, PlaceOfAnotherKindIsRefused) {
    const NatsServer server(folder_);
    ASSERT_TRUE(keep({make_source(1000)}));
    ASSERT_TRUE(ended_with(0, run_export(server.url("live/one"))));
    section_.remove();
    ChildProcess writer = start_writer(Words{"--text", "never"});
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_export(server.url("live"))));
}

}  // namespace
}  // namespace mapferry::testing
