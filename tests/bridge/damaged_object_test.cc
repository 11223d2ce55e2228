// SPDX-License-Identifier: Apache-2.0
// Objects that were damaged in the store, or that another program put there.
#include <algorithm>
#include <array>

#include "bridge/bridge_rig.h"
#include "bridge/kept/payload_record.h"
#include "bridge/kept/sha256.h"
#include "bridge/nats/nats_handles.h"
#include "bridge/nats/nats_objects.h"
#include "mapferry/detail/hash.h"

namespace mapferry::testing {

using cli::Filled;
namespace {

// A client that writes what it likes.
class Client {
  public:
    explicit Client(const std::string& server) {
        EXPECT_EQ(natsConnection_ConnectTo(Filled(connection_), server.c_str()), NATS_OK);
        EXPECT_EQ(natsConnection_JetStream(Filled(jetstream_), connection_.get(), nullptr),
                  NATS_OK);
    }
    [[nodiscard]] cli::NatsMessage get(const std::string& stream, std::uint64_t sequence) const {
        cli::NatsMessage message;
        jsErrCode code;
        EXPECT_EQ(
            js_GetMsg(Filled(message), jetstream_.get(), stream.c_str(), sequence, nullptr, &code),
            NATS_OK);
        return message;
    }
    // Stores the body under the subject, with a message's own headers.
    void put(const std::string& subject, natsMsg* like, std::string body,
             bool has_right_checksum) const {
        cli::NatsMessage message;
        ASSERT_EQ(natsMsg_Create(Filled(message), subject.c_str(), nullptr, body.data(),
                                 static_cast<int>(body.size())),
                  NATS_OK);
        for (const char* name : {cli::kMessageIdHeader, cli::kXxh3Header}) {
            const char* value = nullptr;
            if (like != nullptr && natsMsgHeader_Get(like, name, &value) == NATS_OK)
                natsMsgHeader_Set(message.get(), name, value);
        }
        if (has_right_checksum) {
            const auto bytes = std::as_bytes(std::span(body));
            natsMsgHeader_Set(message.get(), cli::kXxh3Header,
                              cli::to_hex64(xxh3_64(bytes)).c_str());
        }
        jsErrCode code;
        EXPECT_EQ(js_PublishMsg(nullptr, jetstream_.get(), message.get(), nullptr, &code), NATS_OK);
    }
    void make_bucket(const std::string& bucket) const {
        const std::string name = cli::bucket_stream(bucket);
        const std::string chunks = cli::chunk_subjects(bucket);
        const std::string metadata = cli::metadata_subjects(bucket);
        std::array<const char*, 2> subjects = {chunks.c_str(), metadata.c_str()};
        jsStreamConfig config;
        jsStreamConfig_Init(&config);
        config.Name = name.c_str();
        config.Subjects = subjects.data();
        config.SubjectsLen = 2;
        config.AllowRollup = true;
        jsErrCode code;
        EXPECT_EQ(js_AddStream(nullptr, jetstream_.get(), &config, nullptr, &code), NATS_OK);
    }

  private:
    cli::NatsConnectionHandle connection_;
    cli::JetStream jetstream_;
};

std::string body_of(natsMsg* message) {
    return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

class DamagedObject : public BridgeTest {
  protected:
    // Copies the object of 5 chunks from one bucket to another, with one byte changed in the chunk
    // `bad` (from 0), or without that chunk.
    enum class Damage : std::uint8_t { kByte, kByteAndChecksum, kMissing };
    void copy_damaged(const NatsServer& server, std::uint64_t bad, Damage damage) {
        const Client client(server.url(""));
        client.make_bucket("bad");
        for (std::uint64_t i = 0; i < 6; ++i) {
            const auto message = client.get(cli::bucket_stream("good"), i + 1);
            std::string subject = natsMsg_GetSubject(message.get());
            subject.replace(subject.find("good"), 4, "bad");
            std::string body = body_of(message.get());
            if (i == bad && damage == Damage::kMissing) continue;
            if (i == bad) body[body.size() / 2] ^= 1;
            client.put(subject, message.get(), body,
                       i == bad && damage == Damage::kByteAndChecksum);
        }
    }
    void put_good(const NatsServer& server) {
        ASSERT_TRUE(keep({make_source(5 * 131'072 - 1)}));
        ASSERT_TRUE(ended_with(0, run_export(server.url("good/one"))));
    }
    void expect_refused(const NatsServer& server) {
        EXPECT_TRUE(ended_with(kExitCorrupt, run_import(server.url("bad/one"))));
        EXPECT_FALSE(far_.exists());
        EXPECT_TRUE(ended_with(kExitCorrupt, run_bridge({"verify", server.url("bad/one")})));
    }
};

TEST_F(DamagedObject, ChangedByteIsRefusedAndNoSectionIsLeft) {
    const NatsServer server(folder_);
    put_good(server);
    copy_damaged(server, 3, Damage::kByte);
    expect_refused(server);
}

TEST_F(DamagedObject, ChangedByteWithAChangedChecksumIsRefused) {
    const NatsServer server(folder_);
    put_good(server);
    copy_damaged(server, 4, Damage::kByteAndChecksum);
    expect_refused(server);
}

TEST_F(DamagedObject, MissingChunkIsRefused) {
    const NatsServer server(folder_);
    put_good(server);
    copy_damaged(server, 1, Damage::kMissing);
    expect_refused(server);
}

TEST_F(DamagedObject, MissingLastChunkIsRefused) {
    const NatsServer server(folder_);
    put_good(server);
    copy_damaged(server, 4, Damage::kMissing);
    expect_refused(server);
}

TEST_F(DamagedObject, ObjectOfAnotherProgramIsVerifiedBySha256) {
    const NatsServer server(folder_);
    const Client client(server.url(""));
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
    client.put(cli::chunk_subject("other", "n1"), nullptr, body.substr(0, 20), false);
    client.put(cli::chunk_subject("other", "n1"), nullptr, body.substr(20), false);
    client.put(cli::metadata_subject("other", metadata.name), nullptr, cli::metadata_text(metadata),
               false);
    ASSERT_TRUE(ended_with(0, run_import(server.url("other/folder/one.txt"))));
    write_file(folder_.file("body"), body);
    EXPECT_TRUE(far_gives(folder_.file("body")));
    remove_far();
    metadata.sha256[5] ^= 1;
    metadata.name = "two";
    client.put(cli::metadata_subject("other", "two"), nullptr, cli::metadata_text(metadata), false);
    EXPECT_TRUE(ended_with(kExitCorrupt, run_import(server.url("other/two"))));
    EXPECT_FALSE(far_.exists());
}

TEST_F(DamagedObject, RecordOfALaterVersionIsRefused) {
    const NatsServer server(folder_);
    const Client client(server.url(""));
    client.make_bucket("later");
    const cli::ObjectMetadata metadata = {
        .name = "one", .bucket = "later", .nuid = "n1", .record = R"({"version":2})"};
    client.put(cli::metadata_subject("later", "one"), nullptr, cli::metadata_text(metadata), false);
    EXPECT_TRUE(ended_with(kExitVersion, run_import(server.url("later/one"))));
}

}  // namespace
}  // namespace mapferry::testing
