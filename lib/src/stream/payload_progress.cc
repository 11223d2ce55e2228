// SPDX-License-Identifier: Apache-2.0
#include "stream/payload_progress.h"

#include <cstring>

#include "base/fail.h"
#include "base/try.h"
#include "format/later_version.h"
#include "format/manifest.h"
#include "mapferry/printable_text.h"

namespace mapferry::inline v1 {

namespace {

// REQUIRES: bytes.size() == sizeof(Record); the bytes are private.
template <typename Record>
Record record_from(std::span<const std::byte> bytes) {
    Record record{};
    std::memcpy(&record, bytes.data(), sizeof record);
    return record;
}

std::unexpected<Status> out_of_order(const Message& message, const std::string& what) {
    return fail(Code::kCorrupt,
                "message " + std::to_string(message.sequence) + " is damaged: " + what);
}

}  // namespace

std::string PayloadProgress::name() const {
    if (info_.name.empty()) return "payload " + std::to_string(info_.payload_index);
    return "payload " + in_quotes(info_.name);
}

Result<PayloadInfo> PayloadProgress::begin(const Message& message,
                                           std::span<const std::byte> record) {
    summary_.reset();
    if (message.facts.kind != layout::kKindManifest)
        return out_of_order(message, "a manifest was due");
    auto info = payload_from_message(record);
    if (!info) return info;
    info_ = *info;
    active_ = true;
    received_bytes_ = 0;
    chunks_ = 0;
    digest_.reset();
    return info;
}

Result<PayloadInfo> PayloadProgress::begin_whole(const Message& message) {
    summary_.reset();
    if (message.bytes.empty()) return out_of_order(message, "it is an empty payload");
    info_ = PayloadInfo{.is_text = (message.facts.flags & layout::kSlotText) != 0,
                        .payload_bytes = message.bytes.size(),
                        .payload_index = message.facts.payload_index,
                        .payload_count = message.facts.payload_count};
    active_ = true;
    received_bytes_ = 0;
    return info_;
}

void PayloadProgress::end_whole(const Message& message) {
    digest_.reset();
    digest_.update(std::as_bytes(std::span(&message.facts.xxh3, 1)));
    received_bytes_ = message.bytes.size();
    active_ = false;
    summary_ = PayloadSummary{.payload_bytes = received_bytes_,
                              .chunk_count = 1,
                              .digest_kind = DigestKind::kChunks,
                              .digest = digest_.value()};
}

Result<void> PayloadProgress::check_chunk(const Message& message) const {
    if (message.facts.kind != layout::kKindChunk)
        return out_of_order(message, "a chunk or an end was due");
    if (message.bytes.empty()) return out_of_order(message, "it is an empty chunk");
    if (message.facts.payload_index != info_.payload_index)
        return out_of_order(message, "it belongs to another payload");
    if (message.facts.payload_offset != received_bytes_)
        return out_of_order(message, "its offset is " +
                                         std::to_string(message.facts.payload_offset) + ", not " +
                                         std::to_string(received_bytes_));
    // The subtraction can't go below zero: every chunk before this one passed this check.
    if (info_.payload_bytes && message.payload_bytes() > *info_.payload_bytes - received_bytes_)
        return out_of_order(message, "it goes beyond the payload's end");
    return {};
}

Result<void> PayloadProgress::chunk(const Message& message, std::span<const std::byte> bytes) {
    TRY(check_chunk(message));
    // A message of several slots stands for as many equal chunks.
    for (std::uint64_t i = 0; i < message.slots(); ++i) {
        if (info_.digest == DigestKind::kChunks)
            digest_.update(std::as_bytes(std::span(&message.facts.xxh3, 1)));
        else if (message.holes.bits != 0)
            update_with_chunk(digest_, message.holes, bytes);
        else
            digest_.update(bytes);
    }
    received_bytes_ += message.payload_bytes();
    chunks_ += message.slots();
    return {};
}

Result<void> PayloadProgress::end(const Message& message, std::span<const std::byte> record) {
    if (record.size() != sizeof(layout::EndRecord))
        return out_of_order(message,
                            "its end record has " + std::to_string(record.size()) + " bytes");
    const auto end = record_from<layout::EndRecord>(record);
    TRY(check_flags(end.flags, kEndFlagsKnown, "the end of payload ", info_.payload_index));
    const Hash128 announced{.low64 = end.digest_low64, .high64 = end.digest_high64};
    if (end.payload_bytes != received_bytes_ || end.chunk_count != chunks_ ||
        (info_.payload_bytes && *info_.payload_bytes != received_bytes_))
        return fail(Code::kCorrupt, name() + ": " + std::to_string(received_bytes_) +
                                        " bytes arrived, its end says " +
                                        std::to_string(end.payload_bytes));
    if (announced != digest_.value())
        return fail(Code::kCorrupt, name() + ": the payload's XXH3-128 is " +
                                        to_hex(digest_.value()) + ", its end says " +
                                        to_hex(announced));
    active_ = false;
    summary_ = PayloadSummary{.payload_bytes = received_bytes_,
                              .chunk_count = chunks_,
                              .digest_kind = info_.digest,
                              .digest = announced,
                              .source_changed = (end.flags & layout::kEndSourceChanged) != 0};
    return {};
}

Status PayloadProgress::mismatch(const Message& message) const {
    const std::string where = "message " + std::to_string(message.sequence);
    if (message.facts.kind != layout::kKindChunk && message.facts.kind != layout::kKindPayload)
        return Status{
            Code::kCorrupt, where + " is damaged: its bytes do not match their checksum", {}, 0};
    const std::uint64_t first = message.facts.payload_offset;
    const std::uint64_t bytes = message.payload_bytes();
    const std::uint64_t last = first + bytes - (bytes == 0 ? 0 : 1);
    return Status{Code::kCorrupt,
                  name() + ": bytes " + std::to_string(first) + "-" + std::to_string(last) +
                      " are damaged: they do not match their checksum (" + where + ")",
                  {},
                  0};
}

}  // namespace mapferry::inline v1
