// SPDX-License-Identifier: Apache-2.0
// `top` and `view` without a terminal, and malicious pictures.
#include <algorithm>
#include <filesystem>

#include "mapferry/image_file.h"
#include "process/programs.h"
#include "support/host.h"
#include "support/png_builder.h"

namespace mapferry::testing {
namespace {

constexpr std::uint32_t kWidth = 64;
constexpr std::uint32_t kHeight = 48;
const Words kLookedAt{"--image", "64x48:BGR24"};

class Look : public ProgramTest {
  protected:
    // Sends the same random picture again and again.
    [[nodiscard]] ChildProcess start_camera(const std::string& picture) const {
        Words words{"--frames", picture, "--loop", "--fps", "100"};
        words.insert(words.end(), kLookedAt.begin(), kLookedAt.end());
        return start_writer(std::move(words));
    }
    [[nodiscard]] std::string make_frame() const {
        return make_source(std::uint64_t{kWidth} * kHeight * 3, "frame.raw");
    }
    static void end(ChildProcess& process) {
        process.send(Signal::kTerminate);
        EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), process));
    }
    [[nodiscard]] Ended top(Words more) const {
        more.insert(more.begin(), {"top", section_.name(), "--interval", "200ms"});
        return run_tool(std::move(more));
    }
    [[nodiscard]] Ended view(Words more) const {
        more.insert(more.begin(), {"view", section_.name(), "--timeout", "20s"});
        return run_tool(std::move(more));
    }
    // Keeps a file with these bytes.
    [[nodiscard]] ::testing::AssertionResult keep_bytes(std::span<const std::byte> bytes,
                                                        const std::string& name) {
        write_file(folder_.file(name), bytes);
        return keep({folder_.file(name)});
    }
    // The decoding process fails on the picture; this process survives and reports it.
    void expect_refused() const {
        const Ended ended = view({});
        EXPECT_TRUE(ended_with(kExitCorrupt, ended));
        EXPECT_TRUE(contains(ended.errors, "mapferry view: error: the ")) << ended.errors;
        EXPECT_EQ(ended.output, "");
    }
    void remove() const { EXPECT_TRUE(ended_with(0, run_tool({"rm", section_.name()}))); }
};

// ---- top ---------------------------------------------------------------------------------------

TEST_F(Look, TopTellsRatesReadersAndLatencyAsJson) {
    ChildProcess camera = start_camera(make_frame());
    ChildProcess reader = start_reader(Words{"--frames", "--null"});
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) {
        return now.readers.size() == 1 && now.readers[0].figures.latency_mean_ns.has_value();
    }));
    const Ended ended = top({"--once", "--json"});
    ASSERT_TRUE(ended_with(0, ended));
    const auto sections = json_event(ended.output, "top").at("sections");
    ASSERT_EQ(sections.size(), 1u);
    const auto& row = sections[0];
    EXPECT_EQ(row.at("name"), section_.name());
    EXPECT_EQ(row.at("mode"), "latest");
    EXPECT_EQ(row.at("readers"), 1);
    EXPECT_GT(row.at("frames_per_second"), 0.0);
    EXPECT_GT(row.at("bytes_per_second"), 0.0);
    EXPECT_GT(row.at("latency_ns"), 0);
    EXPECT_GT(row.at("used_bytes"), 0);
    EXPECT_GT(row.at("each_reader").at(0).at("frames_taken"), 0);
    end(reader);
    end(camera);
}

TEST_F(Look, TopWithoutATerminalPrintsOneTable) {
    ChildProcess camera = start_camera(make_frame());
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) { return now.published > 0; }));
    const Ended ended = top({});
    EXPECT_TRUE(ended_with(0, ended));
    EXPECT_EQ(std::ranges::count(ended.output, '\n'), 2) << ended.output;
    EXPECT_TRUE(ended.output.starts_with("NAME")) << ended.output;
    EXPECT_TRUE(contains(ended.output, "\n" + section_.name())) << ended.output;
    EXPECT_FALSE(contains(ended.output, "\x1b")) << ended.output;
    end(camera);
}

TEST_F(Look, TopSaysThatAWriterDied) {
    if (!sections_outlive_processes()) GTEST_SKIP() << "a section ends with its writer here";
    ChildProcess camera = start_camera(make_frame());
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) { return now.published > 0; }));
    camera.send(Signal::kKill);
    (void)camera.wait();
    EXPECT_TRUE(contains(top({"--once"}).output, "writer died"));
    remove();
}

TEST_F(Look, TopOfOneSectionThatIsNotThereSaysSo) {
    EXPECT_TRUE(ended_with(kExitNoInput, top({"--once", "--json"})));
    EXPECT_TRUE(ended_with(kExitNoInput, top({"--json"})));
    const Ended ended = top({});
    EXPECT_TRUE(ended_with(kExitNoInput, ended));
    EXPECT_TRUE(contains(ended.errors, "mapferry top: error: ")) << ended.errors;
    EXPECT_EQ(ended.output, "");
}

TEST_F(Look, TopRefusesAnIntervalOfNothing) {
    EXPECT_TRUE(ended_with(kExitUsage, top({"--interval", "0"})));
    EXPECT_TRUE(ended_with(kExitUsage, top({"--interval", "soon"})));
}

// ---- view --------------------------------------------------------------------------------------

TEST_F(Look, ViewWithoutATerminalPrintsPlainCharacters) {
    ChildProcess camera = start_camera(make_frame());
    const Ended ended = view({});
    EXPECT_TRUE(ended_with(0, ended));
    EXPECT_EQ(std::ranges::count(ended.output, '\n'), 22) << "24 rows less two for words";
    EXPECT_TRUE(std::ranges::all_of(ended.output, [](char c) {
        return c == '\n' || contains(" .:-=+*#%@", std::string(1, c));
    })) << ended.output;
    EXPECT_TRUE(contains(ended.errors, "64x48 BGR24, frame ")) << ended.errors;
    end(camera);
}

TEST_F(Look, ViewSavesTheWholeFrame) {
    const std::string frame = make_frame();
    const std::string saved = folder_.file("out/frame.png");
    ChildProcess camera = start_camera(frame);
    EXPECT_TRUE(ended_with(0, view({"--save", saved})));
    const auto image = load_image(saved);
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ(image->description().width, kWidth);
    EXPECT_TRUE(std::ranges::equal(image->bytes(), bytes_of(read_text(frame))));
    EXPECT_TRUE(ended_with(kExitCannotCreate, view({"--save", saved}))) << "it exists";
    EXPECT_TRUE(ended_with(0, view({"--save", saved, "--force"})));
    EXPECT_TRUE(ended_with(kExitUsage, view({"--save", folder_.file("out/frame.doc")})));
    end(camera);
}

// White in YUV, as a Bayer pattern, packed, and as floating-point numbers.
TEST_F(Look, ViewShowsRawFormatsOfAllKinds) {
    struct Row {
        const char* image;
        Bytes white;
    };
    const Bytes float_white = bytes_of(std::string("\0\0\x80\x3F", 4));
    Bytes floats;
    for (int i = 0; i < 4; ++i)
        floats.insert(floats.end(), float_white.begin(), float_white.end());
    for (const Row& row :
         {Row{"2x2:NV12", bytes_of("\xEB\xEB\xEB\xEB\x80\x80")},
          Row{"2x2:UYVY", bytes_of("\x80\xEB\x80\xEB\x80\xEB\x80\xEB")},
          Row{"2x2:RGGB10P", Bytes(10, std::byte{0xFF})},
          Row{"2x2:GRAY12", Bytes(8, std::byte{0x0F})}, Row{"2x2:GRAYF32", floats}}) {
        write_file(folder_.file("white.raw"), row.white);
        ChildProcess camera = start_writer(Words{"--frames", folder_.file("white.raw"), "--loop",
                                                 "--fps", "100", "--image", row.image});
        const Ended ended = view({});
        EXPECT_TRUE(ended_with(0, ended)) << row.image;
        EXPECT_EQ(ended.output, "@@\n") << row.image;
        end(camera);
    }
}

TEST_F(Look, ViewTakesLevels) {
    // 1000 and 1100 of 65535.
    write_file(folder_.file("dim.raw"), bytes_of("\xE8\x03\x4C\x04"));
    ChildProcess camera = start_writer(Words{"--frames", folder_.file("dim.raw"), "--loop", "--fps",
                                             "100", "--image", "2x1:GRAY16"});
    EXPECT_EQ(view({}).output, "\n");
    EXPECT_EQ(view({"--levels", "1000:1100"}).output, " @\n");
    EXPECT_EQ(view({"--levels", "1100:1000"}).output, "@\n");
    const std::string saved = folder_.file("out/dim.png");
    EXPECT_EQ(view({"--levels", "auto", "--save", saved}).output, " @\n");
    const auto image = load_image(saved);
    ASSERT_TRUE(image);
    EXPECT_TRUE(std::ranges::equal(image->bytes(), bytes_of(std::string("\0\0\xFF\xFF", 4))));
    for (const char* const levels : {"", "5", "5:5", "a:b", "1:2:3", "nan:1"})
        EXPECT_TRUE(ended_with(kExitUsage, view({"--levels", levels}))) << levels;
    end(camera);
}

TEST_F(Look, ViewDecodesAKeptPicture) {
    const std::string saved = folder_.file("out/copy.ppm");
    const std::string source = std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp";
    ASSERT_TRUE(keep({source}));
    const Ended ended = view({"--save", saved, "--size", "40x10"});
    EXPECT_TRUE(ended_with(0, ended));
    EXPECT_EQ(std::ranges::count(ended.output, '\n'), 10) << ended.output;
    const auto before = load_image(source);
    const auto after = load_image(saved);
    ASSERT_TRUE(before && after);
    EXPECT_TRUE(std::ranges::equal(before->bytes(), after->bytes()));
    remove();
}

TEST_F(Look, ViewTellsFactsAsJson) {
    ASSERT_TRUE(keep({std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp"}));
    const Ended ended = view({"--json"});
    EXPECT_TRUE(ended_with(0, ended));
    EXPECT_EQ(json_event(ended.output, "picture").at("image").at("width"), 149);
    remove();
}

TEST_F(Look, ViewOfAFileThatIsNoPictureIsRefused) {
    ASSERT_TRUE(keep({make_source(1000)}));
    expect_refused();
    remove();
}

TEST_F(Look, ViewOfATextIsRefused) {
    ASSERT_TRUE(keep({"--text", "hello"}));
    const Ended ended = view({});
    EXPECT_TRUE(ended_with(kExitUsage, ended));
    EXPECT_TRUE(contains(ended.errors, "holds no picture")) << ended.errors;
    remove();
}

TEST_F(Look, ViewTakesNoPartInAStreamOfFiles) {
    ChildProcess writer = start_writer(Words{make_source(1000)});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    EXPECT_TRUE(ended_with(kExitUsage, view({})));
    EXPECT_TRUE(ended_with(0, run_reader({"--null"})));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Look, FollowingNeedsATerminal) {
    const Ended ended = view({"--follow"});
    EXPECT_TRUE(ended_with(kExitUsage, ended));
    EXPECT_TRUE(contains(ended.errors, "needs a terminal")) << ended.errors;
}

TEST_F(Look, ViewWithoutASectionIsAskedForInVain) {
    EXPECT_TRUE(ended_with(kExitNoInput, run_tool({"view", section_.name(), "--timeout", "0"})));
}

// ---- malicious pictures ------------------------------------------------------------------------

// Makes the beginning of a PNG of this size, then `content` as its pixels.
Bytes png(std::uint32_t width, std::uint32_t height, const Bytes& content) {
    PngBuilder builder;
    builder.put_header({.width = width, .height = height});
    builder.put_chunk("IDAT", content);
    builder.put_chunk("IEND", {});
    return builder.file();
}

TEST_F(Look, PictureOfNineHundredMillionPixelsIsRefused) {
    ASSERT_TRUE(keep_bytes(png(30'000, 30'000, random_bytes(1000)), "bomb.png"));
    expect_refused();
    remove();
}

TEST_F(Look, PictureWithAHeaderAndNothingBehindItIsRefused) {
    ASSERT_TRUE(keep_bytes(png(100, 100, random_bytes(50'000)), "garbage.png"));
    expect_refused();
    remove();
}

TEST_F(Look, PictureThatWasCutIsRefused) {
    const std::string whole =
        read_text(std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp");
    const Bytes cut = bytes_of(whole.substr(0, 1000));
    ASSERT_TRUE(keep_bytes(cut, "cut.bmp"));
    expect_refused();
    remove();
}

TEST_F(Look, FramesOfRandomBytesThatCallThemselvesPicturesAreRefused) {
    for (int i = 0; i < 5; ++i) {
        SCOPED_TRACE(i);
        const Bytes random = random_bytes(3000, static_cast<std::uint64_t>(i));
        ASSERT_TRUE(keep_bytes(png(16, 16, random), "random" + std::to_string(i) + ".png"));
        expect_refused();
        remove();
    }
}

}  // namespace
}  // namespace mapferry::testing
