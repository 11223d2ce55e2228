// SPDX-License-Identifier: Apache-2.0
// Sections of another kind under the name that a reader asks for. The section of a dead writer is
// ignored; the section of a living writer, or a kept one, is a mistake of the user.
#include <chrono>

#include <gtest/gtest.h>

#include "format/geometry_plan.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/reader.h"
#include "mapferry/shared_buffer.h"
#include "process/programs.h"
#include "support/host.h"
#include "support/named_section.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class Leftover : public ProgramTest {
  protected:
    // On Windows the section is in a file, because sections in memory don't outlive their writer.
    void SetUp() override {
        address_ = section_.address();
        if (!has_object_files()) address_.backing_path = folder_.file("leftover.section");
    }
    void TearDown() override { (void)remove_section(address_, RemovePolicy::kAnyway); }

    // Leaves the section of a writer that died.
    [[nodiscard]] ::testing::AssertionResult leave(Delivery delivery) const {
        auto geometry = plan({.delivery = delivery, .slot_count = 2, .slot_capacity_bytes = 4096});
        if (!geometry) return ::testing::AssertionFailure() << geometry.error().message;
        auto section = create_section(address_, *geometry, ReserveNow::kAll);
        if (!section) return ::testing::AssertionFailure() << describe(section.error());
        return ::testing::AssertionSuccess();
    }
    [[nodiscard]] Words with_address(Words words) const {
        if (!address_.backing_path.empty())
            words.insert(words.end(), {"--backing", address_.backing_path});
        return words;
    }

    SectionAddress address_;
};

template <typename Value>
Code code_of(const Result<Value>& result) {
    return result ? Code::kNotReady : result.error().code;
}

TEST_F(Leftover, OfAnyKindIsNoMistakeOfAReader) {
    for (const Delivery delivery :
         {Delivery::kStream, Delivery::kKeep, Delivery::kLatest, Delivery::kEach}) {
        ASSERT_TRUE(leave(delivery));
        for (const std::chrono::milliseconds timeout : {0ms, 20ms}) {
            const Code files = code_of(Reader::open({.address = address_, .timeout = timeout}));
            EXPECT_EQ(files, Code::kPeerGone) << delivery_name(delivery);
            const Code frames =
                code_of(FrameReader::open({.address = address_, .timeout = timeout}));
            EXPECT_EQ(frames, Code::kPeerGone) << delivery_name(delivery);
            const Code missing = timeout == 0ms ? Code::kNotFound : Code::kTimedOut;
            const Code buffer =
                code_of(SharedBuffer::open({.address = address_, .timeout = timeout}));
            EXPECT_EQ(buffer, missing) << delivery_name(delivery);
        }
        ASSERT_TRUE(remove_section(address_, RemovePolicy::kAnyway));
    }
}

TEST_F(Leftover, OfFramesIsWaitedOverByAReaderOfFiles) {
    ASSERT_TRUE(leave(Delivery::kLatest));
    const std::string source = make_source(100'000);
    const std::string target = folder_.file("out/target");
    ChildProcess reader = start_reader(with_address({"-o", target}));
    ChildProcess writer = start_writer(with_address({source}));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, target));
}

TEST_F(Leftover, OfFilesIsWaitedOverByAReaderOfFrames) {
    ASSERT_TRUE(leave(Delivery::kStream));
    ChildProcess reader =
        start_reader(with_address({"--frames", "-o", folder_.file("out/target")}));
    ChildProcess writer = start_writer(
        with_address({"--frames", "--lossless", "--image", "10x10:GRAY8", make_source(1000)}));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(folder_.file("source.bin"), folder_.file("out/target")));
}

TEST_F(Leftover, ThatIsKeptIsAMistakeOfAReaderOfFrames) {
    auto geometry =
        plan({.delivery = Delivery::kKeep, .slot_count = 2, .slot_capacity_bytes = 4096});
    auto section = create_section(address_, *geometry, ReserveNow::kAll);
    ASSERT_TRUE(section) << describe(section.error());
    EXPECT_EQ(code_of(FrameReader::open({.address = address_, .timeout = 0ms})), Code::kUsage)
        << "its writer lives";
    section->view.writer_line().state = layout::kStateEnded;
    section->role.release();
    EXPECT_EQ(code_of(FrameReader::open({.address = address_, .timeout = 0ms})), Code::kUsage);
}

TEST_F(Leftover, ThatIsAlreadyEndedIsNoMistakeThoughItsWriterLives) {
    auto geometry =
        plan({.delivery = Delivery::kLatest, .slot_count = 2, .slot_capacity_bytes = 4096});
    auto section = create_section(address_, *geometry, ReserveNow::kAll);
    ASSERT_TRUE(section) << describe(section.error());
    EXPECT_EQ(code_of(Reader::open({.address = address_, .timeout = 0ms})), Code::kUsage);
    section->view.writer_line().state = layout::kStateEnded;
    EXPECT_EQ(code_of(Reader::open({.address = address_, .timeout = 0ms})), Code::kNotFound);
}

}  // namespace
}  // namespace mapferry::testing
