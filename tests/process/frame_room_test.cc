// SPDX-License-Identifier: Apache-2.0
// Frames in a process with little address space. A section of frames has far more addresses than
// memory, so its slots are mapped only when they are needed.
#include "process/programs.h"
#include "support/host.h"
#include "support/sanitizer.h"

namespace mapferry::testing {
namespace {

// In both cases the whole section is several gigabytes.
struct Shape {
    std::string image;
    std::uint64_t frame_bytes;
    std::uint64_t enough_address_bytes;  // for the program and two frames of the section
};
const Shape kFullHd{"1920x1080:BGR24", std::uint64_t{1920} * 1080 * 3, 64 * kMiB};
const Shape kUltraHd{"3840x2160:BGR24", std::uint64_t{3840} * 2160 * 3, 128 * kMiB};

class FrameRoom : public ProgramTest {
  protected:
    void SetUp() override {
        if (!can_limit_resources()) GTEST_SKIP() << "resources of a process can't be limited here";
        if (is_emulated()) GTEST_SKIP() << "QEMU enforces no limit of address space";
        if (kSanitized) GTEST_SKIP() << "a sanitizer needs more address space than that";
    }
    [[nodiscard]] std::string make_video(const Shape& shape) const {
        return make_source(3 * shape.frame_bytes, shape.image + ".raw");
    }
    [[nodiscard]] std::string target() const { return folder_.file("out/got.raw"); }
};

TEST_F(FrameRoom, OfAReaderIsEnoughForTheSlotsThatAreInUse) {
    for (const Shape& shape : {kFullHd, kUltraHd}) {
        SCOPED_TRACE(shape.image);
        const std::string video = make_video(shape);
        ChildProcess writer =
            start_writer({"--frames", "--lossless", video, "--image", shape.image});
        ChildProcess reader =
            start_reader(Launch{.arguments = {"--frames", "-o", target(), "--force"},
                                .address_bytes_limit = shape.enough_address_bytes});
        EXPECT_TRUE(ended_with(0, reader));
        EXPECT_TRUE(ended_with(0, writer));
        EXPECT_TRUE(same_content(video, target()));
    }
}

TEST_F(FrameRoom, OfAWriterIsEnoughForTheSlotsThatAreInUse) {
    for (const Shape& shape : {kFullHd, kUltraHd}) {
        SCOPED_TRACE(shape.image);
        const std::string video = make_video(shape);
        ChildProcess writer = start_writer(
            Launch{.arguments = {"--frames", "--lossless", video, "--image", shape.image},
                   .address_bytes_limit = shape.enough_address_bytes});
        EXPECT_TRUE(ended_with(0, run_reader({"--frames", "-o", target(), "--force"})));
        EXPECT_TRUE(ended_with(0, writer));
        EXPECT_TRUE(same_content(video, target()));
    }
}

// The camera uses all slots in turn, while the reader has space for two frames.
TEST_F(FrameRoom, OfAReaderIsEnoughForALongStream) {
    const std::string video = make_video(kFullHd);
    ChildProcess writer = start_writer(
        {"--frames", "--lossless", "--loop", "--count", "60", video, "--image", kFullHd.image});
    ChildProcess reader = start_reader(Launch{.arguments = {"--frames", "--null"},
                                              .address_bytes_limit = kFullHd.enough_address_bytes});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(FrameRoom, ThatIsTooSmallForOneFrameIsAnErrorWithTheWayOut) {
    const std::string video = make_video(kUltraHd);
    ChildProcess writer = start_writer(
        {"--frames", "--lossless", video, "--image", kUltraHd.image, "--stall-timeout", "20s"});
    ChildProcess reader =
        start_reader(Launch{.arguments = {"--frames", "--null"}, .address_bytes_limit = 20 * kMiB});
    EXPECT_TRUE(ended_with(71, reader));
    EXPECT_TRUE(contains(reader.errors(), "ulimit -v")) << reader.errors();
    writer.send(Signal::kKill);
    (void)writer.wait();
    EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
}

}  // namespace
}  // namespace mapferry::testing
