// SPDX-License-Identifier: Apache-2.0
// A reader of files in a section that changes while it reads. A payload that it reports as whole
// and verified has the digest that it reports, and the reader never reads outside of the slots.
#include <vector>

#include "format/manifest.h"
#include "format/reader_line.h"
#include "fuzz/edited_section.h"
#include "fuzz/fuzz_peers.h"
#include "mapferry/detail/hash.h"
#include "ring/ring_reader.h"
#include "stream/payload_progress.h"
#include "stream/reader/chunk_parts.h"
#include "support/ring_rig.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kSlots = 16;
// The most slots of zeros that a forged hole may cost a run of this program.
constexpr std::uint64_t kHoleSlotsMost = 64;
constexpr int kStepsMax = 24;
constexpr std::int64_t kPatienceMs = 250;

// Puts a payload of a hole of three slots and a slot of bytes.
bool put_sparse(RingWriter& writer, std::uint64_t index) {
    const Bytes bytes = random_bytes(layout::kSlotCapacityMin);
    const Bytes zeros(bytes.size());
    const auto info =
        to_record(PayloadInfo{.payload_bytes = 4 * bytes.size(), .payload_index = index});
    Digest128 digest;
    const auto add = [&](std::span<const std::byte> chunk) {
        const std::uint64_t hash = xxh3_64(chunk);
        digest.update(std::as_bytes(std::span(&hash, 1)));
    };
    if (!info || !put_message(writer, std::as_bytes(std::span(&*info, 1)),
                              {.kind = layout::kKindManifest, .payload_index = index}))
        return false;
    if (!writer.acquire(3)) return false;
    writer.publish_hashed(
        {.flags = layout::kSlotHoles, .payload_index = index, .holes = 1, .more_slots = 2},
        zeros.size(), xxh3_64(zeros));
    if (!put_message(writer, bytes, {.payload_offset = 3 * bytes.size(), .payload_index = index}))
        return false;
    for (const Bytes& chunk : {zeros, zeros, zeros, bytes})
        add(chunk);
    const layout::EndRecord end{.payload_bytes = 4 * bytes.size(),
                                .chunk_count = 4,
                                .digest_low64 = digest.value().low64,
                                .digest_high64 = digest.value().high64,
                                .flags = 0,
                                .reserved = {}};
    return put_message(writer, std::as_bytes(std::span(&end, 1)),
                       {.kind = layout::kKindEnd,
                        .payload_offset = end.payload_bytes,
                        .payload_index = index})
        .has_value();
}

// A section with two payloads, one for each digest, a sparse payload, and the end.
class Template : public EditedSection {
  public:
    explicit Template(const PlanRequest& request) : EditedSection(request) {
        FakePeers peers;
        RingWriter writer(view(), peers, {});
        const Bytes bytes = random_bytes(6000);
        for (const std::uint64_t index : {0u, 1u}) {
            const PayloadInfo info{.name = "fuzz",
                                   .payload_bytes = bytes.size(),
                                   .digest = index == 0 ? DigestKind::kChunks : DigestKind::kBytes,
                                   .payload_index = index};
            require(put_payload(writer, info, bytes).has_value(), "the template is made");
        }
        require(put_sparse(writer, 2), "the template is made");
        writer.set_state(layout::kStateEnded, 0);
        // The first reader rings, and gets its place.
        view().writer_bell().sleeping = layout::kBellSleeping;
        remember();
    }
};

// The delivered bytes of one payload, and a digest computed from them.
class Delivered {
  public:
    void begin(DigestKind kind) {
        kind_ = kind;
        digest_.reset();
        bytes_ = 0;
    }
    void add(std::span<const std::byte> chunk, std::uint64_t times = 1) {
        const std::uint64_t hash = xxh3_64(chunk);
        for (; times != 0; --times) {
            digest_.update(kind_ == DigestKind::kBytes ? chunk
                                                       : std::as_bytes(std::span(&hash, 1)));
            bytes_ += chunk.size();
        }
    }
    void check(const PayloadSummary& summary) {
        require(summary.payload_bytes == bytes_, "as many bytes as it says");
        require(summary.digest == digest_.value(), "the digest is that of the delivered bytes");
    }

  private:
    DigestKind kind_ = DigestKind::kChunks;
    Digest128 digest_;
    std::uint64_t bytes_ = 0;
};

// Takes a message as Reader does: a private copy, checked.
bool take(const Message& message, PayloadProgress& progress, Delivered& delivery) {
    static std::vector<std::byte> copy;
    if (message.slots() > kHoleSlotsMost) return false;
    copy.assign(message.bytes.size(), std::byte{});
    copy_parts(message.holes, message.bytes, copy);
    if (xxh3_64(copy) != message.facts.xxh3) {
        require(!progress.mismatch(message).message.empty(), "a mismatch is described");
        return false;
    }
    if (!progress.active() && message.facts.kind == layout::kKindPayload) {
        auto info = progress.begin_whole(message);
        if (!info) return false;
        delivery.begin(info->digest);
        delivery.add(copy);
        progress.end_whole(message);
        delivery.check(*progress.summary());
        return true;
    }
    if (!progress.active()) {
        auto info = progress.begin(message, copy);
        if (!info) return false;
        delivery.begin(info->digest);
        return true;
    }
    if (message.facts.kind == layout::kKindEnd) {
        if (!progress.end(message, copy)) return false;
        delivery.check(*progress.summary());
        return true;
    }
    if (!progress.chunk(message, copy)) return false;
    delivery.add(copy, message.slots());
    return true;
}

void read(EditedSection& section, FuzzInput& input, bool is_stream) {
    FuzzPeers peers(section, input, EditReach::kAnything);
    RingReader reader(section.view(), peers, {.timeout_ms = kPatienceMs});
    const SectionView view = section.view();
    peers.on_ring = [&view] {
        const std::uint64_t ticket = ticket_of(view.reader_line(0).attachment);
        view.admission(0) = {.verdict = ticket << 8 | layout::kVerdictAdmitted,
                             .first_sequence = 0};
    };
    section.edit(input);
    if (is_stream) reader.ask_for_place(0, 1);
    if (is_stream && !reader.await_place()) return;
    peers.on_ring = [] {};
    PayloadProgress progress;
    Delivered delivery;
    for (int step = 0; step < kStepsMax; ++step) {
        section.edit(input);
        auto message = reader.next();
        if (!message || !*message) break;
        require(section.holds((*message)->bytes), "a message lies in its slot");
        section.edit(input);
        if (!take(**message, progress, delivery)) break;
        reader.done();
    }
    reader.leave(layout::kPhaseDone, 0);
}

void run(FuzzInput input) {
    static Template stream(small_stream(kSlots));
    static Template kept(small_keep(kSlots));
    const bool is_stream = input.take<std::uint8_t>() % 2 == 0;
    EditedSection& section = is_stream ? stream : kept;
    read(section, input, is_stream);
    section.restore();
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
