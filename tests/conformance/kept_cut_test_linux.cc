// SPDX-License-Identifier: Apache-2.0
// A backing file that somebody cuts while a payload is written to it by calls, which meet no fault.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "mapferry/writer.h"
#include "support/scratch_folder.h"

namespace mapferry::testing {
namespace {

TEST(KeptCut, WhileItIsFilledIsToldByTheWriter) {
    constexpr std::uint64_t kKeptBytes = std::uint64_t{8} << 20;
    const std::array sizes{kKeptBytes};
    const ScratchFolder folder;
    const std::string path = folder.file("kept.map");
    auto writer = Writer::create({.address = {.name = "kept", .backing_path = path},
                                  .delivery = StreamDelivery::kKeep,
                                  .workload = {.known_bytes = sizes}});
    ASSERT_TRUE(writer) << describe(writer.error());
    ASSERT_TRUE(writer->begin({.payload_bytes = kKeptBytes}));
    const auto filled = writer->fill(
        kKeptBytes, [&](std::span<std::byte> target, std::uint64_t offset) -> Result<void> {
            // The chunks behind this one make the file longer again.
            if (offset == kKeptBytes / 2) std::filesystem::resize_file(path, 200'000);
            std::ranges::fill(target, std::byte{7});
            return {};
        });
    const auto ended = filled ? writer->end() : std::unexpected(filled.error());
    const auto closed = ended ? writer->close() : std::unexpected(ended.error());
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, Code::kIo);
    EXPECT_NE(closed.error().message.find("was cut"), std::string::npos) << closed.error().message;
}

}  // namespace
}  // namespace mapferry::testing
