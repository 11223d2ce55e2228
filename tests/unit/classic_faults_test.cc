// SPDX-License-Identifier: Apache-2.0
// The faults of the classic pair of programs (CreateFileMapping, a struct, a pointer in it) that
// can be shown without other processes. The others are in classic_process_faults_test.cc.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstring>
#include <memory>

#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "support/heap_section.h"
#include "support/ring_rig.h"
#include "support/unique_name.h"

namespace mapferry {

using namespace std::chrono_literals;
namespace {

using testing::RingRig;
using testing::small_keep;

// The classic section held a raw pointer, which another process then dereferenced.
TEST(ClassicFaultInMemory, NoPointerIsEverStored) {
    RingRig rig(small_keep(8));
    const auto text = testing::message_bytes(5);
    ASSERT_TRUE(testing::put_payload(rig.writer, {.name = "pointers"}, text));
    rig.writer.set_state(layout::kStateEnded, 0);
    const std::span<const std::byte> bytes = rig.section.bytes();
    const auto first = reinterpret_cast<std::uintptr_t>(bytes.data());
    for (std::size_t at = 0; at + sizeof first <= bytes.size(); at += sizeof first) {
        std::uintptr_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        EXPECT_FALSE(word >= first && word < first + bytes.size()) << "at offset " << at;
    }
}

// The classic writer added a byte count to a struct pointer: 64 bytes became 64 structs.
TEST(ClassicFaultInMemory, SixtyFourBytesAreNotSixtyFourStructs) {
    RingRig rig(small_keep(8));
    const std::array<std::byte, 64> bytes{};
    ASSERT_TRUE(testing::put_payload(rig.writer, {}, bytes));
    const SectionView view = rig.section.view();
    const auto* const ident = reinterpret_cast<const std::byte*>(rig.section.bytes().data());
    EXPECT_EQ(view.slot(1).bytes, 64u);
    EXPECT_EQ(reinterpret_cast<const std::byte*>(&view.writer_line()) - ident, 256);
    EXPECT_EQ(reinterpret_cast<const std::byte*>(&view.reader_line(1)) -
                  reinterpret_cast<const std::byte*>(&view.reader_line(0)),
              128);
    EXPECT_EQ(view.payload(1).data() - view.payload(0).data(), 4096);
}

// The classic writer freed an array with the wrong delete. Under the address sanitizer this test
// finds a mismatched or missing release, however the two objects end.
TEST(ClassicFaultInMemory, EverythingIsReleasedTheWayItWasTaken) {
    const testing::UniqueSection section;
    for (int round = 0; round < 3; ++round) {
        auto writer = Writer::create(
            {.address = section.address(), .delivery = StreamDelivery::kKeep, .slot_count = 8});
        ASSERT_TRUE(writer);
        Writer moved = std::move(*writer);
        ASSERT_TRUE(moved.begin({.name = "x"}));
        ASSERT_TRUE(moved.write(testing::message_bytes(2)));
        if (round == 0) continue;  // destroyed in the middle of a payload: aborted
        ASSERT_TRUE(moved.end());
        ASSERT_TRUE(moved.close());
        auto reader = Reader::open(
            {.address = section.address(), .timeout = 0ms, .consume = Consume::kRemoveWhenDone});
        ASSERT_TRUE(reader) << describe(reader.error());
        Reader receiver = std::move(*reader);
        ASSERT_TRUE(receiver.next());
        const auto bytes = receiver.read();
        ASSERT_TRUE(bytes);
        EXPECT_EQ(bytes->size(), 4096u);
        ASSERT_TRUE(receiver.read()->empty());
        ASSERT_TRUE(receiver.acknowledge());
        ASSERT_TRUE(receiver.next());
        ASSERT_TRUE(receiver.close());
    }
}

}  // namespace
}  // namespace mapferry
