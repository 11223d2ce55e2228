// SPDX-License-Identifier: Apache-2.0
// Kept payloads when something dies on the way: the next run, or the same one, goes on.
#include <random>
#include <thread>

#include "bridge/bridge_rig.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::uint64_t kBytes = 64 * kMiB;

class KeptBreak : public BridgeTest {
  protected:
    // Some moment of a transfer. What happens must be right at each.
    void pass_some_time() {
        const int ms = std::uniform_int_distribution<int>(0, 250)(random_);
        std::this_thread::sleep_for(std::chrono::milliseconds(ms));  // time itself
    }

    std::mt19937 random_{21};
};

TEST_F(KeptBreak, NextExporterGoesOnWhereTheServerWasFull) {
    const std::string little = "max_file: 20MB }";
    NatsServer server(folder_, little);
    const std::string source = make_source(kBytes);
    ASSERT_TRUE(keep({source}));
    EXPECT_TRUE(ended_with(kExitIo, run_export(server.url("kept/one"))));
    EXPECT_EQ(run_bridge({"ls", server.url("kept")}).output, "");
    server.kill();
    server.start_again("");
    const Ended second = run_export(server.url("kept/one"), {"--json"});
    EXPECT_TRUE(ended_with(0, second));
    const auto resumed = json_event(second.output, "resumed");
    EXPECT_GT(resumed.value("bytes", std::uint64_t{0}), kMiB);
    EXPECT_EQ(resumed.value("total_bytes", std::uint64_t{0}), kBytes);
    EXPECT_TRUE(ended_with(0, run_bridge({"verify", "--verify-sha256", server.url("kept/one")})));
    EXPECT_TRUE(ended_with(0, run_import(server.url("kept/one"))));
    EXPECT_TRUE(far_gives(source));
}

TEST_F(KeptBreak, KilledExporterLeavesNothingAndTheNextOneEndsIt) {
    const NatsServer server(folder_);
    const std::string source = make_source(kBytes);
    ASSERT_TRUE(keep({source}));
    for (int round = 0; round < 6; ++round) {
        ChildProcess exporter = start_export(server.url("kept/one"));
        pass_some_time();
        exporter.send(Signal::kKill);
        if (exporter.wait().code == 0) break;
    }
    const Ended last = run_export(server.url("kept/one"));
    EXPECT_TRUE(last.exit == exited(0) || last.exit == exited(kExitCannotCreate)) << last.errors;
    EXPECT_TRUE(ended_with(0, run_bridge({"verify", "--verify-sha256", server.url("kept/one")})));
    EXPECT_TRUE(ended_with(0, run_import(server.url("kept/one"))));
    EXPECT_TRUE(far_gives(source));
}

TEST_F(KeptBreak, KilledImporterLeavesNothingAndTheNextOneHasAll) {
    const NatsServer server(folder_);
    const std::string source = make_source(kBytes);
    ASSERT_TRUE(keep({source}));
    ASSERT_TRUE(ended_with(0, run_export(server.url("kept/one"))));
    for (int round = 0; round < 5; ++round) {
        ChildProcess importer = start_import(server.url("kept/one"));
        pass_some_time();
        importer.send(Signal::kKill);
        if (importer.wait().code != 0) continue;
        EXPECT_TRUE(far_gives(source));
        remove_far();
    }
    EXPECT_TRUE(ended_with(0, run_import(server.url("kept/one"))));
    EXPECT_TRUE(far_gives(source));
}

TEST_F(KeptBreak, ServerThatDiesOnTheWayIsWaitedFor) {
    NatsServer server(folder_);
    const std::string source = make_source(kBytes);
    ASSERT_TRUE(keep({source}));
    ChildProcess exporter = start_export(server.url("kept/one"));
    for (int round = 0; round < 2; ++round) {
        pass_some_time();
        server.kill();
        server.start_again();
    }
    EXPECT_TRUE(ended_with(0, exporter));
    ChildProcess importer = start_import(server.url("kept/one"));
    pass_some_time();
    server.kill();
    server.start_again();
    EXPECT_TRUE(ended_with(0, importer));
    EXPECT_TRUE(far_gives(source));
    EXPECT_TRUE(ended_with(0, run_bridge({"verify", "--verify-sha256", server.url("kept/one")})));
}

TEST_F(KeptBreak, ServerThatStaysAwayEndsTheBridge) {
    ASSERT_TRUE(keep({make_source(1000)}));
    EXPECT_TRUE(ended_with(kExitPeerGone,
                           run_export("nats://127.0.0.1:1/kept/one", {"--timeout", "400ms"})));
    NatsServer server(folder_);
    ASSERT_TRUE(ended_with(0, run_export(server.url("kept/one"))));
    ChildProcess importer = start_import(server.url("kept/two"), {"--json", "--timeout", "1500ms"});
    ASSERT_TRUE(eventually([&] { return contains(importer.output(), "connected"); }));
    server.kill();
    EXPECT_TRUE(ended_with(kExitPeerGone, importer));
    EXPECT_TRUE(contains(importer.output(), R"("event":"lost")")) << importer.output();
}

}  // namespace
}  // namespace mapferry::testing
