// SPDX-License-Identifier: Apache-2.0
#include "bridge/options/bridge_options.h"

#include <gtest/gtest.h>

#include "bridge/kept/object_commands.h"
#include "bridge/options/reader_id.h"
#include "support/host.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::cli {
namespace {

using mapferry::testing::ScratchFolder;

Code refusal_of(const BridgeWords& words, BridgeCommand command = {}) {
    const auto taken = take_words(words, command);
    EXPECT_FALSE(taken);
    return taken ? Code::kSystem : taken.error().code;
}

TEST(BridgeOptions, EachCommandTakesItsOwnAddress) {
    const std::string url = "nats://localhost/cam";
    BridgeCommand command;
    EXPECT_TRUE(take_words({.command = "export", .to = url}, command));
    EXPECT_TRUE(take_words({.command = "import", .from = url}, command));
    EXPECT_TRUE(take_words({.command = "ls", .url = url}, command));
    EXPECT_EQ(refusal_of({.command = "export", .from = url}), Code::kUsage);
    EXPECT_EQ(refusal_of({.command = "import", .to = url}), Code::kUsage);
    EXPECT_EQ(refusal_of({.command = "export", .to = url, .from = url}), Code::kUsage);
    EXPECT_EQ(refusal_of({.command = "ls"}), Code::kUsage);
    EXPECT_EQ(refusal_of({.command = "copy", .url = url}), Code::kUsage);
}

TEST(BridgeOptions, PlainTextToAnotherMachineNeedsConsent) {
    const BridgeWords words = {.command = "export", .to = "nats://hub/cam"};
    EXPECT_EQ(refusal_of(words), Code::kUsage);
    BridgeCommand consent = {.insecure = true};
    EXPECT_TRUE(take_words(words, consent));
    BridgeCommand secure;
    EXPECT_TRUE(take_words({.command = "export", .to = "tls://hub/cam"}, secure));
}

TEST(BridgeOptions, AddressNamesWhatTheCommandNeeds) {
    EXPECT_EQ(refusal_of({.command = "export", .to = "nats://localhost"}), Code::kUsage);
    EXPECT_EQ(refusal_of({.command = "verify", .url = "nats://localhost/cam"}), Code::kUsage);
    EXPECT_EQ(refusal_of({.command = "rm", .url = "nats://localhost"}), Code::kUsage);
}

TEST(BridgeOptions, EndpointIsOfS3Alone) {
    BridgeCommand command = {.endpoint = "https://store"};
    EXPECT_TRUE(take_words({.command = "ls", .url = "s3://bucket/prefix/"}, command));
    EXPECT_EQ(
        refusal_of({.command = "ls", .url = "nats://localhost/cam"}, {.endpoint = "https://store"}),
        Code::kUsage);
}

TEST(BridgeOptions, ReaderIdFitsEveryEngine) {
    EXPECT_TRUE(check_reader_id(default_reader_id("a.section")));
    EXPECT_TRUE(check_reader_id("site-2_cam"));
    for (const char* const id : {"", "a.b", "a b", "a*"})
        EXPECT_FALSE(check_reader_id(id)) << id;
}

TEST(BridgeOptions, PatternsOfNames) {
    EXPECT_TRUE(fits_pattern("weights-7", "weights-*"));
    EXPECT_TRUE(fits_pattern("a", "?"));
    EXPECT_TRUE(fits_pattern("abcabd", "*abd"));
    EXPECT_TRUE(fits_pattern("", "*"));
    EXPECT_FALSE(fits_pattern("weights", "weights-*"));
    EXPECT_FALSE(fits_pattern("ab", "?"));
    EXPECT_FALSE(fits_pattern("ab", "a"));
}

TEST(Credentials, FileThatOthersMayReadIsRefused) {
    if (!mapferry::testing::has_permission_bits()) GTEST_SKIP() << "no permission bits";
    const ScratchFolder folder;
    const std::string path = folder.file("login");
    mapferry::testing::write_file(path, std::string("alice\nsecret\n"));
    mapferry::testing::set_permission_bits(path, 0640);
    const auto open = find_nats_credentials({.login = path});
    ASSERT_FALSE(open);
    EXPECT_EQ(open.error().code, Code::kPermission);
    mapferry::testing::set_permission_bits(path, 0600);
    const auto closed = find_nats_credentials({.login = path});
    ASSERT_TRUE(closed);
    EXPECT_EQ(closed->user, "alice");
    EXPECT_EQ(closed->password, "secret");
    EXPECT_EQ(find_nats_credentials({.login = folder.file("none")}).error().code, Code::kNotFound);
}

}  // namespace
}  // namespace mapferry::cli
