// SPDX-License-Identifier: Apache-2.0
// Pixels as characters: exact output for tiny pictures, shrinking, and the abilities of terminals.
#include "console/look/picture_text.h"

#include <gtest/gtest.h>

#include <numeric>

namespace mapferry::cli {
namespace {

using Lines = std::vector<std::string>;
using Rgb = std::vector<std::uint8_t>;

const std::string kBlock = "\xE2\x96\x80";
constexpr std::uint8_t kFull = 255;

RgbPicture shrunk(const Rgb& rgb, const PixelSize& from, const PixelSize& to) {
    return shrink(std::as_bytes(std::span(rgb)), from, to);
}

RgbPicture grey_picture(const PixelSize& size, const Rgb& levels) {
    RgbPicture picture{.size = size};
    for (const std::uint8_t level : levels)
        picture.rgb.insert(picture.rgb.end(), 3, level);
    return picture;
}

// Red and green above blue and white.
const RgbPicture kFourColors{.size = {2, 2},
                             .rgb = {kFull, 0, 0, 0, kFull, 0, 0, 0, kFull, kFull, kFull, kFull}};

TEST(PictureLines, TrueColorsShowTwoPixelsInACell) {
    EXPECT_EQ(picture_lines(kFourColors, Colors::kTrue),
              (Lines{"\x1b[38;2;255;0;0;48;2;0;0;255m" + kBlock +
                     "\x1b[38;2;0;255;0;48;2;255;255;255m" + kBlock + "\x1b[0m"}));
}

TEST(PictureLines, The256ColorsAreTheNearestOnes) {
    EXPECT_EQ(
        picture_lines(kFourColors, Colors::k256),
        (Lines{"\x1b[38;5;196;48;5;21m" + kBlock + "\x1b[38;5;46;48;5;231m" + kBlock + "\x1b[0m"}));
}

TEST(PictureLines, GreysOf256ColorsComeFromTheGreyRamp) {
    EXPECT_EQ(picture_lines(grey_picture({1, 2}, {128, 18}), Colors::k256),
              (Lines{"\x1b[38;5;244;48;5;233m" + kBlock + "\x1b[0m"}));
}

TEST(PictureLines, AsciiIsAsBrightAsTheTwoPixels) {
    EXPECT_EQ(picture_lines(grey_picture({3, 2}, {0, 255, 255, 0, 0, 255}), Colors::kAscii),
              (Lines{" =@"}));
}

TEST(PictureLines, AsciiOfColorsFollowsTheirBrightness) {
    const RgbPicture colors{.size = {3, 1}, .rgb = {0, 0, kFull, kFull, 0, 0, 0, kFull, 0}};
    EXPECT_EQ(picture_lines(colors, Colors::kAscii), (Lines{".:+"}));
}

TEST(PictureLines, EqualNeighboursNeedNoNewColors) {
    EXPECT_EQ(picture_lines(grey_picture({3, 2}, Rgb(6, 7)), Colors::kTrue),
              (Lines{"\x1b[38;2;7;7;7;48;2;7;7;7m" + kBlock + kBlock + kBlock + "\x1b[0m"}));
}

TEST(PictureLines, OddHeightLeavesTheLastLowerHalfToTheTerminal) {
    const Lines lines = picture_lines(grey_picture({1, 3}, {1, 2, 3}), Colors::kTrue);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[1], "\x1b[38;2;3;3;3;49m" + kBlock + "\x1b[0m");
    EXPECT_EQ(picture_lines(grey_picture({1, 3}, {0, 0, 255}), Colors::kAscii), (Lines{"", "@"}));
}

TEST(Shrink, SameSizeIsTheSamePicture) {
    Rgb rgb(5 * 4 * 3);
    std::iota(rgb.begin(), rgb.end(), std::uint8_t{0});
    EXPECT_EQ(shrunk(rgb, {5, 4}, {5, 4}).rgb, rgb);
}

TEST(Shrink, NewPixelsAreMeansOfWholeOldOnes) {
    const Rgb rgb{10, 20, 30, 30, 40, 50, 50, 60, 70, 70, 80, 90};
    EXPECT_EQ(shrunk(rgb, {2, 2}, {1, 1}).rgb, (Rgb{40, 50, 60}));
}

TEST(Shrink, OldPixelsAreDividedBetweenNewOnes) {
    // Three columns into two: half of the middle one goes to each side.
    const Rgb rgb{0, 0, 0, 90, 90, 90, 240, 240, 240};
    EXPECT_EQ(shrunk(rgb, {3, 1}, {2, 1}).rgb, (Rgb{30, 30, 30, 190, 190, 190}));
}

TEST(Shrink, UniformColorStaysAtAnySize) {
    for (std::uint32_t from = 1; from <= 40; ++from) {
        const Rgb rgb(std::size_t{from} * from * 3, 201);
        for (std::uint32_t to = 1; to <= from; ++to)
            ASSERT_EQ(shrunk(rgb, {from, from}, {to, to}).rgb, Rgb(std::size_t{to} * to * 3, 201))
                << from << " to " << to;
    }
}

TEST(Fit, KeepsTheShapeAndFillsTheWindow) {
    EXPECT_EQ(fit({1920, 1080}, {.columns = 80, .rows = 24}), (PixelSize{80, 45}));
    EXPECT_EQ(fit({1080, 1920}, {.columns = 80, .rows = 24}), (PixelSize{27, 48}));
    EXPECT_EQ(fit({4000, 1}, {.columns = 80, .rows = 24}), (PixelSize{80, 1}));
    EXPECT_EQ(fit({1, 4000}, {.columns = 80, .rows = 24}), (PixelSize{1, 48}));
}

TEST(Fit, NeverEnlargesAndNeverLosesASide) {
    EXPECT_EQ(fit({10, 6}, {.columns = 80, .rows = 24}), (PixelSize{10, 6}));
    EXPECT_EQ(fit({100, 100}, {.columns = 0, .rows = -1}), (PixelSize{1, 1}));
}

TEST(ColorsOf, FollowWhatTheTerminalSays) {
    const auto colors = [](const char* term, const char* colorterm) {
        return colors_of({.is_terminal = true, .colorterm = colorterm, .term = term});
    };
    EXPECT_EQ(colors("xterm-256color", "truecolor"), Colors::kTrue);
    EXPECT_EQ(colors("xterm", "24bit"), Colors::kTrue);
    EXPECT_EQ(colors("xterm-direct", ""), Colors::kTrue);
    EXPECT_EQ(colors("screen-256color", ""), Colors::k256);
    EXPECT_EQ(colors("vt100", ""), Colors::kAscii);
    EXPECT_EQ(colors("dumb", "truecolor"), Colors::kAscii);
    EXPECT_EQ(colors("", "truecolor"), Colors::kAscii);
}

TEST(ColorsOf, NoTerminalAndNoColorAreAscii) {
    EXPECT_EQ(colors_of({.colorterm = "truecolor", .term = "xterm"}), Colors::kAscii);
    EXPECT_EQ(
        colors_of(
            {.is_terminal = true, .no_color = true, .colorterm = "truecolor", .term = "xterm"}),
        Colors::kAscii);
}

TEST(ParseCells, TakesColumnsAndRows) {
    EXPECT_EQ(parse_cells("80x24"), (ScreenSize{.columns = 80, .rows = 24}));
    for (const char* text : {"", "80", "80x", "x24", "80x24x", "0x24", "80x-1", "80X24", "8 x2",
                             "99999x1", "99999999999x1"})
        EXPECT_FALSE(parse_cells(text)) << text;
}

}  // namespace
}  // namespace mapferry::cli
