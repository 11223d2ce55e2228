// SPDX-License-Identifier: Apache-2.0
// A Python program on the other side of a pipeline.
#include <cstddef>
#include <sstream>
#include <string>

#include "gstreamer/pipelines.h"

namespace mapferry::testing {
namespace {

constexpr const char* kRgb = "video/x-raw,format=RGB,width=64,height=36,framerate=60/1";

class PythonPeers : public PipelineTest {
  protected:
    // python_peer.py with these words, and the library that was built here.
    [[nodiscard]] ChildProcess python(const std::string& what) const {
        return ChildProcess({.program = MAPFERRY_PYTHON,
                             .arguments = {"-B", MAPFERRY_PYTHON_PEER, what, name(), "5"},
                             .environment = {{"PYTHONPATH", MAPFERRY_PYTHON_FOLDER},
                                             {"MAPFERRY_LIBRARY", MAPFERRY_C_LIBRARY}}});
    }
};

std::string hex_of(const Bytes& bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte byte : bytes) {
        text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
        text += kDigits[std::to_integer<unsigned>(byte) & 15U];
    }
    return text;
}

TEST_F(PythonPeers, TakeEachFrameOfASinkBitForBit) {
    Pipeline sink(std::string("videotestsrc num-buffers=5 pattern=snow ! ") + kRgb +
                  " ! tee name=t t. ! queue ! mapferrysink sync=false readers=1 delivery=each " +
                  section() + " t. ! queue ! appsink name=out sync=false");
    ChildProcess reader = python("take");
    sink.play();
    ASSERT_EQ(reader.wait(), exited(0)) << reader.errors();
    std::istringstream taken(reader.output());
    for (int i = 0; i < 5; ++i) {
        const SamplePtr sent = sink.pull();
        ASSERT_TRUE(sent) << i;
        std::string line;
        std::getline(taken, line);
        EXPECT_TRUE(line == hex_of(pixels_of(sent.get()))) << "frame " << i;
    }
    std::string more;
    EXPECT_FALSE(std::getline(taken, more));
}

TEST_F(PythonPeers, GiveFramesThatASourceBringsBitForBit) {
    Pipeline from("mapferrysrc mode=next " + section() + " ! appsink name=out sync=false");
    ChildProcess writer = python("give");
    from.play();
    for (std::size_t frame = 0; frame < 5; ++frame) {
        const SamplePtr sample = from.pull();
        ASSERT_TRUE(sample) << frame << writer.errors();
        const GstStructure* const caps =
            gst_caps_get_structure(gst_sample_get_caps(sample.get()), 0);
        EXPECT_STREQ(gst_structure_get_string(caps, "format"), "RGB");
        Bytes expected(std::size_t{36} * 64 * 3);
        for (std::size_t i = 0; i < expected.size(); ++i)
            expected[i] = static_cast<std::byte>((i * 7 + frame) % 256);
        EXPECT_TRUE(pixels_of(sample.get()) == expected) << frame;
    }
    EXPECT_FALSE(from.pull());
    EXPECT_EQ(writer.wait(), exited(0)) << writer.errors();
}

}  // namespace
}  // namespace mapferry::testing
