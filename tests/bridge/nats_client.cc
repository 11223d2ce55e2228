// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats_client.h"

#include <array>

#include "bridge/nats/nats_frames.h"
#include "bridge/nats/nats_objects.h"
#include "bridge/nats/nats_stream.h"
#include "bridge/record/ascii_text.h"
#include "mapferry/detail/hash.h"

namespace mapferry::testing {

using cli::Filled;

NatsClient::NatsClient(const NatsServer& server) {
    EXPECT_EQ(natsConnection_ConnectTo(Filled(connection_), server.url("").c_str()), NATS_OK);
    EXPECT_EQ(natsConnection_JetStream(Filled(jetstream_), connection_.get(), nullptr), NATS_OK);
}

cli::NatsMessage NatsClient::get(const std::string& stream, std::uint64_t sequence) const {
    cli::NatsMessage message;
    jsErrCode code{};
    EXPECT_EQ(
        js_GetMsg(Filled(message), jetstream_.get(), stream.c_str(), sequence, nullptr, &code),
        NATS_OK);
    return message;
}

cli::NatsMessage NatsClient::last(const std::string& stream, const std::string& subject) const {
    cli::NatsMessage message;
    jsErrCode code{};
    EXPECT_EQ(js_GetLastMsg(Filled(message), jetstream_.get(), stream.c_str(), subject.c_str(),
                            nullptr, &code),
              NATS_OK);
    return message;
}

void NatsClient::put(const std::string& subject, natsMsg* like, const std::string& body,
                     Checksums checksums) const {
    cli::NatsMessage message;
    ASSERT_EQ(natsMsg_Create(Filled(message), subject.c_str(), nullptr, body.data(),
                             static_cast<int>(body.size())),
              NATS_OK);
    for (const char* name : {cli::kMessageIdHeader, cli::kXxh3Header, cli::kFrameHeader}) {
        const char* value = nullptr;
        if (like != nullptr && natsMsgHeader_Get(like, name, &value) == NATS_OK)
            natsMsgHeader_Set(message.get(), name, value);
    }
    if (checksums == Checksums::kRight)
        natsMsgHeader_Set(message.get(), cli::kXxh3Header,
                          cli::to_hex64(xxh3_64(std::as_bytes(std::span(body)))).c_str());
    EXPECT_EQ(natsConnection_PublishMsg(connection_.get(), message.get()), NATS_OK);
    EXPECT_EQ(natsConnection_Flush(connection_.get()), NATS_OK);
}

void NatsClient::make_bucket(const std::string& bucket) const {
    const std::string name = cli::bucket_stream(bucket);
    const std::string chunks = cli::chunk_subjects(bucket);
    const std::string metadata = cli::metadata_subjects(bucket);
    std::array subjects = {chunks.c_str(), metadata.c_str()};
    jsStreamConfig config = cli::stream_config(name, subjects);
    config.AllowRollup = true;
    jsErrCode code{};
    EXPECT_EQ(js_AddStream(nullptr, jetstream_.get(), &config, nullptr, &code), NATS_OK);
}

std::string body_of(natsMsg* message) {
    return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

}  // namespace mapferry::testing
