// SPDX-License-Identifier: Apache-2.0
#include "bridge/options/bridge_url.h"

#include <gtest/gtest.h>

namespace mapferry::cli {
namespace {

TEST(BridgeUrl, PartsOfAnAddress) {
    const auto url = parse_bridge_url("tls://hub.example:4333/models-2/a/b c");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->transport, Transport::kTls);
    EXPECT_EQ(url->host, "hub.example");
    EXPECT_EQ(url->port, 4333);
    EXPECT_EQ(url->place, "models-2");
    EXPECT_EQ(url->object, "a/b c");
    EXPECT_EQ(url->server(), "tls://hub.example:4333");
    EXPECT_EQ(url->text(), "tls://hub.example:4333/models-2/a/b c");
}

TEST(BridgeUrl, PortAndPathMayBeMissing) {
    const auto url = parse_bridge_url("nats://localhost");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->port, 4222);
    EXPECT_EQ(url->place, "");
    const auto slash = parse_bridge_url("nats://localhost/");
    ASSERT_TRUE(slash);
    EXPECT_EQ(slash->place, "");
}

TEST(BridgeUrl, AddressOfIp6HasBrackets) {
    const auto url = parse_bridge_url("nats://[::1]:4000/cam");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "::1");
    EXPECT_EQ(url->port, 4000);
    EXPECT_TRUE(url->is_loopback());
    EXPECT_EQ(url->server(), "nats://[::1]:4000");
}

TEST(BridgeUrl, LoopbackIsThisMachineAlone) {
    for (const char* const text : {"nats://localhost/a", "nats://127.0.0.1/a", "nats://[::1]/a"})
        EXPECT_TRUE(parse_bridge_url(text)->is_loopback()) << text;
    for (const char* const text :
         {"nats://hub/a", "nats://128.0.0.1/a", "nats://localhost.example/a"})
        EXPECT_FALSE(parse_bridge_url(text)->is_loopback()) << text;
}

TEST(BridgeUrl, HostThatOnlyBeginsLikeLoopbackIsElsewhere) {
    EXPECT_FALSE(parse_bridge_url("nats://127.example.com/a")->is_loopback());
}

TEST(BridgeUrl, RefusesWhatIsNoAddress) {
    for (const char* const text :
         {"", "cam", "nats:/hub/cam", "nats://", "nats:///cam", "nats://hub:0/cam",
          "nats://hub:70000/cam", "nats://hub:x/cam", "nats://[::1/cam", "nats://hub/a.b",
          "nats://hub/a*", "nats://hub//object", "http://hub/cam", "s3://",
          "nats://hub/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
        const auto url = parse_bridge_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().code, Code::kUsage) << text;
    }
}

TEST(BridgeUrl, KeyOfABucketMayBeAnyText) {
    const auto url = parse_bridge_url("s3://my.bucket-1/a b/%@");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->engine, Engine::kS3);
    EXPECT_EQ(url->place, "my.bucket-1");
    EXPECT_EQ(url->object, "a b/%@");
    EXPECT_EQ(url->prefix, "");
    EXPECT_EQ(url->text(), "s3://my.bucket-1/a b/%@");
}

TEST(BridgeUrl, KeyWithASlashAtTheEndIsAPrefix) {
    const auto url = parse_bridge_url("s3://bucket/a/b/");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->prefix, "a/b/");
    EXPECT_EQ(url->object, "");
    EXPECT_EQ(url->text(), "s3://bucket/a/b/");
}

TEST(BridgeUrl, RefusesWhatIsNoBucket) {
    for (const char* const text : {"s3://", "s3:///key", "s3://../key", "s3://a?b/key",
                                   "s3://a#b/key", "s3://a%2fb/key", "s3://user@bucket/key"}) {
        const auto url = parse_bridge_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().code, Code::kUsage) << text;
    }
}

TEST(BridgeUrl, RefusesPasswordsWithoutRepeatingThem) {
    const auto url = parse_bridge_url("nats://alice:secret@hub/cam");
    ASSERT_FALSE(url);
    EXPECT_EQ(url.error().code, Code::kUsage);
    EXPECT_FALSE(url.error().message.contains("secret")) << url.error().message;
}

}  // namespace
}  // namespace mapferry::cli
