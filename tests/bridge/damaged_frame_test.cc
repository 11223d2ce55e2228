// SPDX-License-Identifier: Apache-2.0
// Frames and messages of streams that were damaged at the server.
#include <algorithm>

#include "bridge/nats/nats_frames.h"
#include "bridge/nats/nats_queue.h"
#include "bridge/nats_client.h"
#include "mapferry/frame_writer.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::uint64_t kDamagedFrameBytes = kMiB + 5;  // three parts

class DamagedFrame : public BridgeTest {
  protected:
    // Leaves one whole frame at the server, and its exporter dead.
    void store_frame(const NatsServer& server) {
        auto writer = FrameWriter::create(
            {.address = section_.address(), .frame_limit_bytes = kDamagedFrameBytes});
        ASSERT_TRUE(writer);
        ChildProcess exporter = start_export(server.url("cam"));
        ASSERT_TRUE(writer->wait_for_readers(1, kWatchdog));
        const std::vector<std::byte> bytes(kDamagedFrameBytes, std::byte{7});
        ASSERT_TRUE(writer->publish_copy(bytes, {}, 5s));
        ASSERT_TRUE(eventually([&] {
            const Ended info = run_bridge({"info", "--json", server.url("cam")});
            return json_event(info.output, "place").value("bytes", std::uint64_t{0}) >
                   kDamagedFrameBytes;
        }));
        // The owner's last word would be newer than the damage.
        exporter.send(Signal::kKill);
        (void)exporter.wait();
    }
};

TEST_F(DamagedFrame, EndsTheImporterAndNoSectionIsLeft) {
    const NatsServer server(folder_);
    store_frame(server);
    const NatsClient client(server);
    const std::string subject = cli::frame_chunk_subject("cam", 0, 1);
    const auto part = client.last(cli::frame_stream("cam"), subject);
    std::string body = body_of(part.get());
    body[body.size() / 3] ^= 1;
    client.put(subject, part.get(), body, Checksums::kCopied);
    EXPECT_TRUE(ended_with(kExitCorrupt, run_import(server.url("cam"))));
    EXPECT_FALSE(far_.exists());
}

TEST_F(DamagedFrame, OfTheRightBytesIsTaken) {
    const NatsServer server(folder_);
    store_frame(server);
    const NatsClient client(server);
    const std::string subject = cli::frame_chunk_subject("cam", 0, 1);
    const auto part = client.last(cli::frame_stream("cam"), subject);
    client.put(subject, part.get(), body_of(part.get()), Checksums::kCopied);
    ChildProcess importer = start_import(server.url("cam"));
    EXPECT_TRUE(eventually([&] { return far_.exists(); }));
    EXPECT_TRUE(importer.is_running()) << importer.errors();
}

TEST_F(DamagedFrame, MessageOfAStreamEndsTheImporter) {
    const NatsServer server(folder_);
    ChildProcess writer = start_writer(Words{"--text", "one"});
    ChildProcess exporter = start_export(server.url("live"), {"--readers", "2"});
    ASSERT_TRUE(eventually(
        [&] { return contains(run_bridge({"info", server.url("live")}).output, "live"); }));
    ChildProcess importer = start_import(server.url("live"), {"--json"});
    // The server keeps only what somebody waits for.
    ASSERT_TRUE(eventually([&] {
        const Ended info = run_bridge({"info", "--json", server.url("live")});
        return json_event(info.output, "place").value("importers", std::uint64_t{0}) == 1;
    }));
    NatsClient(server).put(cli::queue_subject("live"), nullptr, "x", Checksums::kRight);
    EXPECT_TRUE(ended_with(kExitCorrupt, importer));
}

}  // namespace
}  // namespace mapferry::testing
