// SPDX-License-Identifier: Apache-2.0
// The connection to a NATS server, which comes back by itself until the watch gives up.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "bridge/engine_watch.h"
#include "bridge/nats/nats_failure.h"
#include "bridge/nats/nats_handles.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

// How long nothing may come from the server before a bridge looks where its messages are.
inline constexpr std::chrono::milliseconds kNatsSilence{3000};

// One thread at a time, apart from the client library's own threads.
class NatsConnection {
  public:
    // Waits for the server. `watch` must outlive it. kPermission: wrong certificate, user or
    // password, at once; kPeerGone: there is no server within the timeout; kUsage, kInterrupted.
    [[nodiscard]] static Result<std::unique_ptr<NatsConnection>> open(const BridgeCommand& command,
                                                                      EngineWatch& watch);
    ~NatsConnection();
    NatsConnection(const NatsConnection&) = delete;
    NatsConnection& operator=(const NatsConnection&) = delete;

    [[nodiscard]] natsConnection* get() const { return connection_.get(); }
    [[nodiscard]] jsCtx* jetstream() const { return jetstream_.get(); }
    [[nodiscard]] EngineWatch& watch() const { return *watch_; }

    // How often the connection was made anew. What was under way with another number is lost.
    [[nodiscard]] std::uint64_t generation() const { return generation_.load(); }
    // Waits until the connection stands. kPermission: the server refused something; kPeerGone,
    // kInterrupted.
    [[nodiscard]] Result<void> ready();

    // Makes `request` until it has an answer. An answer that is a failure is an error.
    using Request = std::function<natsStatus(jsErrCode& code)>;
    [[nodiscard]] Result<void> ask(const std::string& what, const Request& request);
    // The same, but returns the answer, whatever it is.
    [[nodiscard]] Result<NatsAnswer> ask_for_answer(const std::string& what,
                                                    const Request& request);
    // After a failure of the connection: waits before the next attempt. Otherwise the error.
    [[nodiscard]] Result<void> before_next_attempt(const NatsAnswer& answer,
                                                   const std::string& what);

  private:
    explicit NatsConnection(EngineWatch& watch) : watch_(&watch) {}
    Result<void> set_up(const BridgeCommand& command);
    Result<void> set_up_login(const BridgeCommand& command);
    Result<void> set_up_tls(const BridgeCommand& command);
    void set_up_callbacks();
    Result<void> connect();
    // kPermission: the server has refused something that this program asked for.
    Result<void> check_denied();

    static void on_disconnected(natsConnection* connection, void* self);
    static void on_reconnected(natsConnection* connection, void* self);
    static void on_closed(natsConnection* connection, void* self);
    static void on_error(natsConnection* connection, natsSubscription* subscription,
                         natsStatus status, void* self);

    EngineWatch* watch_;
    NatsOptions options_;
    // The threads of the client library change these.
    std::atomic<bool> is_connected_{false};
    std::atomic<bool> is_closed_{false};
    std::atomic<std::uint64_t> generation_{0};
    std::mutex denied_lock_;
    std::string denied_;  // why the server refuses; empty: it does not

    NatsConnectionHandle connection_;
    JetStream jetstream_;
};

}  // namespace mapferry::cli
