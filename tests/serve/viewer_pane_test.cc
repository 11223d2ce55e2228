// SPDX-License-Identifier: Apache-2.0
// The pace of a pane, with a picture that a source holds already.
#include <gtest/gtest.h>

#include "console/serve/viewer_pane.h"

namespace mapferry::cli {
namespace {

using Clock = ViewerPane::Clock;

std::shared_ptr<SeenFrame> picture_with(MemoryBudget& budget, std::uint64_t id) {
    const auto image = Image::allocate(*describe_raw_image(4, 4, "GRAY8"));
    return *SeenFrame::of_picture(*image, {.id = id}, budget);
}

TEST(ViewerPane, ShowsAPictureOnceAndAgainAfterASettingChanged) {
    MemoryBudget budget(1000);
    ViewerPane pane;
    const auto picture = picture_with(budget, 1);
    pane.open("kept", 1, picture);
    const Clock::time_point now = Clock::now();
    Clock::time_point wake = now + std::chrono::hours(1);
    EXPECT_EQ(pane.frame_to_send(now, wake), picture);
    pane.sending(picture, 1, now);
    EXPECT_EQ(pane.frame_to_send(now, wake), nullptr);
    EXPECT_TRUE(pane.set("levels", "auto"));
    EXPECT_EQ(pane.frame_to_send(now, wake), picture);
    pane.sending(picture, 2, now);
    EXPECT_TRUE(pane.set("levels", "auto"));
    EXPECT_EQ(pane.frame_to_send(now, wake), nullptr);
    EXPECT_FALSE(pane.set("levels", "x"));
    EXPECT_FALSE(pane.set("rate", "0"));
    EXPECT_FALSE(pane.set("rate", "1e9"));
}

TEST(ViewerPane, WaitsWhileTwoPicturesAreOnTheirWay) {
    MemoryBudget budget(1000);
    ViewerPane pane;
    pane.open("kept", 1, picture_with(budget, 1));
    const Clock::time_point now = Clock::now();
    Clock::time_point wake = now;
    for (const std::uint64_t message : {1U, 2U}) {
        pane.sending(pane.frame_to_send(now, wake), message, now);
        ASSERT_TRUE(pane.set("quality", std::to_string(50 + message)));
    }
    EXPECT_EQ(pane.frame_to_send(now, wake), nullptr);
    pane.drawn(1);
    EXPECT_NE(pane.frame_to_send(now, wake), nullptr);
}

TEST(ViewerPane, AnotherStreamKeepsTheSettingsAndBeginsANewTurn) {
    MemoryBudget budget(1000);
    ViewerPane pane;
    pane.open("one", 1, picture_with(budget, 1));
    ASSERT_TRUE(pane.set("map", "turbo"));
    pane.open("other", 2, picture_with(budget, 2));
    EXPECT_EQ(pane.turn(), 2U);
    EXPECT_EQ(pane.settings().map, ColorMap::kTurbo);
    EXPECT_EQ(pane.find(1), nullptr);
}

TEST(MemoryBudget, CountsWhatIsAlive) {
    MemoryBudget budget(20);
    {
        const auto one = picture_with(budget, 1);
        EXPECT_EQ(budget.used_bytes(), 16U);
        EXPECT_FALSE(budget.is_over());
        const auto other = picture_with(budget, 2);
        EXPECT_TRUE(budget.is_over());
    }
    EXPECT_EQ(budget.used_bytes(), 0U);
}

}  // namespace
}  // namespace mapferry::cli
