// SPDX-License-Identifier: Apache-2.0
// A section whose file somebody shortens while it is in use: everybody who uses it ends with a
// clear error, and leaves no output. Without the guard of fault_guard.h each of these is a death by
// SIGBUS.
#include <filesystem>

#include "format/layout.h"
#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kSlotBytes = 64 * kKiB;

class Cut : public ProgramTest {
  protected:
    void SetUp() override {
        if (!has_object_files()) GTEST_SKIP() << "sections in memory can't be cut here";
    }
    void TearDown() override {
        if (section_.exists()) section_.remove();
    }

    void cut_to(std::uint64_t bytes) const {
        std::filesystem::resize_file(object_file(section_.address()), bytes);
    }
    // Nothing, part of the header, the header without slots, a part of the slots.
    [[nodiscard]] std::vector<std::uint64_t> lengths() const {
        const Geometry geometry = report()->geometry;
        return {0, 300, geometry.payload_offset, geometry.payload_offset + kSlotBytes};
    }
    static void expect_told(ChildProcess& child) {
        EXPECT_TRUE(ended_with(kExitIo, child));
        EXPECT_TRUE(contains(child.errors(), "was cut")) << child.errors();
    }
};

TEST_F(Cut, StreamUnderReaderAndWriterIsToldToBoth) {
    for (std::size_t length = 0; length < 4; ++length) {
        SCOPED_TRACE(length);
        ChildProcess writer = start_writer(Launch{
            .arguments = {"--slot-size", "64KiB", "--slots", "4", "-"}, .input = pipe_stream()});
        ChildProcess reader = start_reader(Words{"-o", folder_.file("out/target")});
        ASSERT_TRUE(eventually_admits_readers(1));
        ASSERT_TRUE(writer.write_input(random_bytes(3 * kSlotBytes)));
        ASSERT_TRUE(eventually_holds(3 * kSlotBytes));
        cut_to(lengths()[length]);
        // Both must touch what is not there any more.
        (void)writer.write_input(random_bytes(16 * kSlotBytes));
        writer.close_input();
        expect_told(reader);
        expect_told(writer);
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
        if (section_.exists()) section_.remove();
    }
}

TEST_F(Cut, StreamUnderAWriterThatWaitsForReadersIsTold) {
    ChildProcess writer = start_writer(Words{"--text", "hello"});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    cut_to(0);
    expect_told(writer);
}

TEST_F(Cut, KeptPayloadUnderItsReaderIsTold) {
    const std::string source = make_source(64 * kSlotBytes);
    for (std::size_t length = 0; length < 4; ++length) {
        SCOPED_TRACE(length);
        ASSERT_TRUE(keep({"--slot-size", "64KiB", source}));
        // Behind a full pipe: it has begun, and has most of the payload before it.
        ChildProcess reader =
            start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
        std::byte first{};
        ASSERT_EQ(reader.read_output(std::span(&first, 1)), 1u);
        cut_to(lengths()[length]);
        (void)reader.read_all_output();
        expect_told(reader);
        section_.remove();
    }
}

TEST_F(Cut, KeptPayloadUnderItsWriterIsTold) {
    ChildProcess writer = start_writer(
        Launch{.arguments = {"--keep", "--slot-size", "64KiB", "-"}, .input = pipe_stream()});
    ASSERT_TRUE(writer.write_input(random_bytes(3 * kSlotBytes)));
    ASSERT_TRUE(eventually_holds(3 * kSlotBytes));
    cut_to(report()->geometry.payload_offset);
    (void)writer.write_input(random_bytes(16 * kSlotBytes));
    writer.close_input();
    expect_told(writer);
}

TEST_F(Cut, FramesUnderReaderAndWriterAreToldToBoth) {
    constexpr std::uint64_t kFrameBytes = 16 * kKiB;
    // Four frames of this size need no more than what the last length leaves.
    for (std::size_t length = 0; length < 3; ++length) {
        SCOPED_TRACE(length);
        ChildProcess writer = start_writer(
            Launch{.arguments = {"--frames", "-", "--image", "128x128:GRAY8", "--lossless"},
                   .input = pipe_stream()});
        ChildProcess reader = start_reader(Words{"--frames", "-o", folder_.file("out/video")});
        ASSERT_TRUE(eventually_has_readers(1));
        ASSERT_TRUE(writer.write_input(random_bytes(3 * kFrameBytes)));
        ASSERT_TRUE(eventually_holds(3 * kFrameBytes));
        cut_to(lengths()[length]);
        (void)writer.write_input(random_bytes(200 * kFrameBytes));
        writer.close_input();
        expect_told(reader);
        expect_told(writer);
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
        if (section_.exists()) section_.remove();
    }
}

TEST_F(Cut, BackingFileUnderItsReaderIsTold) {
    const std::string file = folder_.file("section.map");
    ASSERT_TRUE(keep({"--slot-size", "64KiB", "--backing", file, make_source(64 * kSlotBytes)}));
    ChildProcess reader =
        start_reader(Launch{.arguments = {"--backing", file, "-o", "-"}, .output = pipe_stream()});
    std::byte first{};
    ASSERT_EQ(reader.read_output(std::span(&first, 1)), 1u);
    std::filesystem::resize_file(file, 0);
    (void)reader.read_all_output();
    expect_told(reader);
}

}  // namespace
}  // namespace mapferry::testing
