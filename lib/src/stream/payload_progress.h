// SPDX-License-Identifier: Apache-2.0
// Checks that a payload's messages come in their order and add up: manifest, chunks without a gap,
// end record. Pure bookkeeping; the caller has verified each message's bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "mapferry/detail/hash.h"
#include "mapferry/payload.h"
#include "mapferry/status.h"
#include "ring/ring_reader.h"

namespace mapferry::inline v1 {

class PayloadProgress {
  public:
    // `record`: a verified private copy of the message's bytes.
    [[nodiscard]] Result<PayloadInfo> begin(const Message& message,
                                            std::span<const std::byte> record);
    // A payload that is one message, and its end. The caller verifies its bytes between the two
    // calls.
    [[nodiscard]] Result<PayloadInfo> begin_whole(const Message& message);
    void end_whole(const Message& message);
    // Whether this is the chunk that has to come next, judged by its descriptor alone.
    [[nodiscard]] Result<void> check_chunk(const Message& message) const;
    // `bytes`: the verified bytes of the chunk. Its holes are not read.
    [[nodiscard]] Result<void> chunk(const Message& message, std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> end(const Message& message, std::span<const std::byte> record);

    // Between begin() and end().
    [[nodiscard]] bool active() const { return active_; }
    [[nodiscard]] DigestKind digest_kind() const { return info_.digest; }
    [[nodiscard]] std::uint64_t received_bytes() const { return received_bytes_; }
    [[nodiscard]] const std::optional<PayloadSummary>& summary() const { return summary_; }
    // `payload "photo.bmp"` or `payload 3`, for messages.
    [[nodiscard]] std::string name() const;
    // The error for a message whose bytes do not match their checksum. It names the damaged range.
    [[nodiscard]] Status mismatch(const Message& message) const;

  private:
    PayloadInfo info_;
    bool active_ = false;
    std::uint64_t received_bytes_ = 0;
    std::uint64_t chunks_ = 0;
    Digest128 digest_;
    std::optional<PayloadSummary> summary_;
};

}  // namespace mapferry::inline v1
