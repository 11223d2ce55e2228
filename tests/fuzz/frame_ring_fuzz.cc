// SPDX-License-Identifier: Apache-2.0
// A reader of frames in a section that changes while it reads, and a writer of frames among readers
// that write anything into their lines.
#include <vector>

#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "fuzz/edited_section.h"
#include "fuzz/fuzz_peers.h"
#include "mapferry/detail/hash.h"
#include "support/fake_peers.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kSlots = 8;
constexpr std::uint32_t kReaders = 4;
constexpr std::uint64_t kFrameBytes = 256;
constexpr int kStepsMax = 12;
constexpr std::int64_t kPatienceMs = 250;

PlanRequest frames(Delivery delivery) {
    return {.delivery = delivery,
            .slot_count = kSlots,
            .slot_capacity_bytes = 4096,
            .reader_limit = kReaders};
}

// The frame's bytes show which frame it is.
std::uint64_t publish(FrameRingWriter& writer, const SectionView& view, std::uint32_t slot) {
    const auto bytes = view.payload_at(slot).first(kFrameBytes);
    std::ranges::fill(bytes, static_cast<std::byte>(writer.published() + 1));
    return writer.publish(slot, kFrameBytes, {.timestamp_unix_ns = 1, .xxh3 = xxh3_64(bytes)});
}

class Template : public EditedSection {
  public:
    explicit Template(Delivery delivery) : EditedSection(frames(delivery)) {
        FakePeers peers;
        FrameRingWriter writer(view(), peers, {});
        for (int i = 0; i < 5; ++i)
            publish(writer, view(), writer.acquire(0).value());
        remember();
    }
};

void read(EditedSection& section, FuzzInput& input) {
    FuzzPeers peers(section, input, EditReach::kAnything);
    FrameRingReader reader(section.view(), peers);
    section.edit(input);
    std::uint64_t wanted = reader.attach(0, 1);
    std::vector<LeasedFrame> held;
    for (int step = 0; step < kStepsMax; ++step) {
        section.edit(input);
        reader.prefetch_next();
        auto frame = step % 2 == 0 ? reader.claim_newest(wanted) : reader.claim_next(wanted);
        if (!frame || !*frame) break;
        require(section.holds(reader.bytes(**frame)), "a frame lies in its slot");
        require((*frame)->facts.sequence > wanted, "a frame is never older than what is wanted");
        (void)xxh3_64(reader.bytes(**frame));
        wanted = (*frame)->facts.sequence;
        reader.advance_cursor(wanted);
        reader.note_taken(0, 1);
        held.push_back(**frame);
        if (held.size() < layout::kLeasesPerReader) continue;
        reader.release(held.front());
        held.erase(held.begin());
    }
    for (const LeasedFrame& frame : held)
        reader.release(frame);
    reader.detach(layout::kPhaseDone, 0);
}

// An honest reader on line 0 holds a frame; the other readers write what they like.
void write(EditedSection& section, FuzzInput& input) {
    FuzzPeers peers(section, input, EditReach::kOtherReaders);
    const SectionView view = section.view();
    view.frame_line() = {};
    for (std::uint32_t slot = 0; slot < kSlots; ++slot)
        view.slot_at(slot) = {};
    FrameRingWriter writer(view, peers, {.timeout_ms = kPatienceMs});
    FrameRingReader honest(view, peers);
    std::uint64_t wanted = honest.attach(0, 1);
    std::optional<LeasedFrame> held;
    for (int step = 0; step < kStepsMax; ++step) {
        section.edit(input, EditReach::kOtherReaders);
        const auto slot = writer.acquire(kPatienceMs);
        // The other readers may lease every slot; they can do no other harm.
        if (!slot) break;
        require(*slot < kSlots && (!held || *slot != held->slot), "a leased slot is left alone");
        publish(writer, view, *slot);
        section.edit(input, EditReach::kOtherReaders);
        auto frame = honest.claim_next(wanted);
        require(frame && *frame, "the honest reader gets the frame");
        wanted = (*frame)->facts.sequence;
        honest.advance_cursor(wanted);
        require(honest.bytes(**frame)[0] == static_cast<std::byte>((*frame)->facts.sequence),
                "its bytes are those of this frame");
        if (held) {
            require(honest.bytes(*held)[0] == static_cast<std::byte>(held->facts.sequence),
                    "a leased frame does not change");
            honest.release(*held);
        }
        held = **frame;
    }
    (void)writer.count_attached();
    (void)writer.drain();
}

void run(FuzzInput input) {
    static Template latest(Delivery::kLatest);
    static Template each(Delivery::kEach);
    const auto how = input.take<std::uint8_t>();
    EditedSection& section = how % 2 == 0 ? latest : each;
    if (how / 2 % 2 == 0)
        read(section, input);
    else
        write(section, input);
    section.restore();
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
