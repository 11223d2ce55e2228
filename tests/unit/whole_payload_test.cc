// SPDX-License-Identifier: Apache-2.0
// Which small payloads of a stream travel as one message, and which do not.
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <string>
#include <vector>

#include "format/shared_access.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "section/mapped_section.h"
#include "support/unique_name.h"

namespace mapferry {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t kSlotBytes = 4096;

Bytes bytes_of(std::size_t count) {
    Bytes bytes(count);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::byte>(i * 7 + count);
    return bytes;
}

// A writer, and a reader that takes part from its first payload on.
class WholePayload : public ::testing::Test {
  protected:
    void SetUp() override {
        auto made = Writer::create(
            {.address = section_.address(), .slot_capacity_bytes = kSlotBytes, .slot_count = 64});
        ASSERT_TRUE(made) << made.error().message;
        writer_.emplace(std::move(*made));
    }
    // Begins the first payload after the reader has come.
    void begin_first(const PayloadInfo& info) {
        auto opening = std::async(std::launch::async,
                                  [this] { return Reader::open({.address = section_.address()}); });
        ASSERT_TRUE(writer_->wait_for_readers(1));
        ASSERT_TRUE(writer_->begin(info));
        auto opened = opening.get();
        ASSERT_TRUE(opened) << opened.error().message;
        reader_.emplace(std::move(*opened));
    }
    PayloadSummary send_rest(std::span<const std::byte> bytes) {
        EXPECT_TRUE(writer_->write(bytes));
        auto summary = writer_->end();
        EXPECT_TRUE(summary) << summary.error().message;
        return summary.value_or(PayloadSummary{});
    }
    Bytes receive() {
        Bytes all;
        while (true) {
            auto bytes = reader_->read();
            EXPECT_TRUE(bytes) << bytes.error().message;
            if (!bytes) return all;
            if (bytes->empty()) {
                EXPECT_TRUE(reader_->acknowledge());
                return all;
            }
            all.insert(all.end(), bytes->begin(), bytes->end());
        }
    }
    std::uint64_t published() {
        const auto section = open_section(section_.address());
        EXPECT_TRUE(section);
        return shared::load(section->view.writer_line().published, std::memory_order_acquire);
    }
    void expect_same(const PayloadSummary& sent) {
        ASSERT_TRUE(reader_->summary());
        EXPECT_EQ(reader_->summary()->payload_bytes, sent.payload_bytes);
        EXPECT_EQ(reader_->summary()->chunk_count, sent.chunk_count);
        EXPECT_EQ(reader_->summary()->digest, sent.digest);
    }

    testing::UniqueSection section_;
    std::optional<Writer> writer_;
    std::optional<Reader> reader_;
};

TEST_F(WholePayload, IsOneMessageAndArrivesWithItsSummary) {
    bool is_first = true;
    std::uint64_t messages = 0;
    for (const std::size_t count : {1u, 100u, 4095u, 4096u}) {
        const PayloadInfo info{.payload_bytes = count, .payload_count = 4};
        if (is_first)
            begin_first(info);
        else
            ASSERT_TRUE(writer_->begin(info));
        is_first = false;
        const Bytes bytes = bytes_of(count);
        const PayloadSummary sent = send_rest(bytes);
        EXPECT_EQ(published(), ++messages);
        const auto got = reader_->next();
        ASSERT_TRUE(got && *got);
        EXPECT_EQ((*got)->payload_bytes, count);
        EXPECT_EQ((*got)->payload_index, messages - 1);
        EXPECT_EQ((*got)->payload_count, 4u);
        EXPECT_FALSE((*got)->is_text);
        EXPECT_EQ(receive(), bytes);
        expect_same(sent);
    }
}

TEST_F(WholePayload, IsNotThereBeforeItsEnd) {
    begin_first({.payload_bytes = kSlotBytes});
    ASSERT_TRUE(writer_->write(bytes_of(kSlotBytes)));
    EXPECT_EQ(published(), 0u);
    ASSERT_TRUE(writer_->end());
    EXPECT_EQ(published(), 1u);
}

TEST_F(WholePayload, OfATextSaysSo) {
    begin_first({.is_text = true, .payload_bytes = 5});
    send_rest(bytes_of(5));
    EXPECT_EQ(published(), 1u);
    const auto got = reader_->next();
    ASSERT_TRUE(got && *got);
    EXPECT_TRUE((*got)->is_text);
}

TEST_F(WholePayload, ThatHasMoreToSayHasAManifest) {
    begin_first({.name = "named", .payload_bytes = 3});
    send_rest(bytes_of(3));
    EXPECT_EQ(published(), 3u);
    std::uint64_t messages = 3;
    const std::vector<PayloadInfo> infos = {
        {.payload_bytes = 3, .mtime_unix_ns = 1},
        {.payload_bytes = 3, .permission_bits = 0600u},
        {.payload_bytes = 3, .source = FileIdentity{}},
        {.payload_bytes = 3, .digest = DigestKind::kBytes},
        {},
    };
    for (const PayloadInfo& info : infos) {
        ASSERT_TRUE(writer_->begin(info));
        const PayloadSummary sent = send_rest(bytes_of(3));
        messages += 3;
        EXPECT_EQ(published(), messages);
        for (auto got = reader_->next(); (*got)->payload_index != messages / 3 - 1;) {
            reader_->leave_out(Code::kUsage);
            got = reader_->next();
        }
        EXPECT_EQ(receive(), bytes_of(3));
        expect_same(sent);
    }
}

TEST_F(WholePayload, ThatIsFlushedHalfwayIsSpelledOut) {
    begin_first({.payload_bytes = 100});
    const Bytes bytes = bytes_of(100);
    ASSERT_TRUE(writer_->write(std::span(bytes).first(40)));
    ASSERT_TRUE(writer_->flush());
    EXPECT_EQ(published(), 2u);  // manifest and chunk
    auto got = reader_->next();
    ASSERT_TRUE(got && *got);
    const auto half = reader_->read();
    ASSERT_TRUE(half);
    EXPECT_EQ(half->size(), 40u);
    const PayloadSummary sent = send_rest(std::span(bytes).subspan(40));
    EXPECT_EQ(receive(), Bytes(bytes.begin() + 40, bytes.end()));
    expect_same(sent);
}

TEST_F(WholePayload, ThatIsFlushedBeforeItsBytesIsSeenToBegin) {
    begin_first({.payload_bytes = 7});
    ASSERT_TRUE(writer_->loan());
    ASSERT_TRUE(writer_->flush());
    auto got = reader_->next();
    ASSERT_TRUE(got && *got);
    const PayloadSummary sent = send_rest(bytes_of(7));
    EXPECT_EQ(receive(), bytes_of(7));
    expect_same(sent);
}

TEST_F(WholePayload, LongerThanAnnouncedIsRefusedAtItsEnd) {
    begin_first({.payload_bytes = kSlotBytes});
    ASSERT_TRUE(writer_->write(bytes_of(kSlotBytes + 1)));
    EXPECT_EQ(writer_->end().error().code, Code::kUsage);
}

TEST_F(WholePayload, ShorterThanAnnouncedIsRefusedAndMayGoOn) {
    begin_first({.payload_bytes = 10});
    EXPECT_EQ(writer_->end().error().code, Code::kUsage);
    ASSERT_TRUE(writer_->write(bytes_of(4)));
    EXPECT_EQ(writer_->end().error().code, Code::kUsage);
    const PayloadSummary sent = send_rest(bytes_of(6));
    const auto got = reader_->next();
    ASSERT_TRUE(got && *got);
    EXPECT_EQ(receive().size(), 10u);
    expect_same(sent);
}

TEST_F(WholePayload, ThatIsDamagedIsCorruptAndNamesItsBytes) {
    begin_first({.payload_bytes = 100});
    send_rest(bytes_of(100));
    {
        auto section = open_section(section_.address(), platform::Access::kReadWrite);
        ASSERT_TRUE(section);
        section->view.payload(0)[50] ^= std::byte{1};
    }
    const auto got = reader_->next();
    ASSERT_TRUE(got && *got);
    const auto bytes = reader_->read();
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, Code::kCorrupt);
    EXPECT_TRUE(bytes.error().message.contains("bytes 0-99")) << bytes.error().message;
}

// summary() and an empty read() mark the end at the same time.
TEST_F(WholePayload, EndsForItsReaderWithAnEmptyReadAndIsThenAcknowledged) {
    begin_first({.payload_bytes = 100});
    send_rest(bytes_of(100));
    ASSERT_TRUE(reader_->next());
    EXPECT_EQ(reader_->acknowledge().error().code, Code::kUsage) << "before its end was read";
    ASSERT_EQ(reader_->read()->size(), 100u);
    EXPECT_FALSE(reader_->summary());
    EXPECT_EQ(reader_->acknowledge().error().code, Code::kUsage) << "before its end was read";
    EXPECT_TRUE(reader_->read()->empty());
    EXPECT_TRUE(reader_->summary());
    EXPECT_EQ(reader_->next().error().code, Code::kUsage);
    EXPECT_EQ(reader_->close().error().code, Code::kUsage);
    EXPECT_TRUE(reader_->acknowledge());
    EXPECT_EQ(reader_->acknowledge().error().code, Code::kUsage) << "twice";
    EXPECT_TRUE(reader_->close());
}

TEST_F(WholePayload, ThatIsLeftOutIsVerifiedAndTheNextOneFollows) {
    begin_first({.payload_bytes = 100});
    send_rest(bytes_of(100));
    ASSERT_TRUE(writer_->begin({.payload_bytes = 9}));
    send_rest(bytes_of(9));
    ASSERT_TRUE(reader_->next());
    reader_->leave_out(Code::kUsage);
    const auto second = reader_->next();
    ASSERT_TRUE(second && *second);
    EXPECT_EQ((*second)->payload_index, 1u);
    EXPECT_EQ(receive().size(), 9u);
    EXPECT_TRUE(reader_->summary());
}

// The reader's orderly end must not take back what it said of the payload.
TEST_F(WholePayload, ThatIsLeftOutIsMissedByTheWriterThoughTheReaderEndsInOrder) {
    begin_first({.payload_bytes = 100});
    send_rest(bytes_of(100));
    ASSERT_TRUE(writer_->begin({.payload_bytes = 9}));
    send_rest(bytes_of(9));
    ASSERT_TRUE(reader_->next());
    reader_->leave_out(Code::kIo);
    ASSERT_TRUE(reader_->next());
    EXPECT_EQ(receive().size(), 9u);
    ASSERT_TRUE(reader_->close());
    const auto closed = writer_->close();
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, Code::kPeerGone);
}

// A sleeping reader would learn of the end only with the next group of messages; a napping one
// looks soon.
TEST_F(WholePayload, EndRingsForASleeperAndNotForANapper) {
    begin_first({.payload_bytes = 10});
    send_rest(bytes_of(10));
    auto section = open_section(section_.address(), platform::Access::kReadWrite);
    ASSERT_TRUE(section);
    layout::ReadersBell& bell = section->view.readers_bell();
    for (const std::size_t count : std::initializer_list<std::size_t>{
             std::size_t{10}, static_cast<std::size_t>(3 * kSlotBytes)}) {
        for (const std::uint32_t flags : {layout::kBellSleeping, layout::kBellNapping,
                                          layout::kBellSleeping | layout::kBellNapping}) {
            shared::store(bell.sleeping, flags, std::memory_order_seq_cst);
            const std::uint32_t before = shared::load(bell.word, std::memory_order_seq_cst);
            ASSERT_TRUE(writer_->begin({.payload_bytes = count}));
            send_rest(bytes_of(count));
            const bool rings = (flags & layout::kBellSleeping) != 0;
            EXPECT_EQ(shared::load(bell.word, std::memory_order_seq_cst) != before, rings)
                << flags << ", " << count << " bytes";
            ASSERT_TRUE(writer_->flush());
            EXPECT_EQ(shared::load(bell.sleeping, std::memory_order_seq_cst), 0u);
        }
    }
}

}  // namespace
}  // namespace mapferry
