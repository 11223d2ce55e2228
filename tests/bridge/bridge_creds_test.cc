// SPDX-License-Identifier: Apache-2.0
// Credentials files: signed identities, as the servers of larger users ask for them.
#include "bridge/bridge_rig.h"
#include "bridge/nats_identities.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class BridgeCreds : public BridgeTest {
  protected:
    [[nodiscard]] Words creds(const std::string& name, const std::string& text) const {
        const std::string path = folder_.file(name);
        write_file(path, text);
        set_permission_bits(path, 0600);
        return {"--creds", path};
    }

    const NatsOperator ours_;
};

TEST_F(BridgeCreds, OfTheOperatorsAccountMayDoAll) {
    const NatsServer server(folder_, ours_.settings());
    const std::string source = make_source(kMiB);
    ASSERT_TRUE(keep({source}));
    const Words user = creds("user", ours_.new_user());
    EXPECT_TRUE(ended_with(0, run_export(server.url("kept/one"), user)));
    EXPECT_TRUE(ended_with(0, run_import(server.url("kept/one"), user)));
    EXPECT_TRUE(far_gives(source));
}

TEST_F(BridgeCreds, OfAnotherOperatorAreRefused) {
    const NatsServer server(folder_, ours_.settings());
    ASSERT_TRUE(keep({make_source(1000)}));
    const Words stranger = creds("stranger", NatsOperator().new_user());
    EXPECT_TRUE(ended_with(kExitPermission, run_export(server.url("kept/one"), stranger)));
    EXPECT_TRUE(ended_with(kExitPermission, run_export(server.url("kept/one"))));
}

TEST_F(BridgeCreds, ThatHaveExpiredAreRefused) {
    const NatsServer server(folder_, ours_.settings());
    ASSERT_TRUE(keep({make_source(1000)}));
    const Words old = creds("old", ours_.new_user(nlohmann::json::object(), -60));
    EXPECT_TRUE(ended_with(kExitPermission, run_export(server.url("kept/one"), old)));
}

TEST_F(BridgeCreds, WithoutTheRightToWriteAreRefused) {
    const NatsServer server(folder_, ours_.settings());
    ASSERT_TRUE(keep({make_source(1000)}));
    ASSERT_TRUE(ended_with(0, run_export(server.url("kept/one"), creds("user", ours_.new_user()))));
    const Words reader =
        creds("reader", ours_.new_user({{"deny", {"$O.>", "$JS.API.STREAM.CREATE.>"}}}));
    EXPECT_TRUE(ended_with(kExitPermission, run_export(server.url("kept/two"), reader)));
    EXPECT_TRUE(ended_with(0, run_import(server.url("kept/one"), reader)));
}

TEST_F(BridgeCreds, ThatAreNoneOrThatOthersMayReadAreNotUsed) {
    const NatsServer server(folder_, ours_.settings());
    ASSERT_TRUE(keep({make_source(1000)}));
    const Ended ended =
        run_export(server.url("kept/one"), creds("nonsense", "no identity and no seed"));
    EXPECT_TRUE(ended_with(kExitUsage, ended));
    const Words open = creds("open", ours_.new_user());
    set_permission_bits(open[1], 0644);
    EXPECT_TRUE(ended_with(kExitPermission, run_export(server.url("kept/one"), open)));
}

}  // namespace
}  // namespace mapferry::testing
