// SPDX-License-Identifier: Apache-2.0
// A writer of files among readers that write anything into their lines: the honest reader gets
// every message right, and the writer reaches its end.
#include <algorithm>

#include "fuzz/edited_section.h"
#include "fuzz/fuzz_peers.h"
#include "mapferry/detail/hash.h"
#include "ring/ring_reader.h"
#include "ring/ring_writer.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kSlots = 4;
constexpr std::uint32_t kReaders = 4;
constexpr std::uint64_t kMessages = 10;
constexpr std::uint64_t kMessageBytes = 64;
constexpr std::int64_t kPatienceMs = 250;

// The message's bytes show which message it is.
std::byte mark_of(std::uint64_t sequence) {
    return static_cast<std::byte>(sequence * 7 + 1);
}

void take(RingReader& honest, std::uint64_t sequence) {
    auto message = honest.next();
    require(message && *message, "the honest reader gets the message");
    require((*message)->sequence == sequence && (*message)->bytes.size() == kMessageBytes,
            "it is the next one");
    require(std::ranges::all_of((*message)->bytes,
                                [&](std::byte byte) { return byte == mark_of(sequence); }),
            "its bytes are right");
    require(xxh3_64((*message)->bytes) == (*message)->facts.xxh3, "its checksum is right");
    honest.done();
    honest.release();
}

void run(FuzzInput input) {
    static EditedSection section({.delivery = Delivery::kStream,
                                  .slot_count = kSlots,
                                  .slot_capacity_bytes = 4096,
                                  .reader_limit = kReaders});
    section.remember();
    FuzzPeers peers(section, input, EditReach::kOtherReaders);
    const SectionView view = section.view();
    RingWriter writer(view, peers, {.timeout_ms = kPatienceMs});
    RingReader honest(view, peers, {.timeout_ms = kPatienceMs});
    // The writer sleeps until the reader asks for its place. The request rings, and the writer
    // gives the place.
    view.writer_bell().sleeping = layout::kBellSleeping;
    peers.on_ring = [&writer] { writer.admit_waiting(); };
    honest.ask_for_place(0, 1);
    require(honest.await_place().has_value(), "the honest reader has its place");
    peers.on_ring = [] {};
    for (std::uint64_t sequence = 0; sequence < kMessages; ++sequence) {
        section.edit(input, EditReach::kOtherReaders);
        if (sequence % 4 == 3) writer.admit_waiting();
        auto slot = writer.acquire();
        require(slot.has_value(), "a reader that lives and reads keeps the writer going");
        const auto bytes = slot->first(kMessageBytes);
        std::ranges::fill(bytes, mark_of(sequence));
        writer.publish_hashed({}, kMessageBytes, xxh3_64(bytes));
        section.edit(input, EditReach::kOtherReaders);
        if (sequence % 3 == 0) (void)writer.check_readers();
        take(honest, sequence);
    }
    writer.set_state(layout::kStateEnded, 0);
    section.edit(input, EditReach::kOtherReaders);
    (void)writer.drain();
    require(writer.tally().served >= 1, "the honest reader is served");
    honest.leave(layout::kPhaseDone, 0);
    section.restore();
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
