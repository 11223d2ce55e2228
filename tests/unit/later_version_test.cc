// SPDX-License-Identifier: Apache-2.0
// Sections and messages of a later version of the same format: flags that this one must know are
// refused, wherever they are, and flags that only announce something are ignored.
#include "format/later_version.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "format/geometry_plan.h"
#include "format/ident.h"
#include "format/manifest.h"
#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "mapferry/detail/hash.h"
#include "support/heap_section.h"
#include "support/hooked_peers.h"
#include "support/ring_rig.h"

namespace mapferry {
namespace {

using testing::HeapSection;
using testing::RingRig;

constexpr int kFirstIgnoredBit = 16;

// What a reader says of something with this one flag, of which the bits from `first_unknown` on
// have no meaning yet.
template <typename Read>
void expect_rule(int first_unknown, const Read& read) {
    for (int bit = first_unknown; bit < 32; ++bit) {
        const auto result = read(std::uint32_t{1} << bit);
        ASSERT_EQ(result.has_value(), bit >= kFirstIgnoredBit) << "bit " << bit;
        if (result) continue;
        EXPECT_EQ(result.error().code, Code::kVersion) << describe(result.error());
        EXPECT_NE(result.error().message.find(std::to_string(1 << bit)), std::string::npos)
            << result.error().message;
    }
}

TEST(LaterVersion, OfASectionIsInItsIdent) {
    expect_rule(0, [](std::uint32_t flag) {
        const auto geometry = plan({.slot_count = 3, .slot_capacity_bytes = 4096});
        layout::Ident ident = make_ident(*geometry, {.epoch = 42, .label = "name"});
        ident.flags = flag;
        ident.ident_xxh3 =
            xxh3_64(std::as_bytes(std::span(&ident, 1)).first(offsetof(layout::Ident, ident_xxh3)));
        return validate(ident, geometry->section_bytes);
    });
}

TEST(LaterVersion, OfAPayloadIsInItsManifest) {
    expect_rule(4, [](std::uint32_t flag) {
        auto record = to_record(PayloadInfo{.name = "name", .payload_bytes = 5});
        record->flags |= flag;
        return payload_from_record(*record);
    });
}

TEST(LaterVersion, OfAMessageIsInItsDescriptor) {
    expect_rule(4, [](std::uint32_t flag) {
        RingRig rig(testing::small_keep(4));
        RingReader& reader = rig.add_reader();
        EXPECT_TRUE(rig.writer.acquire());
        rig.writer.publish_hashed({.flags = flag}, 100, 0);
        rig.writer.flush();
        return reader.next();
    });
}

TEST(LaterVersion, OfAFrameIsInItsDescriptor) {
    expect_rule(4, [](std::uint32_t flag) {
        HeapSection section({.delivery = Delivery::kLatest,
                             .slot_count = 2,
                             .slot_capacity_bytes = 4096,
                             .reader_limit = 2});
        testing::HookedPeers peers;
        const std::atomic<int> stop = 0;
        FrameRingWriter writer(section.view(), peers, {.timeout_ms = 1000, .stop = &stop});
        FrameRingReader reader(section.view(), peers);
        reader.attach(0, 1);
        writer.publish(*writer.acquire(0), 100, {});
        section.set_word(section.slot_offset(0) + offsetof(layout::Slot, flags), flag);
        section.reseal_slot(0);
        return reader.claim_newest(0);
    });
}

TEST(LaterVersion, OfAPayloadsEndIsInItsEndRecord) {
    expect_rule(1, [](std::uint32_t flag) -> Result<void> {
        RingRig rig(testing::small_keep(4));
        RingReader& reader = rig.add_reader();
        auto sent = testing::put_payload(rig.writer, {.payload_bytes = 0}, {});
        EXPECT_TRUE(sent);
        using layout::EndRecord;
        rig.section.set_word(rig.section.payload_offset(1) + offsetof(EndRecord, flags),
                             std::uint64_t{flag});
        const auto end = rig.section.view().payload(1).first(sizeof(EndRecord));
        rig.section.set_word(rig.section.slot_offset(1) + offsetof(layout::Slot, xxh3),
                             xxh3_64(end));
        rig.section.reseal_slot(1);
        auto taken = testing::take_payload(reader);
        if (!taken) return std::unexpected(taken.error());
        return {};
    });
}

}  // namespace
}  // namespace mapferry
