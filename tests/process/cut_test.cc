// SPDX-License-Identifier: Apache-2.0
// Another process shortens a section's file while the section is in use: each user of the section
// ends with a clear error and leaves no output. Without the guard of fault_guard.h each of these is
// a death by SIGBUS.
#include <filesystem>

#include "format/layout.h"
#include "mapferry/section.h"
#include "mapferry/shared_buffer.h"
#include "process/programs.h"
#include "support/host.h"
#include "support/object_bytes.h"

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
    // Cuts to: nothing, part of the header, the header without slots, part of the slots.
    [[nodiscard]] std::vector<std::uint64_t> lengths() const {
        const Geometry geometry = ObjectBytes(section_.address()).geometry();
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
        // Both must touch bytes that no longer exist.
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
        // The reader is behind a full pipe: it has begun, and has most of the payload ahead of it.
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
    cut_to(ObjectBytes(section_.address()).geometry().payload_offset);
    (void)writer.write_input(random_bytes(16 * kSlotBytes));
    writer.close_input();
    expect_told(writer);
}

TEST_F(Cut, FramesUnderReaderAndWriterAreToldToBoth) {
    constexpr std::uint64_t kCutFrameBytes = 16 * kKiB;
    // The last length is left out: four frames of this size fit within it.
    for (std::size_t length = 0; length < 3; ++length) {
        SCOPED_TRACE(length);
        ChildProcess writer = start_writer(
            Launch{.arguments = {"--frames", "-", "--image", "128x128:GRAY8", "--lossless"},
                   .input = pipe_stream()});
        ChildProcess reader = start_reader(Words{"--frames", "-o", folder_.file("out/video")});
        ASSERT_TRUE(eventually_has_readers(1));
        ASSERT_TRUE(writer.write_input(random_bytes(3 * kCutFrameBytes)));
        ASSERT_TRUE(eventually_holds(3 * kCutFrameBytes));
        cut_to(lengths()[length]);
        (void)writer.write_input(random_bytes(200 * kCutFrameBytes));
        writer.close_input();
        expect_told(reader);
        expect_told(writer);
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
        if (section_.exists()) section_.remove();
    }
}

TEST_F(Cut, SectionOfADeadWriterMakesWayForTheNext) {
    ASSERT_TRUE(leave_dead_section());
    cut_to(layout::kReadersOffset);
    EXPECT_TRUE(keep({make_source(1000)}));
    EXPECT_TRUE(ended_with(0, run_reader({"-o", folder_.file("out/"), "--consume"})));
}

TEST_F(Cut, SectionThatNobodyUsesIsGarbage) {
    ASSERT_TRUE(leave_dead_section());
    cut_to(layout::kReadersOffset);
    EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
    EXPECT_FALSE(section_.exists());
    ASSERT_TRUE(keep({make_source(64 * kSlotBytes)}));
    EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
    EXPECT_TRUE(section_.exists()) << "it was whole";
    cut_to(layout::kReadersOffset);
    EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Cut, SectionFileOfADeadWriterMakesWayForTheNext) {
    const std::string file = folder_.file("section.map");
    const std::string source = make_source(64 * kSlotBytes);
    ASSERT_TRUE(keep({"--backing", file, source}));
    EXPECT_TRUE(ended_with(0, run_tool({"gc", "--backing", file})));
    EXPECT_TRUE(std::filesystem::exists(file)) << "it was whole";
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_writer({"--keep", "--backing", file, source})));
    std::filesystem::resize_file(file, layout::kReadersOffset);
    EXPECT_TRUE(ended_with(0, run_writer({"--keep", "--backing", file, source})));
    EXPECT_TRUE(ended_with(0, run_reader({"--backing", file, "--null"})));
    std::filesystem::resize_file(file, layout::kReadersOffset);
    EXPECT_TRUE(ended_with(0, run_tool({"gc", "--backing", file})));
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(Cut, BufferMakesWayForANewOne) {
    const SharedBufferOptions options{.address = section_.address(), .size_bytes = 100'000};
    ASSERT_TRUE(SharedBuffer::create(options));
    cut_to(layout::kReadersOffset);
    EXPECT_EQ(SharedBuffer::open(options).error().code, Code::kCorrupt);
    const auto made = SharedBuffer::open_or_create(options);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_FALSE(made->already_existed());
    section_.remove();
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
