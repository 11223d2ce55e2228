// SPDX-License-Identifier: Apache-2.0
// Kept payloads through a server and back.
#include <algorithm>

#include "bridge/bridge_rig.h"
#include "mapferry/shared_buffer.h"

namespace mapferry::testing {
namespace {

class KeptBridge : public BridgeTest {};

TEST_F(KeptBridge, PayloadOfAnySizeComesBack) {
    const NatsServer server(folder_);
    for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{131'072},
                                      std::uint64_t{131'073}, 5 * kMiB + 7}) {
        const std::string source = make_source(bytes, "source-" + std::to_string(bytes));
        ASSERT_TRUE(keep({source}));
        const std::string url = server.url("kept/size-" + std::to_string(bytes));
        EXPECT_TRUE(ended_with(0, run_export(url)));
        EXPECT_TRUE(ended_with(0, run_import(url)));
        EXPECT_TRUE(far_gives(source)) << bytes;
        section_.remove();
        remove_far();
    }
}

TEST_F(KeptBridge, FarSectionSaysWhatTheNearOneSays) {
    const NatsServer server(folder_);
    const std::string picture = std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp";
    ASSERT_TRUE(keep({"--meta", "maker=\xc3\xa4 & 100%", picture}));
    ASSERT_TRUE(ended_with(0, run_export(server.url("kept"))));
    ASSERT_TRUE(ended_with(0, run_import(server.url("kept/landscape-bgr24-149x83.bmp"))));
    const auto near = json_event(run_tool({"verify", "--json", section_.name()}).output, "payload");
    const auto far = json_event(run_tool({"verify", "--json", far_.name()}).output, "payload");
    EXPECT_EQ(near, far);
    EXPECT_EQ(far.at("meta").at("maker"), "\xc3\xa4 & 100%");
    EXPECT_EQ(far.at("image").at("width"), 149);
}

TEST_F(KeptBridge, ObjectOfTheNameIsNotReplacedUnasked) {
    const NatsServer server(folder_);
    const std::string url = server.url("kept/one");
    const std::string first = make_source(300'000, "first");
    const std::string second = make_source(200'000, "second");
    ASSERT_TRUE(keep({first}));
    ASSERT_TRUE(ended_with(0, run_export(url)));
    section_.remove();
    ASSERT_TRUE(keep({second}));
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_export(url)));
    EXPECT_TRUE(ended_with(0, run_import(url)));
    EXPECT_TRUE(far_gives(first));
    remove_far();
    EXPECT_TRUE(ended_with(0, run_export(url, {"--overwrite"})));
    EXPECT_TRUE(ended_with(0, run_import(url)));
    EXPECT_TRUE(far_gives(second));
}

TEST_F(KeptBridge, ImportIntoATakenNameLeavesTheSection) {
    const NatsServer server(folder_);
    const std::string source = make_source(kMiB);
    ASSERT_TRUE(keep({source}));
    ASSERT_TRUE(ended_with(0, run_export(server.url("kept/one"))));
    ASSERT_TRUE(ended_with(0, run_import(server.url("kept/one"))));
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_import(server.url("kept/one"))));
    EXPECT_TRUE(far_gives(source));
}

TEST_F(KeptBridge, OneOfTwoExportersEndsWithTheOthersObjectThere) {
    const NatsServer server(folder_);
    const std::string source = make_source(24 * kMiB);
    ASSERT_TRUE(keep({source}));
    ChildProcess one = start_export(server.url("kept/one"));
    ChildProcess two = start_export(server.url("kept/one"));
    std::vector<int> codes = {one.wait().code.value_or(-1), two.wait().code.value_or(-1)};
    std::ranges::sort(codes);
    EXPECT_EQ(codes, (std::vector{0, kExitCannotCreate})) << one.errors() << two.errors();
    EXPECT_TRUE(ended_with(0, run_bridge({"verify", "--verify-sha256", server.url("kept/one")})));
}

// The server remembers for two minutes which chunks it has had.
TEST_F(KeptBridge, ObjectThatWasRemovedCanBePutAgainAtOnce) {
    const NatsServer server(folder_);
    const std::string source = make_source(kMiB);
    ASSERT_TRUE(keep({source}));
    for (int round = 0; round < 2; ++round) {
        ASSERT_TRUE(ended_with(0, run_export(server.url("kept/one"))));
        EXPECT_TRUE(ended_with(0, run_bridge({"verify", server.url("kept/one")})));
        EXPECT_TRUE(ended_with(0, run_bridge({"rm", server.url("kept/one")})));
    }
}

TEST_F(KeptBridge, ImporterWaitsForTheObject) {
    const NatsServer server(folder_);
    EXPECT_TRUE(ended_with(kExitNoInput, run_import(server.url("kept/one"), {"--timeout", "0"})));
    EXPECT_TRUE(
        ended_with(kExitTimedOut, run_import(server.url("kept/one"), {"--timeout", "300ms"})));
    ChildProcess importer = start_import(server.url("kept/one"));
    const std::string source = make_source(100'000);
    ASSERT_TRUE(keep({source}));
    ASSERT_TRUE(ended_with(0, run_export(server.url("kept/one"))));
    EXPECT_TRUE(ended_with(0, importer));
    EXPECT_TRUE(far_gives(source));
}

TEST_F(KeptBridge, EqualBytesUnderTwoNamesAreStoredOnce) {
    const NatsServer server(folder_);
    ASSERT_TRUE(keep({make_source(3 * kMiB)}));
    for (const char* const name : {"kept/one", "kept/two"})
        ASSERT_TRUE(ended_with(0, run_export(server.url(name), {"--content-addressed"})));
    const auto place = json_event(run_bridge({"ls", "--json", server.url("")}).output, "place");
    EXPECT_EQ(place.at("name"), "kept");
    EXPECT_LT(place.at("bytes").get<std::uint64_t>(), 4 * kMiB);
    EXPECT_TRUE(ended_with(0, run_import(server.url("kept/two"))));
    EXPECT_TRUE(far_gives(folder_.file("source.bin")));
}

TEST_F(KeptBridge, SectionWithSeveralPayloadsIsRefused) {
    const NatsServer server(folder_);
    ASSERT_TRUE(keep({make_source(10, "a"), make_source(20, "b")}));
    EXPECT_TRUE(ended_with(kExitUsage, run_export(server.url("kept/one"))));
}

TEST_F(KeptBridge, BufferIsRefusedWithTheReason) {
    const auto buffer = SharedBuffer::create({.address = section_.address(), .size_bytes = 100});
    ASSERT_TRUE(buffer);
    const Ended ended = run_export("nats://127.0.0.1:9/kept");
    EXPECT_TRUE(ended_with(kExitUsage, ended));
    EXPECT_TRUE(contains(ended.errors, "lock does not reach other machines")) << ended.errors;
}

TEST_F(KeptBridge, ListShowsWhatIsThereUntilItIsRemoved) {
    const NatsServer server(folder_);
    ASSERT_TRUE(keep({make_source(1000)}));
    ASSERT_TRUE(ended_with(0, run_export(server.url("kept/a b/%41"))));
    const auto object =
        json_event(run_bridge({"ls", "--json", server.url("kept")}).output, "object");
    EXPECT_EQ(object.at("name"), "a b/%41");
    EXPECT_EQ(object.at("bytes"), 1000);
    EXPECT_EQ(object.at("file_name"), "source.bin");
    EXPECT_TRUE(contains(run_bridge({"info", server.url("kept/a b/%41")}).output, "source.bin"));
    EXPECT_TRUE(ended_with(0, run_bridge({"rm", server.url("kept/a b/%41")})));
    EXPECT_TRUE(ended_with(kExitNoInput, run_bridge({"rm", server.url("kept/a b/%41")})));
    EXPECT_TRUE(ended_with(kExitNoInput, run_bridge({"verify", server.url("kept/a b/%41")})));
    EXPECT_TRUE(ended_with(0, run_bridge({"rm", server.url("kept")})));
    EXPECT_EQ(run_bridge({"ls", server.url("")}).output, "");
}

TEST_F(KeptBridge, WatcherExportsEachKeptSectionOfThePattern) {
    const NatsServer server(folder_);
    ChildProcess watcher =
        start_bridge({"export", "--watch", section_.name() + "*", "--to", server.url("kept")});
    const std::string source = make_source(200'000);
    ASSERT_TRUE(keep({source}));
    const std::string url = server.url("kept/" + section_.name());
    EXPECT_TRUE(ended_with(0, run_import(url)));
    EXPECT_TRUE(far_gives(source));
    watcher.send(Signal::kTerminate);
    EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), watcher));
}

TEST_F(KeptBridge, FrontDoorLeadsToTheBridge) {
    const Ended front = run_tool({"bridge", "--help"});
    EXPECT_TRUE(ended_with(0, front));
    EXPECT_EQ(front.output, run_bridge({"--help"}).output);
    EXPECT_TRUE(ended_with(kExitUsage, run_tool({"bridge", "ls"})));
}

}  // namespace
}  // namespace mapferry::testing
