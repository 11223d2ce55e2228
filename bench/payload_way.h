// SPDX-License-Identifier: Apache-2.0
// One way to bring many small payloads from one process to another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry::bench {

// A record is a payload with its XXH3-64 before it. Ways that take no checksum themselves carry
// records.
inline constexpr std::size_t kDigestBytes = sizeof(std::uint64_t);

struct PayloadTask {
    std::string channel;  // a name of this run alone
    std::uint64_t payload_count = 0;
    std::size_t payload_bytes = 0;  // of each payload
    [[nodiscard]] std::size_t record_bytes() const { return kDigestBytes + payload_bytes; }
};

// Every function that fails ends the process with a message.
class PayloadSender {
  public:
    virtual ~PayloadSender() = default;
    virtual void send(std::span<const std::byte> record) = 0;
    virtual void finish() {}
};

class PayloadReceiver {
  public:
    virtual ~PayloadReceiver() = default;
    // The next record. A way that verifies by itself returns the next payload, verified. Valid
    // until the next call. Empty: the bytes are not those that were sent.
    virtual std::span<std::byte> receive() = 0;
    virtual void finish() {}
};

enum class Verifies : std::uint8_t { kItself, kWithRecord };

struct PayloadWay {
    std::string_view name;
    Verifies verifies = Verifies::kWithRecord;
    std::unique_ptr<PayloadSender> (*make_sender)(const PayloadTask&) = nullptr;
    std::unique_ptr<PayloadReceiver> (*make_receiver)(const PayloadTask&) = nullptr;
};

// Each source file adds its own ways.
void add_mapferry_payload_ways(std::vector<PayloadWay>& ways);
void add_boost_payload_ways(std::vector<PayloadWay>& ways);
void add_queue_payload_ways(std::vector<PayloadWay>& ways);
void add_stream_payload_ways(std::vector<PayloadWay>& ways);

}  // namespace mapferry::bench
