// SPDX-License-Identifier: Apache-2.0
// Images travel as the bytes that they are, and all readers learn their shape.
#include <filesystem>

#include "process/programs.h"

namespace mapferry::testing {
namespace {

class ImageTransfer : public ProgramTest {
  protected:
    // Passes the file and returns the reader's report about the image; null when it reports none.
    [[nodiscard]] nlohmann::json transfer(const std::string& source) const {
        const std::string target = folder_.file("out/target.bmp");
        ChildProcess writer = start_writer(Words{source});
        ChildProcess reader = start_reader(Words{"--json", "--force", "-o", target});
        EXPECT_TRUE(ended_with(0, reader));
        EXPECT_TRUE(ended_with(0, writer));
        EXPECT_TRUE(same_content(source, target)) << source;
        return json_event(reader.output(), "payload").value("image", nlohmann::json());
    }

    // Makes a picture with mapferry-make-bmp.
    [[nodiscard]] std::string make_bmp(const std::string& kind, const std::string& size) const {
        const std::string path = folder_.file(kind + ".bmp");
        const Ended maker = finish(ChildProcess(
            {.program = program_path("mapferry-make-bmp"), .arguments = {kind, size, path}}));
        EXPECT_TRUE(ended_with(0, maker));
        return path;
    }
};

struct Kind {
    const char* name = "";
    const char* format = "";
    int bits = 0;
    std::uint64_t stride = 0;  // of 37 pixels
    const char* orientation = "bottom-up";
};

TEST_F(ImageTransfer, EveryKindOfBitmapIsDescribed) {
    const Kind kinds[] = {
        {"bgr24", "BGR24", 24, 112},      {"bgr24-topdown", "BGR24", 24, 112, "top-down"},
        {"bgrx32", "BGRX32", 32, 148},    {"bgra32-v4", "BGRA32", 32, 148},
        {"bgra32-v5", "BGRA32", 32, 148}, {"rgb555", "RGB555", 16, 76},
        {"rgb565", "RGB565", 16, 76},     {"pal8", "PAL8", 8, 40},
        {"pal8-rle", "RLE8", 8, 0},       {"pal4", "PAL4", 4, 20},
        {"pal4-rle", "RLE4", 4, 0},       {"pal1", "PAL1", 1, 8},
        {"core24", "BGR24", 24, 112}};
    for (const Kind& kind : kinds) {
        SCOPED_TRACE(kind.name);
        const auto image = transfer(make_bmp(kind.name, "37x21"));
        ASSERT_TRUE(image.is_object());
        EXPECT_EQ(image.at("width"), 37);
        EXPECT_EQ(image.at("height"), 21);
        EXPECT_EQ(image.at("format"), kind.format);
        EXPECT_EQ(image.at("bits_per_pixel"), kind.bits);
        EXPECT_EQ(image.at("row_stride_bytes"), kind.stride);
        EXPECT_EQ(image.at("orientation"), kind.orientation);
    }
}

TEST_F(ImageTransfer, StoredPicturesArrive) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(MAPFERRY_DATA_PATH)) {
        if (entry.path().extension() != ".bmp") continue;
        ++count;
        const auto image = transfer(entry.path().string());
        ASSERT_TRUE(image.is_object()) << entry.path();
        // The names of the files end in WIDTHxHEIGHT.
        const std::string size = std::to_string(image.at("width").get<int>()) + "x" +
                                 std::to_string(image.at("height").get<int>());
        EXPECT_TRUE(entry.path().stem().string().ends_with(size)) << entry.path() << " " << size;
    }
    EXPECT_GT(count, 0);
}

TEST_F(ImageTransfer, LargePictureIsDescribedToOnlookersAndPeople) {
    const std::string source = make_bmp("bgr24", "1920x1080");
    ASSERT_TRUE(keep({source}));
    const Ended info = run_tool({"info", section_.name()});
    ASSERT_TRUE(ended_with(0, info));
    EXPECT_TRUE(contains(info.output, "1920x1080 BGR24")) << info.output;
    const auto line = json_lines(run_tool({"info", section_.name(), "--json"}).output).at(0);
    EXPECT_EQ(line.at("payloads").at(0).at("image").at("width"), 1920);
    const Ended reader = run_reader({"--consume", "-o", folder_.file("out/target.bmp")});
    ASSERT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(contains(reader.errors, "1920x1080 BGR24")) << reader.errors;
    EXPECT_TRUE(same_content(source, folder_.file("out/target.bmp")));
}

TEST_F(ImageTransfer, TruncatedPictureIsAnOrdinaryFile) {
    const std::string source = make_bmp("bgr24", "37x21");
    std::filesystem::resize_file(source, 1000);
    EXPECT_TRUE(transfer(source).is_null());
}

TEST_F(ImageTransfer, OtherFilesHaveNoShape) {
    EXPECT_TRUE(transfer(make_source(10'000)).is_null());
    write_file(folder_.file("tiny"), std::string("BM"));
    EXPECT_TRUE(transfer(folder_.file("tiny")).is_null());
}

}  // namespace
}  // namespace mapferry::testing
