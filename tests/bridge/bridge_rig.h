// SPDX-License-Identifier: Apache-2.0
// A server of NATS for one test, and the bridge.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "process/programs.h"

namespace mapferry::testing {

// nats-server on a port of its own, with its data in a folder of the test.
class NatsServer {
  public:
    // `settings`: lines of its configuration beside those that every test has.
    explicit NatsServer(const ScratchFolder& folder, const std::string& settings = {});
    NatsServer(const NatsServer&) = delete;
    NatsServer& operator=(const NatsServer&) = delete;
    // Prints what the server has logged if the test has failed.
    ~NatsServer();

    [[nodiscard]] std::string url(const std::string& path,
                                  const std::string& scheme = "nats") const;
    // SIGKILL.
    void kill();
    // Starts it again, on the same port, with the same data and perhaps other settings.
    void start_again(const std::string& settings);
    void start_again() { start_again(settings_); }
    // The bytes of its streams, as it says itself.
    [[nodiscard]] static bool is_installed();

  private:
    void start();

    std::string folder_;
    std::string settings_;
    std::string port_ = "-1";
    std::optional<ChildProcess> process_;
};

class BridgeTest : public ProgramTest {
  protected:
    void SetUp() override;
    void TearDown() override;

    // A second section of this test, for what was imported.
    [[nodiscard]] static ChildProcess start_bridge(Words words);
    [[nodiscard]] static Ended run_bridge(Words words);
    [[nodiscard]] Ended run_export(const std::string& url, Words more = {}) const;
    [[nodiscard]] Ended run_import(const std::string& url, Words more = {}) const;
    [[nodiscard]] ChildProcess start_export(const std::string& url, Words more = {}) const;
    [[nodiscard]] ChildProcess start_import(const std::string& url, Words more = {}) const;
    // Whether the far section gives this file, and both sections verify.
    [[nodiscard]] ::testing::AssertionResult far_gives(const std::string& source) const;
    void remove_far() const { far_.remove(); }

    const UniqueSection far_;
};

}  // namespace mapferry::testing
