// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_connection.h"

#include <deque>
#include <mutex>
#include <utility>

#include "bridge/options/credentials.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kNextAttempt{200};
constexpr std::int64_t kConnectMs = 2000;
constexpr std::int64_t kReconnectMs = 200;
constexpr std::int64_t kRequestMs = 3000;
constexpr std::int64_t kPingMs = 2000;  // three without an answer: the connection is stale
constexpr int kPingsMost = 2;
// A network that is cut stops a thread that sends, and with it the pings.
constexpr std::int64_t kWriteMs = kPingMs * (kPingsMost + 1);
constexpr int kPendingMost = 4096;
constexpr int kSocketBytes = 262'144;  // read and written at once; bench/bridge/measure.py

// Older ones have ended long ago.
constexpr std::size_t kRetiredMost = 32;

struct Retired {
    std::mutex lock;
    std::deque<natsSubscription*> subscriptions;
};

Retired& retired() {
    static Retired all;
    return all;
}

}  // namespace

void RetireSubscription::operator()(natsSubscription* subscription) const {
    (void)natsSubscription_Unsubscribe(subscription);
    natsSubscription* oldest = nullptr;
    {
        Retired& all = retired();
        const std::lock_guard lock(all.lock);
        all.subscriptions.push_back(subscription);
        if (all.subscriptions.size() > kRetiredMost) {
            oldest = all.subscriptions.front();
            all.subscriptions.pop_front();
        }
    }
    natsSubscription_Destroy(oldest);
}

void destroy_retired_subscriptions() {
    Retired& all = retired();
    const std::lock_guard lock(all.lock);
    for (natsSubscription* const subscription : all.subscriptions)
        natsSubscription_Destroy(subscription);
    all.subscriptions.clear();
}

NatsConnection::~NatsConnection() {
    jetstream_.reset();
    if (!connection_) return;
    natsConnection_Close(connection_.get());
    // The callbacks use this object.
    while (!is_closed_.load())
        nats_Sleep(1);
    destroy_retired_subscriptions();
}

void NatsConnection::on_disconnected(natsConnection*, void* self) {
    static_cast<NatsConnection*>(self)->is_connected_ = false;
}

void NatsConnection::on_reconnected(natsConnection*, void* self) {
    auto& connection = *static_cast<NatsConnection*>(self);
    ++connection.generation_;
    connection.is_connected_ = true;
}

void NatsConnection::on_closed(natsConnection*, void* self) {
    static_cast<NatsConnection*>(self)->is_connected_ = false;
    static_cast<NatsConnection*>(self)->is_closed_ = true;
}

// A right that is missing shows here alone: the request itself would wait until its timeout.
void NatsConnection::on_error(natsConnection* connection, natsSubscription*, natsStatus status,
                              void* self) {
    if (status != NATS_NOT_PERMITTED && status != NATS_CONNECTION_AUTH_FAILED) return;
    auto& us = *static_cast<NatsConnection*>(self);
    const char* detail = nullptr;
    if (natsConnection_GetLastError(connection, &detail) == NATS_OK || detail == nullptr)
        detail = natsStatus_GetText(status);
    {
        const std::lock_guard lock(us.denied_lock_);
        us.denied_ = detail;
    }
    natsConnection_Close(connection);  // this ends the request that waits
}

Result<void> NatsConnection::set_up_login(const BridgeCommand& command) {
    const auto found = find_nats_credentials(command.credentials);
    if (!found) return std::unexpected(found.error());
    natsStatus status = NATS_OK;
    if (!found->creds_file.empty())
        status = natsOptions_SetUserCredentialsFromFiles(options_.get(), found->creds_file.c_str(),
                                                         nullptr);
    else if (!found->user.empty())
        status =
            natsOptions_SetUserInfo(options_.get(), found->user.c_str(), found->password.c_str());
    else if (!found->token.empty())
        status = natsOptions_SetToken(options_.get(), found->token.c_str());
    if (status == NATS_OK) return {};
    return std::unexpected(nats_failure({status}, "use these credentials", watch_->server()));
}

Result<void> NatsConnection::set_up_tls(const BridgeCommand& command) {
    if (command.url.transport != Transport::kTls) return {};
    natsStatus status = natsOptions_SetSecure(options_.get(), true);
    if (status == NATS_OK && !command.tls_ca.empty())
        status = natsOptions_LoadCATrustedCertificates(options_.get(), command.tls_ca.c_str());
    if (status == NATS_OK)
        status = natsOptions_SetExpectedHostname(options_.get(), command.url.host.c_str());
    if (status == NATS_OK) return {};
    return std::unexpected(nats_failure({status}, "use these certificates", watch_->server()));
}

void NatsConnection::set_up_callbacks() {
    natsOptions* const options = options_.get();
    natsOptions_SetDisconnectedCB(options, on_disconnected, this);
    natsOptions_SetReconnectedCB(options, on_reconnected, this);
    natsOptions_SetClosedCB(options, on_closed, this);
    natsOptions_SetErrorHandler(options, on_error, this);
}

Result<void> NatsConnection::set_up(const BridgeCommand& command) {
    if (const natsStatus status = natsOptions_Create(Filled(options_)); status != NATS_OK)
        return std::unexpected(nats_failure({status}, "connect", watch_->server()));
    natsOptions* const options = options_.get();
    natsOptions_SetURL(options, watch_->server().c_str());
    natsOptions_SetName(options, "mapferry-bridge");
    natsOptions_SetTimeout(options, kConnectMs);
    natsOptions_SetAllowReconnect(options, true);
    natsOptions_SetMaxReconnect(options, -1);  // the watch decides when to give up
    natsOptions_SetReconnectWait(options, kReconnectMs);
    natsOptions_SetReconnectJitter(options, kReconnectMs / 4, kReconnectMs / 4);
    // What was sent while the server was away must not arrive later: we send it again ourselves.
    natsOptions_SetReconnectBufSize(options, 0);
    natsOptions_SetFailRequestsOnDisconnect(options, true);
    natsOptions_SetPingInterval(options, kPingMs);
    natsOptions_SetMaxPingsOut(options, kPingsMost);
    natsOptions_SetWriteDeadline(options, kWriteMs);
    natsOptions_SetMaxPendingMsgs(options, kPendingMost);
    natsOptions_SetIOBufSize(options, kSocketBytes);
    set_up_callbacks();
    if (auto login = set_up_login(command); !login) return login;
    return set_up_tls(command);
}

Result<void> NatsConnection::connect() {
    while (true) {
        const natsStatus status = natsConnection_Connect(Filled(connection_), options_.get());
        if (status == NATS_OK) break;
        // A server that is starting, ending or very busy says nothing, or half of it.
        const natsStatus cause = status == NATS_PROTOCOL_ERROR ? NATS_NO_SERVER : status;
        if (auto again = before_next_attempt({cause}, "connect"); !again) return again;
    }
    is_connected_ = true;
    jsOptions options;
    jsOptions_Init(&options);
    options.Wait = kRequestMs;
    const natsStatus status =
        natsConnection_JetStream(Filled(jetstream_), connection_.get(), &options);
    if (status != NATS_OK)
        return std::unexpected(nats_failure({status}, "use JetStream", watch_->server()));
    watch_->connected();
    return {};
}

Result<std::unique_ptr<NatsConnection>> NatsConnection::open(const BridgeCommand& command,
                                                             EngineWatch& watch) {
    std::unique_ptr<NatsConnection> made(new NatsConnection(watch));
    if (auto set = made->set_up(command); !set) return std::unexpected(set.error());
    if (auto connected = made->connect(); !connected) return std::unexpected(connected.error());
    return made;
}

Result<void> NatsConnection::check_denied() {
    const std::lock_guard lock(denied_lock_);
    if (denied_.empty()) return {};
    return fail(Code::kPermission, "the server " + watch_->server() + " refuses: " + denied_,
                "look at --creds, --login, and the user's rights at the server");
}

Result<void> NatsConnection::ready() {
    while (!is_connected_.load()) {
        if (auto allowed = check_denied(); !allowed) return allowed;
        if (is_closed_.load())
            return fail(Code::kPeerGone, "the server " + watch_->server() +
                                             " closed the "
                                             "connection");
        watch_->lost("the connection broke");
        if (auto slept = watch_->pause(std::chrono::milliseconds(20)); !slept) return slept;
    }
    watch_->connected();
    return watch_->go_on();
}

Result<void> NatsConnection::before_next_attempt(const NatsAnswer& answer,
                                                 const std::string& what) {
    if (auto allowed = check_denied(); !allowed) return allowed;
    if (!is_connection_trouble(answer))
        return std::unexpected(nats_failure(answer, what, watch_->server()));
    watch_->lost(natsStatus_GetText(answer.status));
    if (auto slept = watch_->pause(kNextAttempt); !slept) return slept;
    // A server that answers pings, but not this request, is still away.
    while (connection_ && !is_connected_.load()) {
        if (auto allowed = check_denied(); !allowed) return allowed;
        if (is_closed_.load())
            return fail(Code::kPeerGone, "the server " + watch_->server() +
                                             " closed the "
                                             "connection");
        if (auto slept = watch_->pause(std::chrono::milliseconds(20)); !slept) return slept;
    }
    return {};
}

Result<NatsAnswer> NatsConnection::ask_for_answer(const std::string& what, const Request& request) {
    while (true) {
        if (auto going = watch_->go_on(); !going) return std::unexpected(going.error());
        NatsAnswer answer;
        answer.status = request(answer.code);
        if (!is_connection_trouble(answer)) {
            if (is_refusal(answer.status))
                return std::unexpected(nats_failure(answer, what, watch_->server()));
            watch_->connected();
            return answer;
        }
        if (auto again = before_next_attempt(answer, what); !again)
            return std::unexpected(again.error());
    }
}

Result<void> NatsConnection::ask(const std::string& what, const Request& request) {
    const auto answer = ask_for_answer(what, request);
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == NATS_OK) return {};
    return std::unexpected(nats_failure(*answer, what, watch_->server()));
}

}  // namespace mapferry::cli
