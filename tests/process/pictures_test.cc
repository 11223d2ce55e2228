// SPDX-License-Identifier: Apache-2.0
// Pictures through the programs: as files, byte for byte, and as frames, pixel for pixel.
#include <algorithm>
#include <filesystem>

#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "process/programs.h"
#include "support/bmp_pictures.h"

namespace mapferry::testing {
namespace {

class Pictures : public ProgramTest {
  protected:
    [[nodiscard]] std::string store(const BmpPicture& picture) const {
        const std::string path = folder_.file(picture.name + ".bmp");
        write_file(path, picture.file);
        return path;
    }
    [[nodiscard]] static Words as_frames(Words words) {
        words.insert(words.begin(), "--frames");
        return words;
    }
    // Makes a picture of one colour.
    [[nodiscard]] std::string make_picture(const std::string& name, std::uint32_t width,
                                           std::uint32_t height, int value) const {
        auto image = Image::allocate(describe_raw_image(width, height, "BGR24").value());
        std::ranges::fill(image->bytes(), static_cast<std::byte>(value));
        const std::string path = folder_.file(name);
        EXPECT_TRUE(save_image(image->view(), path, Overwrite::kReplace));
        return path;
    }
    // Sends frames and stores them under `pattern` in out_; both programs end with 0. Returns the
    // writer's output on standard error.
    std::string pass(Words writer_words, const std::string& pattern, Words reader_words = {}) {
        ChildProcess writer = start_writer(as_frames(std::move(writer_words)));
        reader_words.insert(reader_words.end(), {"-o", out_ + "/" + pattern});
        EXPECT_TRUE(ended_with(0, run_reader(as_frames(std::move(reader_words)))));
        EXPECT_TRUE(ended_with(0, writer));
        return writer.errors();
    }
    [[nodiscard]] static Bytes gif() {
        return bytes_of(std::string("GIF89a\x02\0\x01\0\0\0\0,\0\0\0\0\x02\0\x01\0\0\x02\0;", 26));
    }
    [[nodiscard]] std::string out(const std::string& name) const { return out_ + "/" + name; }
    [[nodiscard]] static Bytes pixels_of(const std::string& path, const char* format) {
        const auto image = load_image(path);
        EXPECT_TRUE(image) << path;
        if (!image) return {};
        const auto wanted = describe_raw_image(1, 1, format).value().fourcc;
        const auto converted = convert_image(image->view(), wanted);
        return {converted->bytes().begin(), converted->bytes().end()};
    }
};

// ---- files -------------------------------------------------------------------------------------

TEST_F(Pictures, EveryBitmapCrossesByteForByte) {
    Words files;
    for (const BmpPicture& picture : every_bmp())
        files.push_back(store(picture));
    ChildProcess writer = start_writer(files);
    EXPECT_TRUE(ended_with(0, run_reader({"-o", out_})));
    EXPECT_TRUE(ended_with(0, writer));
    for (const BmpPicture& picture : every_bmp())
        EXPECT_EQ(read_file(out(picture.name + ".bmp")), picture.file) << picture.name;
    EXPECT_FALSE(contains(writer.errors(), "travels as bytes")) << writer.errors();
}

// ---- frames ------------------------------------------------------------------------------------

TEST_F(Pictures, EveryBitmapIsPixelExactAsFrames) {
    const std::vector<BmpPicture> pictures = every_bmp();
    Words files;
    for (const BmpPicture& picture : pictures)
        files.push_back(store(picture));
    for (const std::string extension : {"bmp", "png", "ppm"}) {
        (void)pass(files, "%03d." + extension);
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            const std::string number = std::to_string(1001 + i).substr(1);
            const bool alpha = pictures[i].has_alpha && extension != "ppm";
            Bytes expected = pictures[i].pixels;
            if (pictures[i].has_alpha && !alpha) {  // PPM has no alpha
                expected.clear();
                for (std::size_t at = 0; at < pictures[i].pixels.size(); ++at)
                    if (at % 4 != 3) expected.push_back(pictures[i].pixels[at]);
            }
            const std::string stored = out(std::string(number).append(".").append(extension));
            EXPECT_EQ(pixels_of(stored, alpha ? "BGRA32" : "BGR24"), expected)
                << pictures[i].name << " as " << extension;
        }
    }
}

TEST_F(Pictures, GifTravelsAsBytesAndTheUserIsTold) {
    write_file(folder_.file("a.gif"), gif());
    const std::string said = pass({folder_.file("a.gif")}, "%d.raw");
    EXPECT_TRUE(contains(said, "a.gif travels as bytes: GIF is not decoded")) << said;
    EXPECT_EQ(read_file(out("1.raw")), gif());
}

TEST_F(Pictures, EncodedFrameIsNoPngByItsName) {
    write_file(folder_.file("a.gif"), gif());
    ChildProcess writer = start_writer(as_frames({folder_.file("a.gif")}));
    const Ended reader = run_reader({"--frames", "-o", out("%d.png")});
    EXPECT_TRUE(ended_with(kExitUsage, reader));
    EXPECT_TRUE(contains(reader.errors, "frame-%06d.raw")) << reader.errors;
    (void)writer.wait();
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

TEST_F(Pictures, OfDifferentSizesAndKindsComeInOrder) {
    const Words files{make_picture("a.png", 5, 4, 10), make_picture("b.ppm", 300, 200, 20),
                      make_picture("c.bmp", 7, 70, 30), make_picture("d.jpg", 16, 16, 40)};
    (void)pass(files, "f%06d.bmp");
    EXPECT_EQ(ScratchFolder::names_in(out_),
              (Words{"f000001.bmp", "f000002.bmp", "f000003.bmp", "f000004.bmp"}));
    EXPECT_EQ(pixels_of(out("f000001.bmp"), "BGR24"), Bytes(5 * 4 * 3, std::byte{10}));
    EXPECT_EQ(pixels_of(out("f000002.bmp"), "BGR24"), Bytes(300 * 200 * 3, std::byte{20}));
    EXPECT_EQ(pixels_of(out("f000003.bmp"), "BGR24"), Bytes(7 * 70 * 3, std::byte{30}));
    EXPECT_EQ(pixels_of(out("f000004.bmp"), "BGR24"), Bytes(16 * 16 * 3, std::byte{40}));
}

TEST_F(Pictures, LoopAndCountGoRoundAgain) {
    const Words files{make_picture("a.png", 5, 4, 10), make_picture("b.png", 5, 4, 20)};
    (void)pass({files[0], files[1], "--loop", "--count", "5"}, "%d.ppm");
    EXPECT_EQ(ScratchFolder::names_in(out_).size(), 5u);
    EXPECT_TRUE(same_content(out("1.ppm"), out("5.ppm")));
    EXPECT_TRUE(same_content(out("2.ppm"), out("4.ppm")));
    EXPECT_FALSE(same_content(out("1.ppm"), out("2.ppm")));
}

TEST_F(Pictures, FromStandardInputIsKeptForTheLoop) {
    const std::string picture = make_picture("a.png", 5, 4, 10);
    ChildProcess writer = start_writer(Launch{
        .arguments = as_frames({"-", "--loop", "--count", "3"}), .input = file_stream(picture)});
    EXPECT_TRUE(ended_with(0, run_reader({"--frames", "-o", out("%d.bmp")})));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_EQ(pixels_of(out("3.bmp"), "BGR24"), Bytes(5 * 4 * 3, std::byte{10}));
}

TEST_F(Pictures, WithAPaceWaitForNobody) {
    const std::string picture = make_picture("a.png", 5, 4, 10);
    EXPECT_TRUE(ended_with(0, run_writer(as_frames({picture, "--fps", "500", "--count", "20"}))));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Pictures, OneFrameOfACameraIsOnePicture) {
    ChildProcess writer =
        start_writer(as_frames({make_picture("a.png", 5, 4, 10), "--loop", "--fps", "100"}));
    EXPECT_TRUE(ended_with(0, run_reader({"--frames", "--count", "1", "-o", out("now.png")})));
    EXPECT_EQ(pixels_of(out("now.png"), "BGR24"), Bytes(5 * 4 * 3, std::byte{10}));
    const Ended again = run_reader({"--frames", "--count", "1", "-o", out("now.png")});
    EXPECT_TRUE(ended_with(kExitCannotCreate, again)) << "it is there already";
    EXPECT_TRUE(
        ended_with(0, run_reader({"--frames", "--count", "1", "--force", "-o", out("now.png")})));
    const Ended several = run_reader({"--frames", "--force", "-o", out("now.png")});
    EXPECT_TRUE(ended_with(kExitCannotCreate, several));
    EXPECT_TRUE(contains(several.errors, "frame-%06d.png")) << several.errors;
    writer.send(Signal::kTerminate);
    EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), writer));
}

TEST_F(Pictures, RawVideoBecomesPicturesToo) {
    write_file(folder_.file("video.raw"), random_bytes(std::size_t{6} * 4 * 2 * 3));
    (void)pass({folder_.file("video.raw"), "--image", "6x4:RGB24", "--lossless"}, "%d.png");
    const Bytes video = read_file(folder_.file("video.raw"));
    for (std::size_t frame = 0; frame < 2; ++frame) {
        const auto begin = video.begin() + static_cast<std::ptrdiff_t>(frame * 72);
        EXPECT_EQ(pixels_of(out(std::to_string(frame + 1) + ".png"), "RGB24"),
                  Bytes(begin, begin + 72));
    }
}

TEST_F(Pictures, RawFormatsOfAllKindsBecomePictures) {
    struct Row {
        const char* image;
        std::size_t bytes;  // of zeros
        const char* format;
        Bytes pixel;
    };
    const Bytes black(3);
    for (const Row& row :
         {Row{"6x4:I420", 36, "RGB24", bytes_of(std::string("\0\x88\0", 3))},
          Row{"6x4:BGGR8", 24, "RGB24", black}, Row{"6x4:RGGB12P", 36, "RGB48", Bytes(6)},
          Row{"6x4:P010", 72, "RGB48", {}}, Row{"6x4:GRAY10", 48, "GRAY16", Bytes(2)},
          Row{"6x4:GRAYF32", 96, "GRAY16", Bytes(2)}, Row{"6x4:X2RGB10", 96, "RGB48", Bytes(6)},
          Row{"6x4:RGB565", 48, "RGB24", black}}) {
        const std::string frame = folder_.file("frame.raw");
        write_file(frame, Bytes(row.bytes));
        (void)pass({frame, "--image", row.image, "--lossless"}, "%d.png", {"--force"});
        const auto image = load_image(out("1.png"));
        ASSERT_TRUE(image) << row.image;
        const std::string format = pixel_format_name(image->description().fourcc);
        EXPECT_EQ(format, row.format == std::string("RGB24") ? "BGR24" : row.format) << row.image;
        if (row.pixel.empty()) continue;
        const Bytes pixels = pixels_of(out("1.png"), row.format);
        EXPECT_TRUE(std::ranges::equal(std::span(pixels).first(row.pixel.size()), row.pixel))
            << row.image;
    }
}

TEST_F(Pictures, LevelsChooseBlackAndWhite) {
    const std::string frame = folder_.file("frame.raw");
    write_file(frame, bytes_of("\xE8\x03\x4C\x04"));  // 1000 and 1100 of 65535
    for (const std::string levels : {"1000:1100", "auto"}) {
        (void)pass({frame, "--image", "2x1:GRAY16", "--lossless"}, "%d.pgm",
                   {"--force", "--levels", levels});
        EXPECT_EQ(pixels_of(out("1.pgm"), "GRAY16"), bytes_of(std::string("\0\0\xFF\xFF", 4)));
    }
    EXPECT_TRUE(ended_with(kExitUsage, run_reader({"--levels", "auto", "-o", out_})));
}

TEST_F(Pictures, RawNamesHoldTheBytes) {
    (void)pass({make_picture("a.png", 5, 4, 10)}, "100%%-%d.raw");
    EXPECT_EQ(read_file(out("100%-1.raw")), Bytes(5 * 4 * 3, std::byte{10}));
}

// ---- what is wrong -----------------------------------------------------------------------------

TEST_F(Pictures, DamagedAndForeignFilesAreNamed) {
    const std::string png = make_picture("a.png", 50, 40, 10);
    std::filesystem::resize_file(path_of(png), std::filesystem::file_size(path_of(png)) - 30);
    ChildProcess reader = start_reader(Words{"--frames", "--null", "--timeout", "2s"});
    const Ended damaged = run_writer(as_frames({png}));
    EXPECT_TRUE(ended_with(kExitCorrupt, damaged));
    EXPECT_TRUE(contains(damaged.errors, "a.png: the picture is damaged")) << damaged.errors;
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
    EXPECT_TRUE(contains(reader.errors(), "the writer gave up: ")) << reader.errors();
    EXPECT_TRUE(contains(reader.errors(), "the picture is damaged")) << reader.errors();
    const Ended foreign = run_writer(as_frames({make_source(1000)}));
    EXPECT_TRUE(ended_with(kExitCorrupt, foreign));
    EXPECT_TRUE(contains(foreign.errors, "--image")) << foreign.errors;
    EXPECT_TRUE(ended_with(kExitNoInput, run_writer(as_frames({folder_.file("none.png")}))));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Pictures, LargerThanTheLimitIsAnErrorWithTheWayOut) {
    const std::string picture = make_picture("a.png", 200, 200, 10);
    ChildProcess reader = start_reader(Words{"--frames", "--null", "--timeout", "2s"});
    const Ended writer = run_writer(as_frames({picture, "--slot-size", "64KiB"}));
    EXPECT_TRUE(ended_with(kExitIo, writer));
    EXPECT_TRUE(contains(writer.errors, "--slot-size")) << writer.errors;
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
}

TEST_F(Pictures, UnknownExtensionIsToldBeforeAnythingComes) {
    EXPECT_TRUE(ended_with(kExitUsage, run_reader({"--frames", "-o", out("%d.webp")})));
    EXPECT_TRUE(ended_with(kExitUsage, run_reader({"--frames", "-o", out("%04d")})));
}

TEST_F(Pictures, NameThatIsNoPatternIsToldBeforeAnythingComes) {
    for (const char* name : {"%0d.png", "%5d.png", "%d%d.png", "%s.png", "5%.png"})
        EXPECT_TRUE(ended_with(kExitUsage, run_reader({"--frames", "-o", out(name)}))) << name;
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

}  // namespace
}  // namespace mapferry::testing
