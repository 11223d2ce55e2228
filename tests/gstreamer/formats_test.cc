// SPDX-License-Identifier: Apache-2.0
// Frames of every raw format through sink and source: the pixels, and what caps say of them.
#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "gstreamer/pipelines.h"
#include "mapferry/frame_reader.h"
#include "mapferry/pixel_format.h"

namespace mapferry::testing {
namespace {

// The formats in the template of an element's pad.
std::vector<std::string> formats_of(const char* element, const char* media) {
    GstElementFactory* const factory = gst_element_factory_find(element);
    std::vector<std::string> formats;
    if (factory == nullptr) return formats;
    const auto* const pads = gst_element_factory_get_static_pad_templates(factory);
    GstCaps* const caps =
        gst_static_pad_template_get_caps(static_cast<GstStaticPadTemplate*>(pads->data));
    for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
        const GstStructure* const fields = gst_caps_get_structure(caps, i);
        if (gst_structure_has_name(fields, media) == FALSE) continue;
        const GValue* const list = gst_structure_get_value(fields, "format");
        for (guint k = 0; k < gst_value_list_get_size(list); ++k)
            formats.emplace_back(g_value_get_string(gst_value_list_get_value(list, k)));
    }
    gst_caps_unref(caps);
    gst_object_unref(factory);
    return formats;
}

class Formats : public PipelineTest {
  protected:
    // Sends three frames and compares what arrives with what the same source gives directly.
    void pass(const std::string& caps) {
        const std::string source =
            "videotestsrc num-buffers=3 pattern=smpte ! " + caps + ",framerate=30/1";
        Pipeline direct(source + " ! appsink name=out sync=false");
        Pipeline sink(source + " ! mapferrysink name=in sync=false readers=1 delivery=each " +
                      section());
        Pipeline from("mapferrysrc mode=next " + section() + " ! appsink name=out sync=false");
        for (Pipeline* pipeline : {&direct, &sink, &from})
            pipeline->play();
        for (int i = 0; i < 3; ++i) {
            const SamplePtr expected = direct.pull();
            const SamplePtr arrived = from.pull();
            ASSERT_TRUE(expected && arrived) << "frame " << i;
            EXPECT_TRUE(pixels_of(arrived.get()) == pixels_of(expected.get())) << "frame " << i;
            EXPECT_TRUE(gst_caps_is_subset(gst_sample_get_caps(arrived.get()),
                                           gst_sample_get_caps(expected.get())) != FALSE ||
                        gst_caps_can_intersect(gst_sample_get_caps(arrived.get()),
                                               gst_sample_get_caps(expected.get())) != FALSE)
                << caps_text(arrived.get()) << "\n"
                << caps_text(expected.get());
        }
        EXPECT_FALSE(from.pull()) << "there are more frames than were sent";
        EXPECT_TRUE(sink.wait().is_eos);
        EXPECT_EQ(sink.stat("in", "published"), 3U);
    }
};

TEST_F(Formats, OfRawVideoAllArriveAsTheyWere) {
    const std::vector<std::string> formats = formats_of("mapferrysink", "video/x-raw");
    ASSERT_GE(formats.size(), 40U);
    for (const std::string& format : formats) {
        SCOPED_TRACE(format);
        // Odd sides, so that strides and planes are not the simplest ones.
        pass("video/x-raw,format=" + format + ",width=67,height=35");
        if (HasFailure()) return;
    }
}

TEST_F(Formats, OfBayerPatternsAllArriveAsTheyWere) {
    const std::vector<std::string> formats = formats_of("mapferrysink", "video/x-bayer");
    ASSERT_GE(formats.size(), 16U);
    for (const char* format : {"rggb", "grbg", "gbrg", "bggr"}) {
        SCOPED_TRACE(format);
        const std::string caps =
            std::string("video/x-bayer,format=") + format + ",width=66,height=34,framerate=30/1";
        Pipeline sink("videotestsrc num-buffers=2 ! " + caps +
                      " ! mapferrysink sync=false readers=1 delivery=each " + section());
        Pipeline from("mapferrysrc mode=next " + section() + " ! appsink name=out sync=false");
        sink.play();
        from.play();
        const SamplePtr arrived = from.pull();
        ASSERT_TRUE(arrived);
        EXPECT_NE(caps_text(arrived.get()).find(std::string("(string)") + format),
                  std::string::npos)
            << caps_text(arrived.get());
        EXPECT_EQ(gst_buffer_get_size(gst_sample_get_buffer(arrived.get())), 68U * 34U);
        ASSERT_TRUE(from.pull());
        EXPECT_FALSE(from.pull());
    }
}

TEST_F(Formats, OfSinkAndSourceAreTheSame) {
    EXPECT_EQ(formats_of("mapferrysink", "video/x-raw"), formats_of("mapferrysrc", "video/x-raw"));
    EXPECT_EQ(formats_of("mapferrysink", "video/x-bayer"),
              formats_of("mapferrysrc", "video/x-bayer"));
}

// The words in backquotes of the table in docs/gstreamer.md, without the column of the caps.
std::set<std::string> formats_of_the_page() {
    std::ifstream page(MAPFERRY_GSTREAMER_PAGE);
    std::set<std::string> formats;
    std::string line;
    while (std::getline(page, line) && line != "## Formats") {
    }
    while (std::getline(page, line) && !line.starts_with("## ")) {
        if (!line.starts_with("| ")) continue;
        line.erase(0, line.find(" | "));
        for (auto at = line.find('`'); at != std::string::npos;) {
            const auto end = line.find('`', at + 1);
            formats.insert(line.substr(at + 1, end - at - 1));
            at = line.find('`', end + 1);
        }
    }
    return formats;
}

TEST_F(Formats, OfTheElementsAreThoseOfTheManual) {
    std::set<std::string> page = formats_of_the_page();
    ASSERT_TRUE(page.erase("10le") == 1 && page.erase("12le") == 1 && page.erase("16le") == 1);
    for (const std::string pattern : {"rggb", "grbg", "gbrg", "bggr"})
        page.insert({pattern + "10le", pattern + "12le", pattern + "16le"});
    std::set<std::string> known;
    for (const char* media : {"video/x-raw", "video/x-bayer"}) {
        for (const std::string& format : formats_of("mapferrysink", media))
            known.insert(format);
    }
    EXPECT_TRUE(std::ranges::includes(page, known));
    for (const std::string& format : page) {
        if (known.contains(format)) continue;
        EXPECT_EQ(gst_video_format_from_string(format.c_str()), GST_VIDEO_FORMAT_UNKNOWN)
            << format << " is known here, and the elements do not take it";
    }
}

TEST_F(Formats, ColourRateAndAspectArriveWithTheFrames) {
    const std::string said =
        "colorimetry=bt709,chroma-site=mpeg2,pixel-aspect-ratio=4/3,framerate=25/2";
    Pipeline sink("videotestsrc num-buffers=1 ! video/x-raw,format=NV12,width=64,height=36," +
                  said + " ! mapferrysink sync=false readers=1 delivery=each " + section());
    Pipeline from("mapferrysrc mode=next " + section() + " ! appsink name=out sync=false");
    sink.play();
    from.play();
    const SamplePtr arrived = from.pull();
    ASSERT_TRUE(arrived);
    const std::string caps = caps_text(arrived.get());
    for (const char* part : {"bt709", "mpeg2", "4/3", "25/2", "NV12"})
        EXPECT_NE(caps.find(part), std::string::npos) << part << " in " << caps;
}

TEST_F(Formats, ReaderOfTheLibrarySeesTheImageOfTheCaps) {
    Pipeline sink(
        "videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=67,height=35 ! "
        "mapferrysink sync=false readers=1 delivery=each " +
        section());
    sink.play();
    auto reader = FrameReader::open({.address = {.name = name()}});
    ASSERT_TRUE(reader) << describe(reader.error());
    const auto frame = reader->next(kDefaultTimeout);
    ASSERT_TRUE(frame && *frame);
    const auto& image = (*frame)->image();
    ASSERT_TRUE(image);
    EXPECT_EQ(to_string(*image), "67x35 I420");
    // GStreamer's rows are multiples of four bytes.
    EXPECT_EQ(image->row_stride_bytes, 68U);
    EXPECT_EQ(image->plane_count, 3U);
}

}  // namespace
}  // namespace mapferry::testing
