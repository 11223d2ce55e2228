// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "console/serve/page_files.h"
#include "console/serve/page_message.h"
#include "console/serve/view_settings.h"

namespace mapferry::cli {
namespace {

using namespace std::string_view_literals;

TEST(PageMessage, HasTwoLengthsAnObjectAndBytes) {
    EXPECT_EQ(page_message({{"kind", "x"}}, "\0\xFF"sv),
              "\x0C\0\0\0\x02\0\0\0{\"kind\":\"x\"}\0\xFF"sv);
    EXPECT_EQ(page_message({{"kind", "x"}}), "\x0C\0\0\0\0\0\0\0{\"kind\":\"x\"}"sv);
    const std::string large = page_message({}, std::string(0x012345, 'a'));
    EXPECT_EQ(large.substr(4, 4), "\x45\x23\x01\0"sv);
}

TEST(PageFiles, AreAllInTheProgram) {
    const auto names = page_files();
    for (const std::string_view wanted : {"index.html"sv, "app.js"sv, "style.css"sv}) {
        const auto found = std::ranges::find(names, wanted, &PageFile::name);
        ASSERT_NE(found, names.end()) << wanted;
        EXPECT_GT(found->bytes.size(), 1000U) << wanted;
    }
    for (const PageFile& file : names)
        EXPECT_EQ(file.bytes.find("https:"), std::string_view::npos) << file.name;
}

TEST(ViewSettings, TakeWordsOfThePageAndRefuseOthers) {
    ViewSettings settings;
    EXPECT_TRUE(take_setting("format", "png", settings));
    EXPECT_TRUE(take_setting("quality", "55", settings));
    EXPECT_TRUE(take_setting("levels", "-1.5:300", settings));
    EXPECT_TRUE(take_setting("map", "turbo", settings));
    EXPECT_TRUE(take_setting("bayer", "raw", settings));
    EXPECT_TRUE(take_setting("layer", "3", settings));
    const ViewSettings wanted{.encoding = PictureEncoding::kPng,
                              .jpeg_quality = 55,
                              .levels = LevelsChoice::kGiven,
                              .black = -1.5,
                              .white = 300,
                              .map = ColorMap::kTurbo,
                              .bayer = BayerShown::kRaw,
                              .layer = 3};
    EXPECT_EQ(settings, wanted);
    for (const auto& [name, value] : {std::pair{"format", "gif"},
                                      {"quality", "0"},
                                      {"quality", "101"},
                                      {"quality", "5x"},
                                      {"levels", "5"},
                                      {"levels", "5:5"},
                                      {"levels", ""},
                                      {"map", ""},
                                      {"bayer", "x"},
                                      {"layer", "-1"},
                                      {"nothing", "1"}}) {
        EXPECT_FALSE(take_setting(name, value, settings)) << name << "=" << value;
        EXPECT_EQ(settings, wanted) << name;
    }
}

}  // namespace
}  // namespace mapferry::cli
