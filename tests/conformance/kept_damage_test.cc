// SPDX-License-Identifier: Apache-2.0
// Damage in a large kept payload: whoever checks it finds the first damaged bytes, although several
// threads check its chunks at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

#include "mapferry/inspect.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} << 10;
constexpr std::size_t kChunks = 150;
constexpr std::size_t kPayloadBytes = kChunks * kChunkBytes + 3;

enum class Check : std::uint8_t { kVerify, kView, kRead };

class KeptFile : public ::testing::Test {
  protected:
    void SetUp() override {
        const std::array sizes{static_cast<std::uint64_t>(kPayloadBytes)};
        auto writer = Writer::create({.address = address_,
                                      .delivery = StreamDelivery::kKeep,
                                      .workload = {.known_bytes = sizes},
                                      .slot_capacity_bytes = kChunkBytes});
        ASSERT_TRUE(writer) << describe(writer.error());
        ASSERT_TRUE(writer->begin({.name = "data", .payload_bytes = kPayloadBytes}));
        ASSERT_TRUE(writer->fill_parallel(
            kPayloadBytes, [this](std::span<std::byte> target, std::uint64_t offset) {
                std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), target.size(),
                            target.begin());
                return Result<void>();
            }));
        ASSERT_TRUE(writer->end());
        ASSERT_TRUE(writer->close());
    }

    // Changes one byte of the payload where it lies in the file.
    void damage(std::size_t payload_offset) const {
        const Bytes all = read_file(address_.backing_path);
        const auto begin = std::ranges::search(all, std::span(bytes_).first(64)).begin();
        ASSERT_NE(begin, all.end());
        const auto place = begin - all.begin() + static_cast<std::ptrdiff_t>(payload_offset);
        std::fstream file(address_.backing_path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(place);
        file.put(static_cast<char>(all[static_cast<std::size_t>(place)] ^ std::byte{0x10}));
        ASSERT_TRUE(file.flush());
    }

    const ScratchFolder folder_;
    const SectionAddress address_{.name = "kept", .backing_path = folder_.file("kept.map")};
    const Bytes bytes_ = random_bytes(kPayloadBytes);
};

class KeptDamage : public KeptFile, public ::testing::WithParamInterface<Check> {
  protected:
    [[nodiscard]] Result<void> check() const {
        if (GetParam() == Check::kVerify) {
            const auto verified = verify_section(address_);
            if (!verified) return std::unexpected(verified.error());
            EXPECT_EQ(verified->front().summary.payload_bytes, kPayloadBytes);
            return {};
        }
        auto reader = Reader::open({.address = address_});
        EXPECT_TRUE(reader && reader->next());
        if (GetParam() == Check::kView) {
            const auto seen = reader->view();
            if (!seen) return std::unexpected(seen.error());
            EXPECT_TRUE(std::ranges::equal(*seen, bytes_));
            return {};
        }
        Bytes received;
        while (!reader->summary()) {
            const auto part = reader->read();
            if (!part) return std::unexpected(part.error());
            received.insert(received.end(), part->begin(), part->end());
        }
        EXPECT_EQ(received, bytes_);
        return {};
    }

    // What the error says of chunk i.
    [[nodiscard]] static std::string range_of(std::size_t chunk) {
        return "bytes " + std::to_string(chunk * kChunkBytes) + "-" +
               std::to_string(std::min((chunk + 1) * kChunkBytes, kPayloadBytes) - 1);
    }
    void expect_damage_in(std::size_t chunk) const {
        const auto checked = check();
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().code, Code::kCorrupt);
        EXPECT_NE(checked.error().message.find(range_of(chunk)), std::string::npos)
            << checked.error().message;
    }
};

TEST_P(KeptDamage, OfNoByteIsNoError) {
    const auto checked = check();
    EXPECT_TRUE(checked) << describe(checked.error());
}

TEST_P(KeptDamage, OfAnyChunkIsFoundThere) {
    for (const std::size_t chunk : {std::size_t{0}, std::size_t{1}, kChunks / 2, kChunks}) {
        const std::size_t offset = std::min(chunk * kChunkBytes + 7777, kPayloadBytes - 1);
        damage(offset);
        expect_damage_in(chunk);
        damage(offset);  // the same change mends it
    }
    EXPECT_TRUE(check());
}

TEST_P(KeptDamage, InSeveralChunksIsReportedOfTheFirst) {
    for (const std::size_t chunk : {kChunks - 1, kChunks / 3, kChunks / 2})
        damage(chunk * kChunkBytes + 5);
    expect_damage_in(kChunks / 3);
}

TEST_F(KeptFile, DamageStaysForWhoeverGoesOn) {
    damage(kChunkBytes * 3);
    auto reader = Reader::open({.address = address_});
    ASSERT_TRUE(reader && reader->next());
    EXPECT_FALSE(reader->view());
    const auto read = reader->read();
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Code::kCorrupt);
    reader->leave_out(Code::kCorrupt);
    const auto next = reader->next();
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, Code::kCorrupt);
    EXPECT_FALSE(reader->summary());
}

std::string name_of(const ::testing::TestParamInfo<Check>& info) {
    return info.param == Check::kVerify ? "Verify" : info.param == Check::kView ? "View" : "Read";
}

INSTANTIATE_TEST_SUITE_P(By, KeptDamage,
                         ::testing::Values(Check::kVerify, Check::kView, Check::kRead), name_of);

}  // namespace
}  // namespace mapferry::testing
