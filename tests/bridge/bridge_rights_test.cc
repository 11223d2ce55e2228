// SPDX-License-Identifier: Apache-2.0
// Who may do what: users, rights, certificates.
#include <cstdlib>

#include "bridge/bridge_rig.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

constexpr const char* kUsers = R"(
authorization { users = [
  { user: writer, password: "w-secret" }
  { user: reader, password: "r-secret", permissions: {
      publish: { deny: ["$O.>", "mff.>", "mfq.>", "$JS.API.STREAM.CREATE.>"] } } }
] })";

class BridgeRights : public BridgeTest {
  protected:
    [[nodiscard]] std::string login(const std::string& user, const std::string& password) const {
        const std::string path = folder_.file(user + "-" + password);
        write_file(path, user + "\n" + password + "\n");
        set_permission_bits(path, 0600);
        return path;
    }
};

TEST_F(BridgeRights, WrongPasswordEndsAtOnce) {
    const NatsServer server(folder_, kUsers);
    ASSERT_TRUE(keep({make_source(1000)}));
    for (const Words& words :
         {Words{}, Words{"--login", login("writer", "wrong")}, Words{"--login", login("x", "y")}}) {
        const Ended ended = run_export(server.url("kept/one"), words);
        EXPECT_TRUE(ended_with(kExitPermission, ended));
        EXPECT_FALSE(contains(ended.errors, "wrong")) << ended.errors;
    }
    EXPECT_TRUE(ended_with(
        0, run_export(server.url("kept/one"), {"--login", login("writer", "w-secret")})));
}

TEST_F(BridgeRights, ReaderWithoutTheRightToWriteIsRefused) {
    const NatsServer server(folder_, kUsers);
    ASSERT_TRUE(keep({make_source(1000)}));
    const Words reader = {"--login", login("reader", "r-secret")};
    ASSERT_TRUE(ended_with(
        0, run_export(server.url("kept/one"), {"--login", login("writer", "w-secret")})));
    EXPECT_TRUE(ended_with(kExitPermission, run_export(server.url("kept/two"), reader)));
    EXPECT_TRUE(ended_with(kExitPermission, run_export(server.url("new/one"), reader)));
    EXPECT_TRUE(ended_with(0, run_import(server.url("kept/one"), reader)));
}

TEST_F(BridgeRights, SecretThatOthersMayReadIsNotUsed) {
    const NatsServer server(folder_, kUsers);
    ASSERT_TRUE(keep({make_source(1000)}));
    const std::string path = login("writer", "w-secret");
    set_permission_bits(path, 0644);
    EXPECT_TRUE(ended_with(kExitPermission, run_export(server.url("kept/one"), {"--login", path})));
}

// A certificate of an authority that the test makes.
[[nodiscard]] bool make_certificates(const std::string& folder) {
    const std::string command =
        "cd '" + folder +
        "' && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca.key "
        "-out ca.pem && openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "
        "server.key -out server.csr && printf 'subjectAltName=DNS:localhost' >names && openssl "
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names "
        "-out server.pem && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other-ca "
        "-keyout other.key -out other.pem";
    // NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe): a command of the test, in its folder.
    return std::system(("{ " + command + "; } >/dev/null 2>&1").c_str()) == 0;
}

TEST_F(BridgeRights, CertificateOfAnotherAuthorityEndsAtOnce) {
    const std::string keys = folder_.make_folder("keys");
    if (!make_certificates(keys)) GTEST_SKIP() << "there is no openssl to make certificates";
    const NatsServer server(folder_, "tls { cert_file: \"" + keys + "/server.pem\", key_file: \"" +
                                         keys + "/server.key\" }");
    const std::string source = make_source(kMiB);
    ASSERT_TRUE(keep({source}));
    std::string url = server.url("kept/one", "tls");
    url.replace(url.find("127.0.0.1"), 9, "localhost");
    EXPECT_TRUE(ended_with(kExitPermission, run_export(url)));
    EXPECT_TRUE(ended_with(kExitPermission, run_export(url, {"--tls-ca", keys + "/other.pem"})));
    // The certificate is for the name, not for the number.
    EXPECT_TRUE(ended_with(kExitPermission, run_export(server.url("kept/one", "tls"),
                                                       {"--tls-ca", keys + "/ca.pem"})));
    EXPECT_TRUE(ended_with(0, run_export(url, {"--tls-ca", keys + "/ca.pem"})));
    EXPECT_TRUE(ended_with(0, run_import(url, {"--tls-ca", keys + "/ca.pem"})));
    EXPECT_TRUE(far_gives(source));
}

}  // namespace
}  // namespace mapferry::testing
