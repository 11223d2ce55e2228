// SPDX-License-Identifier: Apache-2.0
// Objects of the NATS client library that destroy themselves, and what its messages say.
#pragma once

#include <nats/nats.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace mapferry::cli {

// Calls a function of the client library to destroy an object.
template <auto kDestroy>
struct NatsDestroy {
    template <typename Object>
    void operator()(Object* object) const {
        kDestroy(object);
    }
};

using NatsOptions = std::unique_ptr<natsOptions, NatsDestroy<natsOptions_Destroy>>;
using NatsConnectionHandle = std::unique_ptr<natsConnection, NatsDestroy<natsConnection_Destroy>>;
using JetStream = std::unique_ptr<jsCtx, NatsDestroy<jsCtx_Destroy>>;
using NatsMessage = std::unique_ptr<natsMsg, NatsDestroy<natsMsg_Destroy>>;
// Ends a subscription, and destroys it later: with messages still coming in, version 3.4.1 of the
// client library uses a subscription after natsSubscription_Destroy() has freed it.
struct RetireSubscription {
    void operator()(natsSubscription* subscription) const;
};
// Destroys all that were retired. Call when the connection is closed.
void destroy_retired_subscriptions();
using NatsSubscription = std::unique_ptr<natsSubscription, RetireSubscription>;
using StreamInfo = std::unique_ptr<jsStreamInfo, NatsDestroy<jsStreamInfo_Destroy>>;
using ConsumerInfo = std::unique_ptr<jsConsumerInfo, NatsDestroy<jsConsumerInfo_Destroy>>;
using StreamNames = std::unique_ptr<jsStreamNamesList, NatsDestroy<jsStreamNamesList_Destroy>>;
using PubAck = std::unique_ptr<jsPubAck, NatsDestroy<jsPubAck_Destroy>>;

// A pointer that one of the library's functions fills.
template <typename Handle>
class Filled {
  public:
    explicit Filled(Handle& handle) : handle_(&handle) {}
    ~Filled() { handle_->reset(object_); }
    Filled(const Filled&) = delete;
    Filled& operator=(const Filled&) = delete;
    // NOLINTNEXTLINE(google-explicit-constructor): it stands for the address of a pointer.
    operator typename Handle::element_type **() { return &object_; }

  private:
    Handle* handle_;
    typename Handle::element_type* object_ = nullptr;
};

// Whether a message is there already.
[[nodiscard]] inline bool has_message(natsSubscription* subscription) {
    int messages = 0;
    return natsSubscription_GetPending(subscription, &messages, nullptr) == NATS_OK &&
           messages != 0;
}

[[nodiscard]] inline std::string_view body_of(natsMsg* message) {
    return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

// The message's place in its stream; 0: it is none of a stream.
[[nodiscard]] std::uint64_t sequence_of(natsMsg* message);

}  // namespace mapferry::cli
