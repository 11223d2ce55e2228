// SPDX-License-Identifier: Apache-2.0
// Pictures as they come from cameras and pipes: several in one stream, bad ones among good ones,
// turned, padded, with 16 bits.
#include <algorithm>
#include <filesystem>
#include <initializer_list>

#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "process/programs.h"

namespace mapferry::testing {
namespace {

class PictureStreams : public ProgramTest {
  protected:
    // Makes a picture of one colour.
    [[nodiscard]] static Bytes picture(PictureFormat format, int value,
                                       const char* pixels = "BGR24") {
        auto image = Image::allocate(describe_raw_image(6, 4, pixels).value());
        std::ranges::fill(image->bytes(), static_cast<std::byte>(value));
        return encode_image(image->view(), format).value();
    }
    [[nodiscard]] static Bytes joined(std::initializer_list<Bytes> parts) {
        Bytes all;
        for (const Bytes& part : parts)
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }
    [[nodiscard]] std::string store(const std::string& name, const Bytes& bytes) const {
        write_file(folder_.file(name), bytes);
        return folder_.file(name);
    }
    [[nodiscard]] static Words as_frames(Words words) {
        words.insert(words.begin(), "--frames");
        return words;
    }
    [[nodiscard]] std::string out(const std::string& name) const { return out_ + "/" + name; }
    // The value of the first byte of each stored picture.
    [[nodiscard]] std::vector<int> values() const {
        std::vector<int> all;
        for (const std::string& name : ScratchFolder::names_in(out_)) {
            const auto image = load_image(out(name));
            all.push_back(image ? std::to_integer<int>(image->bytes()[0]) : -1);
        }
        return all;
    }
    // Sends frames and stores them under `pattern`; returns how the writer ended.
    Ended pass(Words writer_words, const std::string& pattern, const Bytes& input = {}) {
        const std::string fed = store("fed", input);
        ChildProcess writer = start_writer(
            Launch{.arguments = as_frames(std::move(writer_words)), .input = file_stream(fed)});
        const Ended reader = run_reader(as_frames({"-o", out(pattern)}));
        EXPECT_TRUE(ended_with(0, reader));
        reader_errors_ = reader.errors;
        return finish(std::move(writer));
    }

    std::string reader_errors_;
};

// ---- several in one stream ---------------------------------------------------------------------

TEST_F(PictureStreams, EachOfAStreamIsAFrame) {
    const Bytes all = joined({picture(PictureFormat::kPnm, 1), picture(PictureFormat::kPnm, 2),
                              picture(PictureFormat::kPng, 3), picture(PictureFormat::kBmp, 4),
                              picture(PictureFormat::kJpeg, 5), picture(PictureFormat::kJpeg, 6),
                              picture(PictureFormat::kPnm, 7, "GRAY8")});
    EXPECT_TRUE(ended_with(0, pass({"-"}, "%d.png", all)));
    EXPECT_EQ(values(), (std::vector<int>{1, 2, 3, 4, 5, 6, 7}));
    for (const std::string& name : ScratchFolder::names_in(out_))
        std::filesystem::remove(out(name));
    EXPECT_TRUE(ended_with(0, pass({store("all.bin", all)}, "%d.png")));
    EXPECT_EQ(values(), (std::vector<int>{1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(PictureStreams, PictureOfAPipeIsAFrameBeforeTheNextOneComes) {
    for (const PictureFormat format :
         {PictureFormat::kPnm, PictureFormat::kPng, PictureFormat::kBmp, PictureFormat::kJpeg}) {
        ChildProcess writer =
            start_writer(Launch{.arguments = as_frames({"-"}), .input = pipe_stream()});
        ChildProcess reader = start_reader(as_frames({"--force", "-o", out("%d.png")}));
        for (int number = 1; number <= 3; ++number) {
            ASSERT_TRUE(writer.write_input(Bytes(picture(format, number * 40))));
            const std::string path = out(std::to_string(number) + ".png");
            EXPECT_TRUE(eventually([&] {
                const auto image = load_image(path);
                return image && image->bytes()[0] == std::byte(number * 40);
            }));
            std::filesystem::remove(path);
        }
        writer.close_input();
        EXPECT_TRUE(ended_with(0, writer));
        EXPECT_TRUE(ended_with(0, reader));
    }
}

TEST_F(PictureStreams, LoopShowsAllOfStandardInputAgain) {
    const Bytes two = joined({picture(PictureFormat::kPng, 1), picture(PictureFormat::kPng, 2)});
    EXPECT_TRUE(ended_with(0, pass({"-", "--loop", "--count", "5"}, "%d.png", two)));
    EXPECT_EQ(values(), (std::vector<int>{1, 2, 1, 2, 1}));
}

TEST_F(PictureStreams, BytesBehindAPictureThatAreNoneAreReported) {
    const Bytes junk = bytes_of("thirteen byte");
    const Ended writer = pass({store("a.png", joined({picture(PictureFormat::kPng, 1), junk})),
                               store("b.png", picture(PictureFormat::kPng, 2))},
                              "%d.png");
    EXPECT_TRUE(ended_with(kExitCorrupt, writer));
    EXPECT_TRUE(contains(writer.errors, "a.png: 13 bytes behind picture 1 are no picture"))
        << writer.errors;
    EXPECT_EQ(values(), (std::vector<int>{1, 2}));
}

// ---- bad ones among good ones ------------------------------------------------------------------

TEST_F(PictureStreams, BadPictureAmongManyCostsThatOne) {
    const Bytes png = picture(PictureFormat::kPng, 1);
    const Bytes bmp = picture(PictureFormat::kBmp, 1);
    const Ended writer =
        pass({store("good.png", png), store("noiend.png", {png.begin(), png.end() - 12}),
              store("cut.bmp", {bmp.begin(), bmp.end() - 1}), store("empty.png", {}),
              store("junk.jpg", random_bytes(1000)), folder_.file("missing.png"),
              store("last.bmp", picture(PictureFormat::kBmp, 9))},
             "%d.png");
    EXPECT_TRUE(ended_with(kExitCorrupt, writer));
    for (const char* const reason :
         {"noiend.png: the picture is damaged: it ends before its IEND chunk",
          "cut.bmp: the bitmap is damaged: it is cut short", "empty.png is empty",
          "junk.jpg is no picture", "missing.png", "5 frames were left out"})
        EXPECT_TRUE(contains(writer.errors, reason)) << reason << " in " << writer.errors;
    EXPECT_EQ(values(), (std::vector<int>{1, 9}));
}

TEST_F(PictureStreams, BadPictureInAStreamCostsThatOne) {
    const Bytes png = picture(PictureFormat::kPng, 1);
    const Bytes cut(png.begin(), png.end() - 12);
    const Ended writer =
        pass({"-", "--json"}, "%d.png", joined({png, cut, picture(PictureFormat::kPng, 3)}));
    EXPECT_TRUE(ended_with(kExitCorrupt, writer));
    EXPECT_EQ(values(), (std::vector<int>{1, 3}));
    EXPECT_TRUE(contains(json_event(writer.output, "error").at("message").get<std::string>(),
                         "standard input, picture 2: "));
    EXPECT_EQ(json_event(writer.output, "end").at("left_out"), 1);
}

TEST_F(PictureStreams, ReaderHearsWhyNothingCame) {
    const Bytes png = picture(PictureFormat::kPng, 1);
    const std::string cut = store("cut.png", {png.begin(), png.end() - 12});
    ChildProcess reader = start_reader(as_frames({"--null", "--timeout", "1s"}));
    const Ended writer = run_writer(as_frames({cut}));
    EXPECT_TRUE(ended_with(kExitCorrupt, writer));
    const Ended ended = finish(std::move(reader));
    EXPECT_TRUE(ended_with(kExitPeerGone, ended));
    EXPECT_TRUE(contains(ended.errors, "the writer gave up: ")) << ended.errors;
    EXPECT_TRUE(contains(ended.errors, "cut.png: ")) << ended.errors;
    EXPECT_FALSE(contains(ended.errors, "has gone")) << ended.errors;
}

TEST_F(PictureStreams, EmptyStandardInputIsNamed) {
    ChildProcess reader = start_reader(as_frames({"--null", "--timeout", "1s"}));
    const Ended writer = run_writer(as_frames({"-"}));
    EXPECT_TRUE(ended_with(kExitCorrupt, writer));
    EXPECT_TRUE(contains(writer.errors, "standard input is empty")) << writer.errors;
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
}

TEST_F(PictureStreams, LoopOfBadPicturesEnds) {
    ChildProcess reader = start_reader(as_frames({"--null", "--timeout", "1s"}));
    const Ended writer = run_writer(as_frames({store("a.bmp", bytes_of("BM")), "-", "--loop"}));
    EXPECT_TRUE(ended_with(kExitCorrupt, writer));
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
}

// ---- cameras -----------------------------------------------------------------------------------

TEST_F(PictureStreams, ExifTurnsFramesUnlessAskedNotTo) {
    const Bytes jpeg = picture(PictureFormat::kJpeg, 100);
    Bytes file(jpeg.begin(), jpeg.begin() + 2);
    for (const int byte :
         {0xFF,     0xE1,     0, 34, int{'E'}, int{'x'}, int{'i'}, int{'f'}, 0, 0,  //
          int{'M'}, int{'M'}, 0, 42, 0,        0,        0,        8,        0, 1, 1, 18, 0,
          3,        0,        0, 0,  1,        0,        6,        0,        0, 0, 0, 0,  0})
        file.push_back(static_cast<std::byte>(byte));
    file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
    const std::string path = store("camera.jpg", file);
    EXPECT_TRUE(ended_with(0, pass({path}, "turned-%d.png")));
    EXPECT_TRUE(ended_with(0, pass({path, "--no-rotate"}, "stored-%d.png")));
    EXPECT_EQ(to_string(load_image(out("turned-1.png"))->description()), "4x6 BGR24");
    EXPECT_EQ(to_string(load_image(out("stored-1.png"))->description()), "6x4 BGR24");
}

TEST_F(PictureStreams, MissingEndOfAJpegIsAWarning) {
    const Bytes jpeg = picture(PictureFormat::kJpeg, 100);
    const Ended writer = pass({store("a.jpg", {jpeg.begin(), jpeg.end() - 2})}, "%d.png");
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(contains(writer.errors, "warning: ")) << writer.errors;
    EXPECT_TRUE(contains(writer.errors, "a.jpg: it has no end marker")) << writer.errors;
    EXPECT_EQ(values().size(), 1u);
}

// ---- 16 bits -----------------------------------------------------------------------------------

TEST_F(PictureStreams, SixteenBitsStayAndAreNotLostWithoutAWord) {
    for (const char* const format : {"RGB48", "RGBA64", "GRAY16"}) {
        auto image = Image::allocate(describe_raw_image(6, 4, format).value());
        std::ranges::copy(random_bytes(image->bytes().size()), image->bytes().begin());
        const std::string name = std::string(format) + ".png";
        ASSERT_TRUE(save_image(image->view(), folder_.file(name), Overwrite::kReplace));
        EXPECT_TRUE(ended_with(0, pass({folder_.file(name)}, std::string(format) + "-%d.png")));
        EXPECT_FALSE(contains(reader_errors_, "warning")) << reader_errors_;
        const auto again = load_image(out(std::string(format) + "-1.png"));
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_EQ(again->description(), image->description());
        EXPECT_TRUE(std::ranges::equal(again->bytes(), image->bytes()));
        EXPECT_TRUE(ended_with(0, pass({folder_.file(name)}, std::string(format) + "-%d.bmp")));
        EXPECT_TRUE(contains(reader_errors_, "16 bits a sample become 8")) << reader_errors_;
    }
}

// ---- padded rows -------------------------------------------------------------------------------

TEST_F(PictureStreams, PaddedRowsOfRawVideoAreDescribedByTheirStride) {
    constexpr std::size_t kStride = 448;
    constexpr std::size_t kRow = 149 * 3;
    constexpr std::size_t kRows = 83 * 2;
    const Bytes padded = random_bytes(kStride * kRows);
    Bytes packed;
    for (std::size_t row = 0; row < kRows; ++row) {
        const auto begin = padded.begin() + static_cast<std::ptrdiff_t>(row * kStride);
        packed.insert(packed.end(), begin, begin + kRow);
    }
    const std::string video = store("video.raw", padded);
    const Words shape{video, "--image", "149x83:bgr24:448", "--lossless"};
    const Ended writer = pass(shape, "video");
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(contains(writer.errors, "149x83 BGR24")) << writer.errors;
    EXPECT_EQ(read_file(out("video")), packed);
    EXPECT_TRUE(ended_with(0, pass(shape, "%d.ppm")));
    const auto second = load_image(out("2.ppm"));
    ASSERT_TRUE(second);
    EXPECT_TRUE(std::ranges::equal(second->bytes(), std::span(packed).subspan(packed.size() / 2)));
}

TEST_F(PictureStreams, PaddedPlanesOfRawVideoAreDescribedByTheFirstStride) {
    struct Plane {
        std::size_t stride;
        std::size_t row;
        std::size_t rows;
    };
    constexpr Plane kPlanes[] = {{16, 13, 7}, {8, 7, 4}, {8, 7, 4}};
    const Bytes padded = random_bytes(2 * (16 * 7 + 2 * 8 * 4));
    Bytes packed;
    auto row = padded.begin();
    for (int frame = 0; frame < 2; ++frame)
        for (const Plane& plane : kPlanes)
            for (std::size_t y = 0; y < plane.rows; ++y) {
                packed.insert(packed.end(), row, row + static_cast<std::ptrdiff_t>(plane.row));
                row += static_cast<std::ptrdiff_t>(plane.stride);
            }
    const std::string video = store("video.raw", padded);
    const Ended writer = pass({video, "--image", "13x7:yuv420p:16", "--lossless"}, "video");
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(contains(writer.errors, "13x7 I420")) << writer.errors;
    EXPECT_EQ(read_file(out("video")), packed);
}

TEST_F(PictureStreams, StrideThatIsNoneIsAWrongUsage) {
    const std::string video = store("video.raw", random_bytes(1000));
    for (const char* const shape : {"149x83:BGR24:446", "149x83:BGR24:", "149x83:BGR24:448B",
                                    "149x83:BGR24:448:1", "149x83:BGR24:-1"}) {
        const Ended writer = run_writer(as_frames({video, "--image", shape}));
        EXPECT_TRUE(ended_with(kExitUsage, writer)) << shape;
        EXPECT_TRUE(contains(writer.errors, "error: ")) << writer.errors;
    }
    const Ended writer = run_writer(as_frames({video, "--image", "149x83:BGR24:446"}));
    EXPECT_TRUE(contains(writer.errors, "has 447 in a row")) << writer.errors;
}

}  // namespace
}  // namespace mapferry::testing
