// SPDX-License-Identifier: Apache-2.0
// A section's file is no longer at the path that opened it: the program changed its folder, or
// another program moved the file.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "support/child_process.h"
#include "support/host.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

constexpr std::chrono::milliseconds kMovePatience{60'000};

class MovedSection : public ::testing::Test {
  protected:
    void SetUp() override { std::filesystem::current_path(folder_.path()); }
    void TearDown() override { std::filesystem::current_path(home_); }
    void go_elsewhere() const { std::filesystem::current_path(elsewhere_); }

    static void keep_text(const SectionAddress& address) {
        const Bytes bytes = bytes_of("precious");
        const std::array<std::uint64_t, 1> sizes{bytes.size()};
        auto writer = Writer::create({.address = address,
                                      .delivery = StreamDelivery::kKeep,
                                      .workload = {.known_bytes = sizes}});
        ASSERT_TRUE(writer) << describe(writer.error());
        ASSERT_TRUE(writer->begin({.payload_bytes = bytes.size()}));
        ASSERT_TRUE(writer->write(bytes));
        ASSERT_TRUE(writer->end());
        ASSERT_TRUE(writer->close());
    }
    // Receives the only payload.
    static void take_all(Reader& reader) {
        auto info = reader.next();
        ASSERT_TRUE(info && *info);
        while (!reader.summary())
            ASSERT_TRUE(reader.read());
        ASSERT_TRUE(reader.acknowledge());
        info = reader.next();
        ASSERT_TRUE(info);
        ASSERT_FALSE(*info);
    }

    const SectionAddress address_{.name = "moved", .backing_path = "section.file"};
    const std::filesystem::path home_ = std::filesystem::current_path();
    const ScratchFolder folder_;
    const std::string elsewhere_ = folder_.make_folder("elsewhere");
    const std::string file_ = folder_.file("section.file");
};

TEST_F(MovedSection, ConsumedFromAnotherFolderIsRemoved) {
    keep_text(address_);
    auto reader = Reader::open({.address = address_, .consume = Consume::kRemoveWhenDone});
    ASSERT_TRUE(reader) << describe(reader.error());
    go_elsewhere();
    take_all(*reader);
    const auto closed = reader->close();
    EXPECT_TRUE(closed) << describe(closed.error());
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(MovedSection, WrittenFromAnotherFolderIsRemovedWhereItWasMade) {
    auto writer = Writer::create({.address = address_});
    ASSERT_TRUE(writer) << describe(writer.error());
    EXPECT_TRUE(std::filesystem::exists(file_));
    go_elsewhere();
    writer->abort(Code::kInterrupted);
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(MovedSection, ConsumedWhereItIsNotAnyMoreIsAnError) {
    keep_text(address_);
    auto reader = Reader::open({.address = address_, .consume = Consume::kRemoveWhenDone});
    ASSERT_TRUE(reader) << describe(reader.error());
    std::filesystem::rename(file_, folder_.file("other.file"));
    take_all(*reader);
    const auto closed = reader->close();
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, Code::kIo);
    EXPECT_FALSE(closed.error().hint.empty());
    EXPECT_TRUE(std::filesystem::exists(folder_.file("other.file")));
}

TEST_F(MovedSection, ConsumedThatSomebodyElseRemovedIsGood) {
    keep_text(address_);
    auto reader = Reader::open({.address = address_, .consume = Consume::kRemoveWhenDone});
    ASSERT_TRUE(reader) << describe(reader.error());
    ASSERT_TRUE(remove_section(address_, RemovePolicy::kRefuseLive));
    take_all(*reader);
    const auto closed = reader->close();
    EXPECT_TRUE(closed) << describe(closed.error());
}

TEST_F(MovedSection, FramesOfTheNextWriterAreFoundFromAnotherFolder) {
    const SectionAddress whole{.name = "moved", .backing_path = file_};
    auto first = FrameWriter::create({.address = whole, .frame_limit_bytes = 4096});
    ASSERT_TRUE(first) << describe(first.error());
    auto reader = FrameReader::open({.address = address_, .timeout = kMovePatience});
    ASSERT_TRUE(reader) << describe(reader.error());
    go_elsewhere();
    first->abort(Code::kInterrupted);
    auto second = FrameWriter::create({.address = whole, .frame_limit_bytes = 4096});
    ASSERT_TRUE(second) << describe(second.error());
    ASSERT_TRUE(second->publish_copy(bytes_of("frame"), {}, kMovePatience));
    const auto frame = reader->next(kMovePatience);
    ASSERT_TRUE(frame) << describe(frame.error());
    ASSERT_TRUE(*frame);
    EXPECT_TRUE((*frame)->writer_restarted());
}

TEST_F(MovedSection, OfACameraIsMadeAnewWhereItWas) {
    if (!has_object_files()) GTEST_SKIP() << "the system keeps the name of an open file";
    auto writer = FrameWriter::create({.address = address_, .frame_limit_bytes = 4096});
    ASSERT_TRUE(writer) << describe(writer.error());
    go_elsewhere();
    ASSERT_TRUE(std::filesystem::remove(file_));
    EXPECT_TRUE(eventually([&] { return !writer->check() || std::filesystem::exists(file_); }));
    EXPECT_TRUE(std::filesystem::exists(file_));
    EXPECT_FALSE(std::filesystem::exists(elsewhere_ + "/section.file"));
}

}  // namespace
}  // namespace mapferry::testing
