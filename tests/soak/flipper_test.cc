// SPDX-License-Identifier: Apache-2.0
// Readers and writers of a section that another process rewrites at full speed. A reader delivers
// only what the writer wrote; where the other process forges checksums, it delivers only bytes with
// the digest that it reports. Nothing crashes (the sanitizers check more closely), and readers that
// write nonsense harm no writer. Each test takes a second among the ordinary tests,
// MAPFERRY_SOAK_SECONDS in ./run soak.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <thread>

#include "mapferry/detail/failure.h"
#include "mapferry/detail/hash.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/inspect.h"
#include "mapferry/reader.h"
#include "mapferry/section.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/writer.h"
#include "support/child_process.h"
#include "support/soak_time.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::uint64_t kPayloadBytes = 100'000;
constexpr std::uint64_t kFlippedBytes = 20'000;
constexpr const char* kDescription = R"({"camera": "that nobody trusts"})";
constexpr std::int64_t kPatienceMs = 100;

std::chrono::seconds scene_time() {
    return std::chrono::seconds(std::max<std::int64_t>(soak_seconds(), 1));
}

class Flipped : public ::testing::Test {
  public:
    ~Flipped() override { section_.remove(); }

  protected:
    void start(const std::string& mode) {
        flipper_.emplace(Launch{.program = MAPFERRY_TEST_FLIPPER_PATH,
                                .arguments = {section_.name(), mode},
                                .output = pipe_stream()});
        std::byte first{};
        ASSERT_EQ(flipper_->read_output(std::span(&first, 1)), 1u);
    }
    // Repeats the step until the time is over.
    void repeat(const std::function<void()>& step) {
        const auto until = std::chrono::steady_clock::now() + scene_time();
        while (std::chrono::steady_clock::now() < until && !HasFailure())
            step();
        ASSERT_TRUE(flipper_->is_running()) << "the flipper must have flipped all the time";
    }
    void tell(const std::string& scene) const {
        print_figure("flipped under use, " + scene, delivered_, " delivered, ", refused_,
                     " refused");
    }
    enum class Content : std::uint8_t {
        kTheWriters,  // exactly the writer's bytes
        kAsReported,  // any bytes with the digest that the reader reports
    };
    void take_payload(Reader& reader, Content content) {
        auto info = reader.next();
        if (!info || !*info) return refuse();
        Digest128 digest;
        Bytes bytes;
        while (!reader.summary()) {
            auto chunk = reader.read();
            if (!chunk) return refuse();
            if (chunk->empty()) break;  // the end
            const std::uint64_t hash = xxh3_64(*chunk);
            digest.update((*info)->digest == DigestKind::kBytes
                              ? *chunk
                              : std::as_bytes(std::span(&hash, 1)));
            bytes.insert(bytes.end(), chunk->begin(), chunk->end());
        }
        ++delivered_;
        EXPECT_EQ(reader.summary()->digest, digest.value());
        EXPECT_EQ(reader.summary()->payload_bytes, bytes.size());
        EXPECT_TRUE(content == Content::kAsReported || bytes == payload_) << "other bytes";
        (void)reader.acknowledge();
    }
    void refuse() { ++refused_; }
    [[nodiscard]] bool first_line_is_taken() const {
        const auto report = inspect_section(section_.address());
        return report && !report->readers.empty() && report->readers.front().line == 0;
    }
    void keep_payload() {
        auto writer = Writer::create({.address = section_.address(),
                                      .delivery = StreamDelivery::kKeep,
                                      .workload = {.known_bytes = sizes_},
                                      .slot_capacity_bytes = 4096});
        ASSERT_TRUE(writer) << describe(writer.error());
        ASSERT_TRUE(writer->begin({.name = "x", .payload_bytes = kPayloadBytes}));
        ASSERT_TRUE(writer->write(payload_));
        ASSERT_TRUE(writer->end());
        ASSERT_TRUE(writer->close());
        keeper_.emplace(std::move(*writer));
    }
    void read_kept(const std::string& mode) {
        keep_payload();
        start(mode);
        repeat([&] {
            (void)inspect_section(section_.address());
            auto reader = Reader::open({.address = section_.address(), .timeout = 0ms});
            if (!reader) return refuse();
            take_payload(*reader, mode == "forge" ? Content::kAsReported : Content::kTheWriters);
        });
        tell("kept, " + mode);
        flipper_.reset();
        EXPECT_GT(delivered_, 0u) << "nothing came through: the test shows nothing";
    }

    const UniqueSection section_;
    const Bytes payload_ = random_bytes(kPayloadBytes);
    const std::vector<std::uint64_t> sizes_{kPayloadBytes};
    std::optional<Writer> keeper_;
    [[nodiscard]] FrameNotes what_frames_say() const {
        const std::array<std::uint64_t, 2> shape = {kFlippedBytes / 2, 2};
        return {.tensor = describe_tensor("uint8", shape).value(),
                .metadata = {.content_type = "application/json",
                             .bytes = std::span(payload_).first(100)}};
    }
    // The metadata lie in the section, where they may change after they were checked.
    void expect_true_notes(const Frame& frame) const {
        const FrameNotes sent = what_frames_say();
        EXPECT_TRUE(!frame.tensor() || frame.tensor() == sent.tensor);
        if (frame.metadata().bytes.empty()) return;
        EXPECT_EQ(frame.metadata().content_type, sent.metadata.content_type);
        EXPECT_EQ(frame.metadata().bytes.size(), sent.metadata.bytes.size());
    }

    std::optional<ChildProcess> flipper_;
    std::uint64_t delivered_ = 0;
    std::uint64_t refused_ = 0;
};

// Works in a thread of its own during its lifetime.
class Background {
  public:
    explicit Background(std::function<void()> step)
        : thread_([this, step = std::move(step)] {
              // relaxed: the flag carries no other data
              while (!stop_.load(std::memory_order_relaxed))
                  step();
          }) {}
    ~Background() {
        stop_.store(true, std::memory_order_relaxed);
        thread_.join();
    }
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

  private:
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

TEST_F(Flipped, KeptPayloadIsDeliveredRightOrNotAtAll) {
    read_kept("damage");
}

TEST_F(Flipped, KeptPayloadWithForgedChecksumsHasTheReportedDigest) {
    read_kept("forge");
}

WriterOptions stream_options(const SectionAddress& address) {
    return {.address = address,
            .slot_capacity_bytes = 4096,
            .slot_count = 8,
            .stall_timeout = std::chrono::milliseconds(kPatienceMs)};
}

// Only the digest can be checked: a change between the writer's filling of a slot and its
// computation of the checksum becomes part of the payload.
TEST_F(Flipped, StreamHasTheReportedDigest) {
    start("damage");
    {
        const Background writing([this] {
            auto writer = Writer::create(stream_options(section_.address()));
            if (!writer || !writer->wait_for_readers(1, std::chrono::milliseconds(kPatienceMs)))
                return;
            for (int i = 0; i < 20; ++i) {
                if (!writer->begin({.name = "x", .payload_bytes = kPayloadBytes})) return;
                if (!writer->write(payload_) || !writer->end()) return;
            }
            (void)writer->close();
        });
        repeat([&] {
            auto reader = Reader::open({.address = section_.address(),
                                        .timeout = std::chrono::milliseconds(kPatienceMs),
                                        .stall_timeout = std::chrono::milliseconds(kPatienceMs)});
            if (!reader) return refuse();
            const std::uint64_t refused = refused_;
            while (refused_ == refused && !HasFailure())
                take_payload(*reader, Content::kAsReported);
        });
    }
    tell("stream");
    EXPECT_GT(delivered_, 0u);
}

TEST_F(Flipped, FramesAreDeliveredRightOrNotAtAll) {
    start("damage");
    {
        const Background writing([this] {
            auto writer = FrameWriter::create({.address = section_.address(),
                                               .frame_limit_bytes = kFlippedBytes,
                                               .reader_limit = 4,
                                               .checksum = Checksum::kAll});
            const FrameNotes notes = what_frames_say();
            for (int i = 0; writer && i < 2000; ++i) {
                if (i % 100 == 0 && !writer->describe(kDescription)) return;
                if (!writer->publish_copy(std::span(payload_).first(kFlippedBytes),
                                          i % 2 == 0 ? notes : FrameNotes{},
                                          std::chrono::milliseconds(kPatienceMs)))
                    return;
            }
        });
        repeat([&] {
            auto reader =
                FrameReader::open({.address = section_.address(),
                                   .timeout = std::chrono::milliseconds(kPatienceMs),
                                   .successor_timeout = std::chrono::milliseconds(kPatienceMs)});
            Bytes copy(kFlippedBytes);
            for (int i = 0; reader && i < 500; ++i) {
                auto frame = i % 2 == 0 ? reader->latest(std::chrono::milliseconds(kPatienceMs))
                                        : reader->next(std::chrono::milliseconds(kPatienceMs));
                if (!frame || !*frame) return refuse();
                if ((*frame)->bytes().size() > copy.size() || !(*frame)->has_checksum() ||
                    !(*frame)->copy_to(copy)) {
                    refuse();
                    continue;
                }
                ++delivered_;
                EXPECT_TRUE(std::memcmp(copy.data(), payload_.data(), (*frame)->bytes().size()) ==
                            0);
                expect_true_notes(**frame);
                const auto said = reader->description();
                EXPECT_TRUE(!said || said->version == 0 || said->text == kDescription);
            }
        });
    }
    tell("frames");
    EXPECT_GT(delivered_, 0u);
}

// A buffer has no checksums, so only the bounds of its bytes and its name are promised.
TEST_F(Flipped, BufferIsUsedOrRefusedAndNeverCollected) {
    constexpr std::uint64_t kBufferBytes = 10'000;
    // Windows: the section lives while a process has it open.
    const auto made =
        SharedBuffer::open_or_create({.address = section_.address(), .size_bytes = kBufferBytes});
    ASSERT_TRUE(made) << describe(made.error());
    start("damage");
    Bytes copy(kBufferBytes + 1);
    repeat([&] {
        (void)inspect_section(section_.address());
        const auto collected = collect_garbage();
        ASSERT_TRUE(collected) << describe(collected.error());
        EXPECT_EQ(std::ranges::count(collected->removed, section_.name(), &CollectedSection::name),
                  0);
        auto buffer = SharedBuffer::open({.address = section_.address()});
        if (!buffer) return refuse();
        EXPECT_EQ(buffer->size_bytes(), kBufferBytes);
        auto lock = buffer->lock(std::chrono::milliseconds(kPatienceMs));
        if (!lock) return refuse();
        EXPECT_EQ(buffer->read_unlocked(0, copy), kBufferBytes);
        EXPECT_TRUE(buffer->write_unlocked(kBufferBytes - 1, std::span(copy).first(2)));
        ++delivered_;
    });
    flipper_.reset();
    EXPECT_TRUE(section_.exists());
    tell("buffer");
    EXPECT_GT(delivered_, 0u);
}

TEST_F(Flipped, ReadersTableDoesNotHarmTheWriterOfAStream) {
    start("readers");
    repeat([&] {
        auto writer = Writer::create(stream_options(section_.address()));
        ASSERT_TRUE(writer) << describe(writer.error());
        std::optional<Result<Reader>> reader;
        std::atomic<bool> has_ended = false;
        std::thread opening([&] {
            reader.emplace(Reader::open({.address = section_.address(), .timeout = 60s}));
            for (int i = 0; *reader && i < 3; ++i)
                take_payload(**reader, Content::kTheWriters);
            EXPECT_TRUE(!*reader || (*reader)->close());
            has_ended = true;
        });
        // Nonsense may look like waiting readers. The honest reader is on the first line.
        while (!first_line_is_taken() && !has_ended)
            std::this_thread::yield();
        Result<void> put;
        for (int i = 0; put && i < 3; ++i) {
            put = writer->begin({.name = "x", .payload_bytes = kPayloadBytes});
            if (put) put = writer->write(payload_);
            if (put && !writer->end()) put = detail::fail(Code::kIo, "no end");
        }
        EXPECT_TRUE(put) << describe(put.error());
        const auto closed = writer->close();
        EXPECT_TRUE(closed) << describe(closed.error());
        opening.join();
        EXPECT_TRUE(*reader) << describe(reader->error());
    });
    tell("readers of a stream");
    EXPECT_EQ(refused_, 0u);
}

TEST_F(Flipped, ReadersTableDoesNotHarmTheWriterOfFrames) {
    auto writer = FrameWriter::create({.address = section_.address(),
                                       .frame_limit_bytes = kFlippedBytes,
                                       .reader_limit = 4,
                                       .checksum = Checksum::kAll});
    ASSERT_TRUE(writer) << describe(writer.error());
    auto reader = FrameReader::open(
        {.address = section_.address(), .timeout = std::chrono::milliseconds(kPatienceMs)});
    ASSERT_TRUE(reader) << describe(reader.error());
    start("readers");
    std::optional<Frame> held;
    repeat([&] {
        const auto sent = std::span(payload_).first(kFlippedBytes);
        auto published = writer->publish_copy(sent, {}, std::chrono::milliseconds(kPatienceMs));
        // The false readers may lease what they like: at most twelve of the slots.
        ASSERT_TRUE(published) << describe(published.error());
        auto frame = reader->next(std::chrono::milliseconds(kPatienceMs));
        ASSERT_TRUE(frame && *frame);
        EXPECT_TRUE((*frame)->verify());
        EXPECT_TRUE(!held || held->verify()) << "a leased frame changed";
        held = std::move(*frame);
        ++delivered_;
    });
    held.reset();
    flipper_.reset();
    EXPECT_TRUE(writer->close());
    tell("readers of frames");
}

// Readers come and go on lines that were damaged before: the writer takes none of them for its dead
// predecessor.
TEST_F(Flipped, VacantLinesTakeNothingFromTheirNextReaders) {
    for (const FrameDelivery delivery : {FrameDelivery::kLatest, FrameDelivery::kEach}) {
        auto writer = FrameWriter::create({.address = section_.address(),
                                           .delivery = delivery,
                                           .frame_limit_bytes = kFlippedBytes,
                                           .reader_limit = 4,
                                           .checksum = Checksum::kAll});
        ASSERT_TRUE(writer) << describe(writer.error());
        start("vacant");
        const auto sent = std::span(payload_).first(kFlippedBytes);
        repeat([&] {
            auto reader = FrameReader::open({.address = section_.address()});
            ASSERT_TRUE(reader) << describe(reader.error());
            std::optional<Frame> held;
            for (int i = 0; i < 12; ++i) {
                auto published =
                    writer->publish_copy(sent, {}, std::chrono::milliseconds(kPatienceMs) * 100);
                ASSERT_TRUE(published) << describe(published.error());
                auto frame = reader->next(std::chrono::milliseconds(kPatienceMs) * 100);
                ASSERT_TRUE(frame && *frame);
                EXPECT_TRUE((*frame)->verify());
                EXPECT_TRUE(delivery == FrameDelivery::kLatest || (*frame)->missed() == 0);
                if (!held) held = std::move(*frame);
            }
            EXPECT_TRUE(held->verify()) << "a leased frame changed";
            EXPECT_EQ(held->bytes().size(), kFlippedBytes);
            ++delivered_;
        });
        flipper_.reset();
        EXPECT_TRUE(writer->close());
    }
    tell("vacant lines");
}

}  // namespace
}  // namespace mapferry::testing
