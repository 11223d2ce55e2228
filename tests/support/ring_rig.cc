// SPDX-License-Identifier: Apache-2.0
#include "support/ring_rig.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "format/manifest.h"
#include "mapferry/detail/failure.h"
#include "mapferry/detail/hash.h"

namespace mapferry::testing {

Bytes message_bytes(std::uint64_t sequence) {
    // The first messages have the smallest and largest lengths.
    constexpr std::array<std::size_t, 4> kEdges = {1, 0, 4096, 4095};
    const auto count = sequence < kEdges.size() ? kEdges.at(static_cast<std::size_t>(sequence))
                                                : static_cast<std::size_t>(sequence * 797 % 4097);
    Bytes bytes(count);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::byte>((sequence * 31 + i * 7 + (sequence >> 8)) & 0xFF);
    return bytes;
}

Result<std::uint64_t> put_message(RingWriter& writer, std::span<const std::byte> bytes,
                                  const MessageFacts& facts) {
    auto slot = writer.acquire();
    if (!slot) return std::unexpected(slot.error());
    std::ranges::copy(bytes, slot->begin());
    const std::uint64_t hash = xxh3_64(bytes);
    writer.publish_hashed(facts, bytes.size(), hash);
    return hash;
}

Result<std::optional<TakenMessage>> take_message(RingReader& reader,
                                                 const PayloadProgress& progress) {
    auto message = reader.next();
    if (!message) return std::unexpected(message.error());
    if (!*message) return std::nullopt;
    const auto& bytes = (*message)->bytes;
    TakenMessage taken{.message = **message, .bytes = Bytes(bytes.begin(), bytes.end())};
    if (xxh3_64(taken.bytes) == taken.message.facts.xxh3) return taken;
    if (reader.was_given_up()) return std::unexpected(RingReader::given_up());
    return std::unexpected(progress.mismatch(taken.message));
}

Result<PayloadSummary> put_payload(RingWriter& writer, const PayloadInfo& info,
                                   std::span<const std::byte> bytes, std::size_t chunk_bytes) {
    const std::uint64_t index = info.payload_index;
    auto manifest = to_record(info);
    if (!manifest) return std::unexpected(manifest.error());
    auto put = put_message(writer, std::as_bytes(std::span(&*manifest, 1)),
                           {.kind = layout::kKindManifest, .payload_index = index});
    Digest128 digest;
    layout::EndRecord end{};
    while (put && end.payload_bytes < bytes.size()) {
        const auto rest = bytes.subspan(static_cast<std::size_t>(end.payload_bytes));
        const auto chunk = rest.first(std::min(rest.size(), chunk_bytes));
        put = put_message(writer, chunk,
                          {.payload_offset = end.payload_bytes, .payload_index = index});
        if (!put) break;
        digest.update(info.digest == DigestKind::kBytes ? chunk
                                                        : std::as_bytes(std::span(&*put, 1)));
        end.payload_bytes += chunk.size();
        ++end.chunk_count;
    }
    if (!put) return std::unexpected(put.error());
    const Hash128 hash = digest.value();
    end.digest_low64 = hash.low64;
    end.digest_high64 = hash.high64;
    put = put_message(
        writer, std::as_bytes(std::span(&end, 1)),
        {.kind = layout::kKindEnd, .payload_offset = end.payload_bytes, .payload_index = index});
    if (!put) return std::unexpected(put.error());
    writer.flush();
    return PayloadSummary{.payload_bytes = end.payload_bytes,
                          .chunk_count = end.chunk_count,
                          .digest_kind = info.digest,
                          .digest = hash};
}

Result<std::optional<TakenPayload>> take_payload(RingReader& reader) {
    PayloadProgress progress;
    auto first = take_message(reader, progress);
    if (!first) return std::unexpected(first.error());
    if (!*first) return std::nullopt;
    auto info = progress.begin((*first)->message, (*first)->bytes);
    if (!info) return std::unexpected(info.error());
    TakenPayload taken{.info = *info, .bytes = {}, .summary = {}};
    while (progress.active()) {
        reader.done();
        auto next = take_message(reader, progress);
        if (!next) return std::unexpected(next.error());
        if (!*next)
            return detail::fail(Code::kCorrupt, "ended in the middle of " + progress.name());
        const auto& [message, bytes] = **next;
        const bool is_end = message.facts.kind == layout::kKindEnd;
        if (auto step = is_end ? progress.end(message, bytes) : progress.chunk(message, bytes);
            !step)
            return std::unexpected(step.error());
        if (!is_end) taken.bytes.insert(taken.bytes.end(), bytes.begin(), bytes.end());
    }
    reader.done();
    reader.release();
    taken.summary = *progress.summary();
    return taken;
}

RingRig::RingRig(const PlanRequest& request, std::optional<std::int64_t> stall_timeout_ms)
    : section(request),
      limits{.timeout_ms = stall_timeout_ms, .stop = &stop},
      writer(section.view(), peers, limits) {}

RingReader& RingRig::add_reader() {
    return readers.emplace_back(section.open().value(), peers, limits);
}

RingReader& RingRig::seat_reader() {
    const auto line = static_cast<std::uint32_t>(readers.size());
    RingReader& reader = add_reader();
    peers.while_asleep([this] { writer.admit_waiting(); });
    if (!take_place(reader, line, 1000 + line)) throw std::runtime_error("the reader got no place");
    peers.while_asleep_do_nothing();
    return reader;
}

Result<void> RingRig::put_next() {
    auto put = put_message(writer, message_bytes(writer.next_sequence()));
    if (!put) return std::unexpected(put.error());
    return {};
}

void RingRig::take_next(RingReader& reader) {
    auto taken = take_message(reader, {});
    if (!taken) throw std::runtime_error(taken.error().message);
    if (!*taken) throw std::runtime_error("the ring ended early");
    if ((*taken)->bytes != message_bytes((*taken)->message.sequence))
        throw std::runtime_error("other bytes arrived than were sent");
    reader.done();
    reader.release();
}

}  // namespace mapferry::testing
