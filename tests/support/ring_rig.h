// SPDX-License-Identifier: Apache-2.0
// A ring on the heap with a writer and readers, and the two loops that Writer and Reader run: one
// puts a payload in as messages, the other takes it out and verifies it.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "format/geometry_plan.h"
#include "mapferry/payload.h"
#include "ring/ring_reader.h"
#include "ring/ring_writer.h"
#include "stream/payload_progress.h"
#include "support/fake_peers.h"
#include "support/heap_section.h"
#include "support/test_bytes.h"

namespace mapferry::testing {

inline constexpr std::int64_t kRigTimeoutMs = 5000;

// Plans of small sections, for quick tests.
[[nodiscard]] inline PlanRequest small_stream(std::uint64_t slot_count) {
    return {.delivery = Delivery::kStream, .slot_count = slot_count, .slot_capacity_bytes = 4096};
}
[[nodiscard]] inline PlanRequest small_keep(std::uint64_t slot_count) {
    return {.delivery = Delivery::kKeep, .slot_count = slot_count, .slot_capacity_bytes = 4096};
}

// The bytes show which message they belong to; lengths from zero to a whole slot of 4096.
[[nodiscard]] Bytes message_bytes(std::uint64_t sequence);

// Asks for a place and waits for it.
[[nodiscard]] inline Result<void> take_place(RingReader& reader, std::uint32_t line,
                                             std::uint32_t process_id) {
    reader.ask_for_place(line, process_id);
    return reader.await_place();
}

Result<std::uint64_t> put_message(RingWriter& writer, std::span<const std::byte> bytes,
                                  const MessageFacts& facts = {});

// The next message, with its bytes copied and checked; empty at the end.
struct TakenMessage {
    Message message;
    Bytes bytes;
};
[[nodiscard]] Result<std::optional<TakenMessage>> take_message(RingReader& reader,
                                                               const PayloadProgress& progress);

// Puts a manifest, chunks of at most `chunk_bytes`, and an end record. The payload's index is
// info.payload_index.
Result<PayloadSummary> put_payload(RingWriter& writer, const PayloadInfo& info,
                                   std::span<const std::byte> bytes,
                                   std::size_t chunk_bytes = 4096);

// The next whole payload; empty at the end.
struct TakenPayload {
    PayloadInfo info;
    Bytes bytes;
    PayloadSummary summary;
};
[[nodiscard]] Result<std::optional<TakenPayload>> take_payload(RingReader& reader);

// One thread plays the writer and all readers.
class RingRig {
  public:
    explicit RingRig(const PlanRequest& request,
                     std::optional<std::int64_t> stall_timeout_ms = kRigTimeoutMs);

    // Adds a reader that asks for a place at the next free line and gets it at once.
    RingReader& seat_reader();
    // Adds a reader without a place, as in keep.
    RingReader& add_reader();
    // Puts message_bytes(s) as message s.
    Result<void> put_next();
    // Takes a message, compares it with message_bytes(s) and releases it at once. Throws when the
    // bytes differ.
    void take_next(RingReader& reader);

    HeapSection section;
    FakePeers peers;
    std::atomic<int> stop = 0;
    WaitLimits limits;
    RingWriter writer;
    std::deque<RingReader> readers;
};

}  // namespace mapferry::testing
