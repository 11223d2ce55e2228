// SPDX-License-Identifier: Apache-2.0
// Every allocation of the library's operations fails, once and for ever: the error is a Status,
// nothing throws, nothing leaks, and no section remains.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>

#include "mapferry/detail/failure.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "mapferry/inspect.h"
#include "mapferry/reader.h"
#include "mapferry/receive.h"
#include "mapferry/send.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/wait_any.h"
#include "mapferry/writer.h"
#include "support/child_process.h"
#include "support/counted_memory.h"
#include "support/host.h"
#include "support/private_shm.h"
#include "support/scratch_folder.h"
#include "support/soak_time.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class MemorySweep : public ::testing::Test {
  protected:
    using Operation = std::function<Result<void>()>;

    // A list of sections takes memory for each: other programs' sections may not come and go.
    static void SetUpTestSuite() {
        static const bool entered = enter_private_shm();
        if (!entered) std::cout << "other programs' sections may disturb this test\n";
    }

    // Runs `operation` with each of its allocations failing in turn; `tidy` removes what may stay.
    void sweep(
        const char* name, const Operation& operation, const std::function<void()>& tidy = [] {});

    [[nodiscard]] Result<void> keep() const;
    [[nodiscard]] Result<void> take() const;

    const ScratchFolder folder_;
    const UniqueSection section_;
    const SectionAddress address_ = section_.address();
    // In a file, so that the section stays without its writer on every system.
    const std::string kept_file_ = folder_.file("a kept section with quite a long name");
    const SectionAddress kept_ = {.name = section_.name(), .backing_path = kept_file_};
    // Made once, because copies would need memory of the test's own. The size is unknown, but
    // smaller than the disk.
    const WriterOptions keeping_ = {
        .address = kept_,
        .delivery = StreamDelivery::kKeep,
        .workload = {.unknown_count = 1, .space_bytes = std::uint64_t{1} << 20}};
    const ReaderOptions consuming_ = {
        .address = kept_, .timeout = 0ms, .consume = Consume::kRemoveWhenDone};
    const Bytes bytes_ = random_bytes(9000);
    const std::string source_ = folder_.file("a source with quite a long name");
    const std::string target_ = folder_.file("a target with quite a long name");

  private:
    struct Ran {
        std::optional<Code> code;  // none: success
        std::string said;
        std::uint64_t allocations = 0;
        std::uint64_t refused_here = 0;  // not by the operation's other threads
    };
    static Ran run(const Operation& operation, std::uint64_t failing, MemoryFailure failure);
    void expect_nothing_left(std::int64_t live, std::uint64_t handles) const;
};

MemorySweep::Ran MemorySweep::run(const Operation& operation, std::uint64_t failing,
                                  MemoryFailure failure) {
    Ran ran;
    std::string message;
    {
        const FailingMemory memory(failing, failure);
        try {
            Result<void> result = operation();
            if (!result) ran.code = result.error().code;
            if (!result) message = std::move(result.error().message);
        } catch (const std::exception& error) {
            ran.code = Code::kInterrupted;
            ADD_FAILURE() << "thrown across the surface: " << error.what();
        }
        ran.allocations = memory.allocations();
        ran.refused_here = memory.refused_here();
    }
    ran.said = message;
    return ran;
}

void MemorySweep::expect_nothing_left(std::int64_t live, std::uint64_t handles) const {
    EXPECT_EQ(live_allocations(), live) << "memory is leaked";
    EXPECT_EQ(open_handles(), handles) << "handles are leaked";
    EXPECT_FALSE(section_.exists());
    EXPECT_FALSE(std::filesystem::exists(path_of(kept_file_)));
    const auto names = folder_.names();
    const auto hidden = [](const std::string& name) { return name.starts_with('.'); };
    EXPECT_TRUE(std::ranges::none_of(names, hidden))
        << "a temporary is left: " << ::testing::PrintToString(names);
}

void MemorySweep::sweep(const char* name, const Operation& operation,
                        const std::function<void()>& tidy) {
    constexpr std::uint64_t kNever = ~std::uint64_t{0};
    // The first run also makes the objects that stay for later runs.
    (void)run(operation, kNever, MemoryFailure::kOnce);
    tidy();
    const Ran whole = run(operation, kNever, MemoryFailure::kOnce);
    tidy();
    ASSERT_FALSE(whole.code) << whole.said;
    ASSERT_GT(whole.allocations, 0u);
    std::uint64_t refused = 0;
    for (std::uint64_t failing = 0; failing < whole.allocations; ++failing) {
        for (const MemoryFailure failure : {MemoryFailure::kOnce, MemoryFailure::kForEver}) {
            SCOPED_TRACE(std::string(name) + ": allocation " + std::to_string(failing) + " of " +
                         std::to_string(whole.allocations) + " fails " +
                         (failure == MemoryFailure::kOnce ? "once" : "and all after it"));
            const std::int64_t live = live_allocations();
            const std::uint64_t handles = open_handles();
            {
                const Ran ran = run(operation, failing, failure);
                tidy();
                if (ran.code) {
                    EXPECT_TRUE(*ran.code == Code::kOutOfMemory || *ran.code == Code::kIo)
                        << ran.said;
                }
                // A thread that watches for news may need memory or not, as it comes to run, and
                // does without. On Windows the end of an abandoned operation tries to allocate, and
                // succeeds without.
                const bool needed = ran.refused_here != 0;
                refused += needed ? 1U : 0U;
                if (failure == MemoryFailure::kForEver && needed && has_object_files()) {
                    EXPECT_TRUE(ran.code) << "it needed no memory?";
                }
            }
            expect_nothing_left(live, handles);
            if (HasFailure()) return;
        }
    }
    EXPECT_GT(refused, whole.allocations) << "most allocations are the operation's own";
    print_figure(std::string("memory failing, ") + name, whole.allocations,
                 " allocations, each once and for ever, 0 thrown, 0 leaked");
}

Result<void> MemorySweep::keep() const {
    auto source = Source::open_file(source_);
    if (!source) return std::unexpected(source.error());
    auto writer = Writer::create(keeping_);
    if (!writer) return std::unexpected(writer.error());
    if (auto sent = send_payload(*writer, *source, {}); !sent) return std::unexpected(sent.error());
    if (auto closed = writer->close(); !closed) return std::unexpected(closed.error());
    return {};
}

Result<void> MemorySweep::take() const {
    auto reader = Reader::open(consuming_);
    if (!reader) return std::unexpected(reader.error());
    auto info = reader->next();
    if (!info) return std::unexpected(info.error());
    auto output = Output::to_file(target_, Overwrite::kReplace, std::nullopt);
    if (!output) return std::unexpected(output.error());
    if (auto received = receive_payload(*reader, *output, {}); !received)
        return std::unexpected(received.error());
    if (auto stored = reader->acknowledge(); !stored) return stored;
    if (auto end = reader->next(); !end) return std::unexpected(end.error());
    return reader->close();
}

TEST_F(MemorySweep, OfKeepAndConsume) {
    write_file(source_, bytes_);
    sweep(
        "keep and consume",
        [&]() -> Result<void> {
            if (auto kept = keep(); !kept) return kept;
            return take();
        },
        [&] { (void)remove_section(kept_, RemovePolicy::kAnyway); });
}

TEST_F(MemorySweep, OfAWriterThatIsGivenUp) {
    const WriterOptions options{.address = address_};
    sweep("a stream given up", [&]() -> Result<void> {
        auto writer = Writer::create(options);
        if (!writer) return std::unexpected(writer.error());
        auto second = Writer::create(options);
        if (second) return detail::fail(Code::kUsage, "two writers");
        if (second.error().code != Code::kCannotCreate) return std::unexpected(second.error());
        return {};
    });
}

TEST_F(MemorySweep, OfFrames) {
    const FrameWriterOptions writes{.address = address_, .frame_limit_bytes = 9000};
    const FrameReaderOptions reads{.address = address_, .timeout = 0ms, .successor_timeout = 0ms};
    sweep("frames", [&]() -> Result<void> {
        auto writer = FrameWriter::create(writes);
        if (!writer) return std::unexpected(writer.error());
        auto reader = FrameReader::open(reads);
        if (!reader) return std::unexpected(reader.error());
        for (int i = 0; i < 3; ++i) {
            auto published = writer->publish_copy(bytes_, {}, 0ms);
            if (!published) return std::unexpected(published.error());
            auto frame = reader->next(0ms);
            if (!frame) return std::unexpected(frame.error());
            if (auto verified = (*frame)->verify(); !verified) return verified;
        }
        return {};
    });
}

TEST_F(MemorySweep, OfReadersInAnEventLoop) {
    const WriterOptions writes{.address = address_};
    const ReaderOptions reads{.address = address_, .timeout = 0ms};
    sweep("readers in an event loop", [&]() -> Result<void> {
        auto writer = Writer::create(writes);
        if (!writer) return std::unexpected(writer.error());
        auto reader = Reader::open(reads);
        if (!reader) return std::unexpected(reader.error());
        const Waitable readers[] = {*reader};
        auto none = wait_any(readers, std::chrono::milliseconds(0));
        if (none) return detail::fail(Code::kUsage, "news of nothing");
        if (none.error().code != Code::kTimedOut) return std::unexpected(none.error());
        if (auto begun = writer->begin({}); !begun) return begun;
        if (auto put = writer->write(bytes_); !put) return put;
        if (auto ended = writer->end(); !ended) return std::unexpected(ended.error());
        auto which = wait_any(readers, kWatchdog);
        if (!which) return std::unexpected(which.error());
        auto payload = reader->try_next();
        if (!payload) return std::unexpected(payload.error());
        return *payload ? Result<void>() : detail::fail(Code::kUsage, "no payload");
    });
}

TEST_F(MemorySweep, OfABuffer) {
    const SharedBufferOptions options{.address = address_, .size_bytes = 100};
    sweep(
        "buffer",
        [&]() -> Result<void> {
            auto buffer = SharedBuffer::open_or_create(options);
            if (!buffer) return std::unexpected(buffer.error());
            for (int i = 0; i < 2; ++i) {
                auto lock = buffer->lock(0ms);
                if (!lock) return std::unexpected(lock.error());
                auto put = lock->write_at(0, std::span(bytes_).first(10));
                if (!put) return std::unexpected(put.error());
            }
            return remove_section(address_, RemovePolicy::kRefuseLive);
        },
        [&] { section_.remove(); });
}

TEST_F(MemorySweep, OfLookingAfterSections) {
    write_file(source_, bytes_);
    sweep(
        "inspect, verify, list and rm",
        [&]() -> Result<void> {
            if (auto kept = keep(); !kept) return kept;
            if (auto report = inspect_section(kept_); !report)
                return std::unexpected(report.error());
            if (auto verified = verify_section(kept_); !verified)
                return std::unexpected(verified.error());
            if (auto names = list_sections(); !names) return std::unexpected(names.error());
            return remove_section(kept_, RemovePolicy::kRefuseLive);
        },
        [&] { (void)remove_section(kept_, RemovePolicy::kAnyway); });
}

TEST_F(MemorySweep, OfPictures) {
    auto shape = describe_raw_image(40, 30, "BGR24");
    auto grey_shape = describe_raw_image(40, 30, "GRAY8");
    ASSERT_TRUE(shape && grey_shape);
    auto image = Image::allocate(*shape);
    ASSERT_TRUE(image);
    for (const auto format :
         {PictureFormat::kPng, PictureFormat::kJpeg, PictureFormat::kBmp, PictureFormat::kPnm}) {
        sweep("pictures", [&]() -> Result<void> {
            auto file = encode_image(image->view(), format);
            if (!file) return std::unexpected(file.error());
            auto back = decode_image(*file);
            if (!back) return std::unexpected(back.error());
            auto grey = convert_image(back->view(), grey_shape->fourcc);
            if (!grey) return std::unexpected(grey.error());
            return {};
        });
    }
}

}  // namespace
}  // namespace mapferry::testing
