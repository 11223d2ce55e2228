// SPDX-License-Identifier: Apache-2.0
// The payload that is being written: its description, its form, and how much of it is in the ring.
// Pure bookkeeping, the writer's counterpart of PayloadProgress.
//
// A payload is a manifest, chunks and an end record. Where one descriptor has room for everything
// that describes it, it is one message instead, which end() publishes. Until then no part of it is
// in the ring, and it can still take the long form: for readers that should see a part of it, or
// see that it exists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "format/holes.h"
#include "mapferry/detail/hash.h"
#include "mapferry/payload.h"
#include "mapferry/writer.h"

namespace mapferry::inline v1 {

enum class PayloadForm : std::uint8_t {
    kNone,        // no payload is under way
    kOneMessage,  // nothing of it is in the ring yet
    kMessages,    // its manifest is in the ring
};

// The part of a payload that the next message carries.
struct OpenChunk {
    std::span<std::byte> slot = {};  // empty before its first loan
    std::uint64_t filled_bytes = 0;
    std::uint64_t holes = 0;  // a bit for each unit that is a hole

    [[nodiscard]] std::span<std::byte> filled() const {
        return slot.first(static_cast<std::size_t>(filled_bytes));
    }
    [[nodiscard]] std::span<std::byte> rest() const {
        return slot.subspan(static_cast<std::size_t>(filled_bytes));
    }
    [[nodiscard]] bool is_full() const { return !slot.empty() && filled_bytes == slot.size(); }
};

struct OutgoingPayload {
    PayloadForm form = PayloadForm::kNone;
    PayloadInfo info = {};
    std::uint64_t sent_bytes = 0;  // published
    std::uint64_t chunks = 0;
    Digest128 digest = {};
    OpenChunk chunk = {};

    // The caller sets the form once the payload has begun.
    void begin(const PayloadInfo& wanted, std::uint64_t payload_index) {
        info = wanted;
        info.payload_index = payload_index;
        sent_bytes = 0;
        chunks = 0;
        digest.reset();
    }
    [[nodiscard]] bool is_under_way() const { return form != PayloadForm::kNone; }
    [[nodiscard]] bool is_one_message() const { return form == PayloadForm::kOneMessage; }
    // Includes the bytes that are filled and not published yet.
    [[nodiscard]] std::uint64_t written_bytes() const { return sent_bytes + chunk.filled_bytes; }
    // Whether all announced bytes are filled. False where no size was announced.
    [[nodiscard]] bool is_complete() const { return info.payload_bytes == written_bytes(); }

    // The chunk was published, `slots` times in a row.
    void count_chunk(std::uint64_t slots) {
        sent_bytes += slots * chunk.filled_bytes;
        chunks += slots;
        chunk = {};
    }
    [[nodiscard]] PayloadSummary summary(const Hash128& hash, PayloadSource source) const {
        return {.payload_bytes = sent_bytes,
                .chunk_count = chunks,
                .digest_kind = info.digest,
                .digest = hash,
                .source_changed = source == PayloadSource::kChanged};
    }
};

}  // namespace mapferry::inline v1
