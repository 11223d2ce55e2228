// SPDX-License-Identifier: Apache-2.0
// Objects that were damaged in the store, or that another program put there.
#include <array>

#include "bridge/bridge_rig.h"
#include "bridge/kept/sha256.h"
#include "bridge/nats/nats_objects.h"
#include "bridge/nats_client.h"

namespace mapferry::testing {

namespace {

enum class Damage : std::uint8_t { kByte, kByteAndChecksum, kMissing };

// What is wrong with one of the five chunks, from 0.
struct DamagedChunk {
    const char* name;
    std::uint64_t index;
    Damage damage;
};

constexpr std::array kDamagedChunks = {
    DamagedChunk{.name = "ChangedByte", .index = 3, .damage = Damage::kByte},
    DamagedChunk{.name = "ChangedByteAndChecksum", .index = 4, .damage = Damage::kByteAndChecksum},
    DamagedChunk{.name = "Missing", .index = 1, .damage = Damage::kMissing},
    DamagedChunk{.name = "LastMissing", .index = 4, .damage = Damage::kMissing}};

// Copies the object from the bucket "good" to the bucket "bad".
void copy_damaged(const NatsServer& server, const DamagedChunk& damaged) {
    const NatsClient client(server);
    client.make_bucket("bad");
    for (std::uint64_t i = 0; i < 6; ++i) {
        const auto message = client.get(cli::bucket_stream("good"), i + 1);
        std::string subject = natsMsg_GetSubject(message.get());
        subject.replace(subject.find("good"), 4, "bad");
        std::string body = body_of(message.get());
        const bool is_it = i == damaged.index;
        if (is_it && damaged.damage == Damage::kMissing) continue;
        if (is_it) body[body.size() / 2] ^= 1;
        client.put(subject, message.get(), body,
                   is_it && damaged.damage == Damage::kByteAndChecksum ? Checksums::kRight
                                                                       : Checksums::kCopied);
    }
}

class DamagedObject : public BridgeTest {};
class DamagedChunks : public DamagedObject, public ::testing::WithParamInterface<DamagedChunk> {};

TEST_P(DamagedChunks, IsRefusedAndNoSectionIsLeft) {
    const NatsServer server(folder_);
    ASSERT_TRUE(keep({make_source(5 * 131'072 - 1)}));
    ASSERT_TRUE(ended_with(0, run_export(server.url("good/one"))));
    copy_damaged(server, GetParam());
    EXPECT_TRUE(ended_with(kExitCorrupt, run_import(server.url("bad/one"))));
    EXPECT_FALSE(far_.exists());
    EXPECT_TRUE(ended_with(kExitCorrupt, run_bridge({"verify", server.url("bad/one")})));
}

INSTANTIATE_TEST_SUITE_P(Each, DamagedChunks, ::testing::ValuesIn(kDamagedChunks),
                         [](const auto& chunk) { return std::string(chunk.param.name); });

TEST_F(DamagedObject, ObjectOfAnotherProgramIsVerifiedBySha256) {
    const NatsServer server(folder_);
    const NatsClient client(server);
    client.make_bucket("other");
    const std::string body = "bytes of another program";
    cli::Sha256 sha256;
    sha256.update(std::as_bytes(std::span(body)));
    cli::ObjectMetadata metadata = {.name = "folder/one.txt",
                                    .bucket = "other",
                                    .nuid = "n1",
                                    .bytes = body.size(),
                                    .chunks = 2,
                                    .chunk_bytes = 20,
                                    .sha256 = sha256.value().value()};
    client.put(cli::chunk_subject("other", "n1"), nullptr, body.substr(0, 20), Checksums::kCopied);
    client.put(cli::chunk_subject("other", "n1"), nullptr, body.substr(20), Checksums::kCopied);
    client.put(cli::metadata_subject("other", metadata.name), nullptr, cli::metadata_text(metadata),
               Checksums::kCopied);
    ASSERT_TRUE(ended_with(0, run_import(server.url("other/folder/one.txt"))));
    write_file(folder_.file("body"), body);
    EXPECT_TRUE(far_gives(folder_.file("body")));
    remove_far();
    metadata.sha256[5] ^= 1;
    metadata.name = "two";
    client.put(cli::metadata_subject("other", "two"), nullptr, cli::metadata_text(metadata),
               Checksums::kCopied);
    EXPECT_TRUE(ended_with(kExitCorrupt, run_import(server.url("other/two"))));
    EXPECT_FALSE(far_.exists());
}

TEST_F(DamagedObject, RecordOfALaterVersionIsRefused) {
    const NatsServer server(folder_);
    const NatsClient client(server);
    client.make_bucket("later");
    const cli::ObjectMetadata metadata = {
        .name = "one", .bucket = "later", .nuid = "n1", .record = R"({"version":2})"};
    client.put(cli::metadata_subject("later", "one"), nullptr, cli::metadata_text(metadata),
               Checksums::kCopied);
    EXPECT_TRUE(ended_with(kExitVersion, run_import(server.url("later/one"))));
}

}  // namespace
}  // namespace mapferry::testing
