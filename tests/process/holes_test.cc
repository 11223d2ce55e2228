// SPDX-License-Identifier: Apache-2.0
// Sections of a few KiB whose descriptors claim gigabytes, with right checksums. Their readers use
// neither memory of their own for the claim nor, by reading holes, space of the file system.
#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>

#include "format/manifest.h"
#include "frames/writer/frame_ring_writer.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/inspect.h"
#include "platform/space.h"
#include "process/programs.h"
#include "ring/ring_writer.h"
#include "support/host.h"
#include "support/named_section.h"
#include "support/ring_rig.h"
#include "support/sanitizer.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

// A reader of 32 bits maps all of it, too.
constexpr bool kIsNarrow = sizeof(void*) == 4;
constexpr std::uint64_t kClaimedBytes = kIsNarrow ? 256 * kMiB : 2 * kGiB;
constexpr std::uint64_t kSmallBytes = 2 * kMiB;

enum class Place : std::uint8_t { kMemory, kFile };

class Holes : public ProgramTest, public ::testing::WithParamInterface<Place> {
  protected:
    void SetUp() override {
        if (!has_object_files()) GTEST_SKIP() << "sections have no holes here";
        if (kSanitized) GTEST_SKIP() << "a sanitizer takes memory of its own";
        address_ = section_.address();
        if (GetParam() == Place::kFile) address_.backing_path = folder_.file("holes.section");
    }

    // Makes a section with a living writer whose payload takes no space.
    [[nodiscard]] MappedSection make(const PlanRequest& request) const {
        auto section = create_section(address_, plan(request).value(), ReserveNow::kDescriptors);
        if (!section) throw std::runtime_error(describe(section.error()));
        return std::move(*section);
    }
    [[nodiscard]] static PlanRequest three_slots(Delivery delivery) {
        return {.delivery = delivery, .slot_count = 3, .slot_capacity_bytes = kClaimedBytes};
    }
    [[nodiscard]] ChildProcess start(Words arguments) const {
        if (GetParam() == Place::kFile)
            arguments.insert(arguments.end(), {"--backing", address_.backing_path});
        return start_reader(arguments);
    }
    static void expect_refused(ChildProcess& reader, const MappedSection& section) {
        const std::uint64_t before = platform::used_bytes(section.object).value();
        EXPECT_TRUE(ended_with(kExitCorrupt, reader));
        EXPECT_TRUE(contains(reader.errors(), "holes")) << reader.errors();
        EXPECT_LT(reader.peak_resident_bytes(), 64 * kMiB);
        EXPECT_LT(platform::used_bytes(section.object).value(), before + kSmallBytes);
    }
    void remove_it() const { (void)remove_section(address_, RemovePolicy::kAnyway); }

    SectionAddress address_;
    std::string target_ = folder_.file("out/target");
};

std::string place_name(const ::testing::TestParamInfo<Place>& place) {
    return place.param == Place::kMemory ? "Memory" : "File";
}
INSTANTIATE_TEST_SUITE_P(In, Holes, ::testing::Values(Place::kMemory, Place::kFile), place_name);

TEST_P(Holes, OfAKeptChunkAreRefused) {
    MappedSection section = make(three_slots(Delivery::kKeep));
    SectionPeers peers(section);
    RingWriter ring(section.view, peers, {});
    // The manifest is valid.
    const auto manifest =
        to_record(PayloadInfo{.name = "x", .payload_bytes = kClaimedBytes}).value();
    ASSERT_TRUE(
        put_message(ring, std::as_bytes(std::span(&manifest, 1)), {.kind = layout::kKindManifest}));
    ring.publish_hashed({.kind = layout::kKindChunk}, kClaimedBytes, 0);
    ring.set_state(layout::kStateEnded, 0);
    section.role.release();
    for (const Words& how : {Words{"--null"}, Words{"-o", target_}}) {
        ChildProcess reader = start(how);
        expect_refused(reader, section);
    }
    remove_it();
}

// The slot declares holes everywhere but in one part. First that part is not stored either; then it
// is stored, but the checksum does not match its bytes.
TEST_P(Holes, BesideThoseThatAChunkDeclaresAreRefused) {
    constexpr std::uint64_t kHoleSlotBytes = kIsNarrow ? 16 * kMiB : 64 * kMiB;
    MappedSection section = make(
        {.delivery = Delivery::kKeep, .slot_count = 40, .slot_capacity_bytes = kHoleSlotBytes});
    SectionPeers peers(section);
    RingWriter ring(section.view, peers, {});
    const auto manifest =
        to_record(PayloadInfo{.name = "x", .payload_bytes = 33 * kHoleSlotBytes}).value();
    ASSERT_TRUE(
        put_message(ring, std::as_bytes(std::span(&manifest, 1)), {.kind = layout::kKindManifest}));
    constexpr std::uint64_t kAllButOne = ~std::uint64_t{0} - 1;
    for (std::uint64_t i = 0; i < 33; ++i)
        ring.publish_hashed({.kind = layout::kKindChunk,
                             .flags = layout::kSlotHoles,
                             .payload_offset = i * kHoleSlotBytes,
                             .holes = kAllButOne},
                            kHoleSlotBytes, 0);
    ring.set_state(layout::kStateEnded, 0);
    section.role.release();
    for (const Words& how : {Words{"--null"}, Words{"-o", target_}}) {
        ChildProcess reader = start(how);
        expect_refused(reader, section);
    }
    // One bit of `holes` stands for a 64th of a slot of this size.
    std::ranges::fill(section.view.payload(1).first(kHoleSlotBytes / 64), std::byte{1});
    ChildProcess reader = start({"-o", target_});
    EXPECT_TRUE(ended_with(kExitCorrupt, reader));
    const std::string damaged = "bytes 0-" + std::to_string(kHoleSlotBytes - 1) + " are damaged";
    EXPECT_TRUE(contains(reader.errors(), damaged)) << reader.errors();
    EXPECT_LT(reader.peak_resident_bytes(), 64 * kMiB);
    remove_it();
}

TEST_P(Holes, OfAPayloadInAStreamAreRefused) {
    MappedSection section = make(three_slots(Delivery::kStream));
    SectionPeers peers(section);
    RingWriter ring(section.view, peers, {});
    ChildProcess reader = start({"-o", target_});
    ASSERT_TRUE(ring.wait_for_readers(1, 60'000));
    ring.admit_waiting();
    ring.publish_hashed({.kind = layout::kKindPayload, .payload_count = 1}, kClaimedBytes, 0);
    ring.flush();
    expect_refused(reader, section);
    remove_it();
}

TEST_P(Holes, OfAFrameAreRefused) {
    MappedSection section = make(three_slots(Delivery::kLatest));
    SectionPeers peers(section);
    FrameRingWriter ring(section.view, peers, {});
    ring.publish(ring.acquire(0).value(), kClaimedBytes, {});
    for (const Words& how : {Words{"--null"}, Words{"-o", target_}}) {
        Words arguments{"--frames", "--count", "1"};
        arguments.insert(arguments.end(), how.begin(), how.end());
        ChildProcess reader = start(arguments);
        expect_refused(reader, section);
    }
    remove_it();
}

TEST_P(Holes, OfABufferAreRefused) {
    MappedSection section = make({.delivery = Delivery::kBuffer,
                                  .slot_count = 1,
                                  .slot_capacity_bytes = kClaimedBytes,
                                  .buffer_bytes = kClaimedBytes});
    section.role.release();
    Words arguments{"--buffer", section_.name(), "-o", target_};
    if (GetParam() == Place::kFile)
        arguments.insert(arguments.end(), {"--backing", address_.backing_path});
    ChildProcess reader({.program = MAPFERRY_READER_PATH, .arguments = arguments});
    expect_refused(reader, section);
    remove_it();
}

// The slot is reserved, and a loan promises no more.
TEST_P(Holes, AreNotWhatAFramesWriterLeftUnwritten) {
    auto writer = FrameWriter::create({.address = address_, .checksum = Checksum::kNone});
    ASSERT_TRUE(writer) << describe(writer.error());
    auto reader = FrameReader::open({.address = address_});
    ASSERT_TRUE(reader) << describe(reader.error());
    for (const std::uint64_t bytes : {10 * kMiB, 10 * kMiB, 30 * kMiB, 3 * kMiB}) {
        auto loan = writer->loan(bytes, 0ms);
        ASSERT_TRUE(loan) << describe(loan.error());
        loan->bytes()[kMiB] = std::byte{7};
        ASSERT_TRUE(writer->publish(std::move(*loan)));
        auto frame = reader->next(0ms);
        ASSERT_TRUE(frame) << describe(frame.error());
        ASSERT_TRUE(*frame);
        EXPECT_EQ((*frame)->bytes()[kMiB], std::byte{7});
    }
}

}  // namespace
}  // namespace mapferry::testing
