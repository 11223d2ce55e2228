// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/frame_slots.h"

#include <gtest/gtest.h>

#include <set>

namespace mapferry::cli {
namespace {

using namespace std::chrono_literals;

class FrameSlotsTest : public ::testing::Test {
  protected:
    FrameSlots::Place put() { return slots_.put("e", ++ordinal_, now_); }
    std::set<std::uint64_t> put_many(int frames) {
        std::set<std::uint64_t> used;
        for (int i = 0; i < frames; ++i)
            used.insert(put().slot);
        return used;
    }
    void wish_next(const std::string& importer) { slots_.take({.importer = importer}, now_); }
    void keep(const std::string& importer, std::uint64_t ordinal) {
        slots_.take({.importer = importer, .epoch = "e", .ordinal = ordinal}, now_);
    }

    FrameSlots slots_{4};
    std::uint64_t ordinal_ = 0;
    FrameSlots::Clock::time_point now_ = {};
};

TEST_F(FrameSlotsTest, EachFrameReplacesTheOldest) {
    for (int i = 0; i < 9; ++i) {
        const auto place = put();
        EXPECT_EQ(place.slot, static_cast<std::uint64_t>(i % 4));
        EXPECT_FALSE(place.stays);
    }
}

TEST_F(FrameSlotsTest, NextFrameStaysForAllThatWait) {
    wish_next("a");
    wish_next("b");
    const auto place = put();
    EXPECT_TRUE(place.stays);
    EXPECT_FALSE(put().stays);
    EXPECT_FALSE(put_many(20).contains(place.slot));
    keep("a", 1);
    wish_next("a");  // it has the frame, and b is still at work
    EXPECT_TRUE(put().stays);
    EXPECT_FALSE(put_many(20).contains(place.slot));
    keep("b", 1);
    wish_next("b");
    EXPECT_TRUE(put_many(20).contains(place.slot));
}

TEST_F(FrameSlotsTest, WishWhoseImporterIsSilentEnds) {
    wish_next("a");
    const auto place = put();
    now_ += FrameSlots::kWishHolds - 1ms;
    EXPECT_FALSE(put_many(20).contains(place.slot));
    keep("a", 1);
    now_ += FrameSlots::kWishHolds - 1ms;
    EXPECT_FALSE(put_many(20).contains(place.slot));
    now_ += 1ms;
    EXPECT_TRUE(put_many(20).contains(place.slot));
}

TEST_F(FrameSlotsTest, WishThatIsRepeatedBeforeTheNewsCameKeepsItsFrame) {
    wish_next("a");
    const auto place = put();
    wish_next("a");
    EXPECT_FALSE(put().stays);
    EXPECT_FALSE(put_many(20).contains(place.slot));
}

TEST_F(FrameSlotsTest, TwoSlotsAreLeftForTheNewest) {
    for (const char* importer : {"a", "b", "c"}) {
        wish_next(importer);
        (void)put();
    }
    EXPECT_EQ(put_many(20).size(), 2u);
    keep("a", 1);
    wish_next("a");  // c waits, and a now too: one frame stays for both
    const auto place = put();
    EXPECT_TRUE(place.stays);
    keep("c", ordinal_);
    keep("a", ordinal_);
    const auto used = put_many(20);
    EXPECT_EQ(used.size(), 2u);
    EXPECT_FALSE(used.contains(place.slot));
}

TEST_F(FrameSlotsTest, FrameThatWasReplacedCannotStay) {
    (void)put();
    put_many(4);
    keep("a", 1);
    EXPECT_EQ(put_many(20).size(), 4u);
    keep("a", ordinal_);
    EXPECT_EQ(put_many(20).size(), 3u);
    slots_.take({.importer = "b", .epoch = "other", .ordinal = ordinal_}, now_);
    EXPECT_EQ(put_many(20).size(), 3u);
}

TEST_F(FrameSlotsTest, WithTwoSlotsNoneStays) {
    FrameSlots two(2);
    two.take({.importer = "a"}, now_);
    EXPECT_FALSE(two.put("e", 1, now_).stays);
    two.take({.importer = "a", .epoch = "e", .ordinal = 1}, now_);
    EXPECT_EQ(two.put("e", 2, now_).slot, 1u);
    EXPECT_EQ(two.put("e", 3, now_).slot, 0u);
}

TEST(FrameWish, TextSaysTheSame) {
    const auto next = parse_wish(wish_text({.importer = "a"}));
    ASSERT_TRUE(next);
    EXPECT_EQ(next->importer, "a");
    EXPECT_EQ(next->epoch, "");
    const auto kept = parse_wish(wish_text({.importer = "a", .epoch = "run-1", .ordinal = 7}));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->epoch, "run-1");
    EXPECT_EQ(kept->ordinal, 7u);
    for (const char* text :
         {"", "[]", "{}", R"({"importer":1})", R"({"importer":"a","epoch":"e"})"})
        EXPECT_EQ(parse_wish(text).error().code, Code::kCorrupt) << text;
}

}  // namespace
}  // namespace mapferry::cli
