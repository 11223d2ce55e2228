// SPDX-License-Identifier: Apache-2.0
// Kept sparse files: the section has memory for the stored bytes of the source, readers use none
// for the holes, and undeclared holes are still refused.
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "process/programs.h"
#include "process/small_space.h"
#include "support/sparse_file.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr const char* kShm = "/dev/shm";
constexpr std::uint64_t kPage = 4096;

class SparseKept : public ProgramTest {
  protected:
    void TearDown() override { section_.remove(); }

    [[nodiscard]] std::string target() const { return folder_.file("out/target"); }

    // Makes a file of `bytes` with a mebibyte of data, in pieces of a page spread over all of it.
    [[nodiscard]] std::string make_scattered(std::uint64_t bytes) const {
        Islands islands;
        for (std::uint64_t i = 0; i < kMiB / kPage; ++i)
            islands.push_back({.begin = bytes / kMiB * kPage * i + i * kPage, .bytes = kPage});
        std::string path = folder_.file("scattered");
        make_islands(path, bytes, islands);
        return path;
    }

    // Runs `script` in a /dev/shm of 64 MiB; the variables "$writer", "$reader", "$mapferry",
    // "$source" and "$out" are set.
    [[nodiscard]] Ended in_a_container(const std::string& script, const std::string& source) const {
        const std::string setting = "writer=$1 reader=$2 mapferry=$3 source=$4 out=$5\nset -e\n";
        return finish(ChildProcess(script_in_small_space(
            kShm, setting + script,
            {MAPFERRY_WRITER_PATH, MAPFERRY_READER_PATH, MAPFERRY_CONSOLE_PATH, source, out_},
            "size=64m")));
    }

    // Keeps `payload_bytes` of which only `data` is stored, at `offset`.
    void keep_island(std::uint64_t payload_bytes, std::uint64_t offset, const Bytes& data) const {
        auto writer = Writer::create(
            {.address = section_.address(),
             .delivery = StreamDelivery::kKeep,
             .workload = {.known_bytes = {&payload_bytes, 1}, .stored_bytes = data.size()}});
        ASSERT_TRUE(writer) << describe(writer.error());
        ASSERT_TRUE(writer->begin({.name = "x", .payload_bytes = payload_bytes}));
        ASSERT_TRUE(writer->write_hole(offset));
        ASSERT_TRUE(writer->write(data));
        ASSERT_TRUE(writer->write_hole(payload_bytes - offset - data.size()));
        ASSERT_TRUE(writer->end());
        ASSERT_TRUE(writer->close());
    }
};

// Its descriptors use memory too: one for a GiB of holes, a page for some islands.
constexpr const char* kKeepAndMeasure = R"sh(
"$writer" --keep --name kept "$source"
test $(du -k /dev/shm | cut -f1) -lt 6144
)sh";

TEST_F(SparseKept, TakesMemoryForItsDataAloneAndSoDoItsReaders) {
    SKIP_WITHOUT_SMALL_SPACE();
    const std::string source = make_scattered(10 * kGiB);
    const Ended ended = in_a_container(std::string(kKeepAndMeasure) + R"sh(
before=$(du -k /dev/shm | cut -f1)
for i in 1 2 3; do "$reader" --name kept --null & pids="$pids $!"; done
"$reader" --name kept -o "$out/copy"
for pid in $pids; do wait $pid; done
"$mapferry" verify kept
"$mapferry" info kept
"$mapferry" ls
test $(du -k /dev/shm | cut -f1) -eq $before
"$reader" --name kept --consume -o "$out/last"
test -z "$(ls -A /dev/shm)"
)sh",
                                       source);
    ASSERT_TRUE(ended_with(0, ended));
    EXPECT_TRUE(contains(ended.output, "of 10.0 GiB")) << ended.output;
    for (const char* const name : {"/copy", "/last"}) {
        EXPECT_EQ(std::filesystem::file_size(out_ + name), 10 * kGiB);
        EXPECT_EQ(stored_parts(source), stored_parts(out_ + name));
    }
}

TEST_F(SparseKept, OfAnySizeTakesNothingForItsHoles) {
    SKIP_WITHOUT_SMALL_SPACE();
    const std::string source = folder_.file("f");
    make_sparse_file(source, 1024 * kGiB);
    const Ended ended = in_a_container(R"sh(
"$writer" --keep --name kept "$source"
test $(du -k /dev/shm | cut -f1) -lt 6144
"$reader" --name kept -o "$out/copy"
)sh",
                                       source);
    ASSERT_TRUE(ended_with(0, ended));
    EXPECT_EQ(std::filesystem::file_size(out_ + "/copy"), 1024 * kGiB);
    EXPECT_EQ(space_of(out_ + "/copy"), 0U);
}

TEST_F(SparseKept, IsReadInAFullFolder) {
    SKIP_WITHOUT_SMALL_SPACE();
    const std::string source = make_scattered(256 * kMiB);
    const Ended ended = in_a_container(std::string(kKeepAndMeasure) + R"sh(
head -c 100M /dev/zero >/dev/shm/filler || true
"$mapferry" verify kept
"$reader" --name kept --sparse never -o "$out/copy"
"$reader" --name kept -o - | cmp - "$source"
)sh",
                                       source);
    ASSERT_TRUE(ended_with(0, ended));
    EXPECT_TRUE(same_content(source, out_ + "/copy"));
}

TEST_F(SparseKept, WithMoreDataThanRoomIsAnErrorAtOnce) {
    SKIP_WITHOUT_SMALL_SPACE();
    const std::string source = folder_.file("f");
    make_islands(source, kGiB, {{100 * kMiB, 80 * kMiB}});
    const Ended ended = in_a_container("\"$writer\" --keep \"$source\"\n", source);
    EXPECT_TRUE(ended_with(kExitIo, ended));
    EXPECT_TRUE(contains(ended.errors, "needs 80.0 MiB more")) << ended.errors;
}

TEST_F(SparseKept, AmongOthersAndInAFileArrives) {
    const std::string sparse = folder_.file("sparse");
    make_islands(sparse, 100 * kMiB + 5, {{0, 7}, {30 * kMiB + 1, 20 * kMiB}, {99 * kMiB, 1}});
    const Words sources{make_source(9 * kMiB, "a"), sparse, make_source(10, "b")};
    const std::string backing = folder_.file("kept.section");
    for (const Words& place : {Words{}, Words{"--backing", backing}}) {
        Words writer = place;
        writer.insert(writer.end(), sources.begin(), sources.end());
        ASSERT_TRUE(keep(writer));
        Words reader = place;
        reader.insert(reader.end(), {"--force", "-o", out_});
        ASSERT_TRUE(ended_with(0, run_reader(reader)));
        for (const char* const name : {"a", "sparse", "b"})
            EXPECT_TRUE(same_content(folder_.file(name), out_ + "/" + name)) << name;
        EXPECT_EQ(stored_parts(sparse), stored_parts(out_ + "/sparse"));
    }
    EXPECT_LT(report()->used_bytes, 31 * kMiB);
    EXPECT_LT(space_of(backing), 31 * kMiB);
}

TEST_F(SparseKept, WithAnUnknownSizeBesideItArrives) {
    const std::string sparse = folder_.file("sparse");
    make_islands(sparse, 40 * kMiB, {{30 * kMiB + 1, 3 * kMiB}});
    ChildProcess writer =
        start_writer(Launch{.arguments = {"--keep", "-", sparse}, .input = pipe_stream()});
    const Bytes bytes = random_bytes(5 * kMiB + 1);
    ASSERT_TRUE(writer.write_input(bytes));
    writer.close_input();
    ASSERT_TRUE(ended_with(0, writer));
    EXPECT_LT(report()->used_bytes, 10 * kMiB);
    EXPECT_TRUE(ended_with(0, run_reader({"--null"})));
}

// ---- a program that reads the section's bytes in place -----------------------------------------

TEST_F(SparseKept, ViewIsContiguousAndTakesNoMemoryForHoles) {
    constexpr std::uint64_t kBytes = kGiB + 3 * kMiB + 5;
    const Bytes data = random_bytes(300'000);
    ASSERT_NO_FATAL_FAILURE(keep_island(kBytes, kMiB + 5000, data));
    const std::uint64_t used = report()->used_bytes;
    EXPECT_LT(used, kMiB);
    auto reader = Reader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader) << describe(reader.error());
    ASSERT_TRUE(*reader->next());
    const auto view = reader->view();
    ASSERT_TRUE(view) << describe(view.error());
    ASSERT_EQ(view->size(), kBytes);
    const auto island = view->subspan(kMiB + 5000, data.size());
    EXPECT_TRUE(std::ranges::equal(island, data));
    std::uint64_t others = 0;
    for (std::uint64_t at = 0; at < kBytes; at += at == kMiB ? 5000 + data.size() : 64)
        others += (*view)[at] != std::byte{};
    EXPECT_EQ(others, 0U);
    EXPECT_EQ(report()->used_bytes, used);
    ASSERT_TRUE(reader->acknowledge());
    ASSERT_TRUE(reader->close());
}

TEST_F(SparseKept, ReaderGetsHolesAsNumbersOrAsZeros) {
    constexpr std::uint64_t kBytes = 3 * kGiB + 77;
    const Bytes data = random_bytes(5000);
    ASSERT_NO_FATAL_FAILURE(keep_island(kBytes, 2 * kGiB, data));
    auto reader = Reader::open({.address = section_.address(), .timeout = 0ms});
    ASSERT_TRUE(reader) << describe(reader.error());
    ASSERT_TRUE(*reader->next());
    std::uint64_t at = 0;
    std::uint64_t in_holes = 0;
    while (true) {
        const auto piece = reader->read_piece();
        ASSERT_TRUE(piece) << describe(piece.error());
        if (piece->bytes.empty() && piece->hole_bytes == 0) break;
        if (at == 2 * kGiB) {
            EXPECT_TRUE(std::ranges::equal(piece->bytes.first(data.size()), data));
            // From here on the hole is read as bytes, as far as memory allows.
            const auto zeros = reader->read();
            ASSERT_TRUE(zeros) << describe(zeros.error());
            EXPECT_LE(zeros->size(), kMiB);
            EXPECT_EQ(zeros->front(), std::byte{});
            at += zeros->size();
        }
        in_holes += piece->hole_bytes;
        at += piece->bytes.size() + piece->hole_bytes;
    }
    EXPECT_EQ(at, kBytes);
    EXPECT_GT(in_holes, 2 * kGiB + 900 * kMiB);
    EXPECT_EQ(reader->summary()->payload_bytes, kBytes);
    ASSERT_TRUE(reader->acknowledge());
    ASSERT_TRUE(reader->close());
}

}  // namespace
}  // namespace mapferry::testing
