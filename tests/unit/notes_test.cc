// SPDX-License-Identifier: Apache-2.0
// What frames and payloads say beside their bytes, written and read back, and hostile entries.
#include "format/notes.h"
#include "format/manifest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "mapferry/detail/hash.h"
#include "support/test_bytes.h"

namespace mapferry {
namespace {

using testing::Bytes;

constexpr std::uint64_t kNotesSeed = 4711;

Bytes written(const FrameNotes& notes) {
    Bytes bytes(static_cast<std::size_t>(frame_notes_bytes(notes)), std::byte{0xEE});
    if (!bytes.empty()) put_frame_notes(bytes, notes, kNotesSeed);
    return bytes;
}

Bytes with_entry(std::uint32_t type, const Bytes& content, std::size_t claimed_bytes) {
    const layout::EntryHeader header{.type = type,
                                     .bytes = static_cast<std::uint32_t>(claimed_bytes)};
    Bytes bytes((sizeof header + content.size() + 7) / 8 * 8);
    std::memcpy(bytes.data(), &header, sizeof header);
    std::ranges::copy(content, bytes.begin() + sizeof header);
    return bytes;
}

Code notes_code(const Bytes& entries) {
    const auto found = read_entries(entries);
    return found ? Code::kNotReady : found.error().code;
}
constexpr Code kAccepted = Code::kNotReady;

TEST(FrameNotes, WithNothingToSayTakeNoBytes) {
    EXPECT_EQ(frame_notes_bytes({}), 0u);
    // The descriptor has room for these.
    EXPECT_EQ(frame_notes_bytes({.image = describe_raw_image(4, 4, "GRAY8").value(),
                                 .captured = CaptureTime{.ns = 1},
                                 .source_number = 7}),
              0u);
}

TEST(FrameNotes, ComeBackAsTheyWereGiven) {
    ImageDescription image = describe_raw_image(64, 2, "GRAY8").value();
    image.plane_count = 1;
    image.planes[0] = {.offset_bytes = 128, .row_stride_bytes = 64};
    const auto shape = std::array<std::uint64_t, 3>{2, 3, 5};
    const auto tensor = describe_tensor("float16", shape).value();
    for (const std::size_t metadata_bytes : {0U, 1U, 7U, 8U, 9U, 65536U}) {
        const Bytes metadata = testing::random_bytes(metadata_bytes, 3);
        const auto notes =
            written({.image = image,
                     .tensor = tensor,
                     .metadata = {.content_type = "application/json", .bytes = metadata}});
        const auto found = read_frame_notes(notes, kNotesSeed);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ(found->plane_count, 1u);
        EXPECT_EQ(found->planes[0], image.planes[0]);
        EXPECT_EQ(found->tensor, tensor);
        EXPECT_EQ(std::string(found->content_type.data(), found->content_type_bytes),
                  "application/json");
        EXPECT_TRUE(std::ranges::equal(found->metadata, metadata)) << metadata_bytes;
    }
}

TEST(FrameNotes, MetadataInTheirPlaceAreNotMoved) {
    Bytes place(256);
    const std::string_view type = "text/plain";
    const auto at = static_cast<std::size_t>(metadata_offset(type));
    place[at] = std::byte{'x'};
    const FrameNotes notes{
        .metadata = {.content_type = type, .bytes = std::span(place).subspan(at, 1)}};
    const auto bytes = static_cast<std::size_t>(frame_notes_bytes(notes));
    put_frame_notes(std::span(place).first(bytes), notes, kNotesSeed);
    const auto found = read_frame_notes(std::span(place).first(bytes), kNotesSeed);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->metadata.data(), place.data() + at);
    EXPECT_EQ(found->metadata[0], std::byte{'x'});
}

TEST(FrameNotes, WithAFlippedByteAreRefused) {
    const Bytes metadata = testing::random_bytes(20, 3);
    const Bytes good = written({.tensor = describe_tensor("uint8", {}).value(),
                                .metadata = {.content_type = "a/b", .bytes = metadata}});
    for (std::size_t at = 0; at < good.size(); ++at) {
        Bytes bad = good;
        bad[at] ^= std::byte{0x10};
        const auto found = read_frame_notes(bad, kNotesSeed);
        ASSERT_FALSE(found) << at;
        EXPECT_EQ(found.error().code, Code::kCorrupt);
    }
    EXPECT_FALSE(read_frame_notes(good, kNotesSeed + 1)) << "another frame's seed";
    EXPECT_FALSE(read_frame_notes(std::span(good).first(good.size() - 8), kNotesSeed));
    EXPECT_FALSE(read_frame_notes({}, kNotesSeed));
}

TEST(FrameNotes, ContentTypesAndSizesOverTheirLimitsAreRefusedBeforeTheyAreSent) {
    EXPECT_TRUE(check_metadata(std::string(64, 'a'), 65536));
    EXPECT_EQ(check_metadata(std::string(65, 'a'), 0).error().code, Code::kUsage);
    EXPECT_EQ(check_metadata("a", 65537).error().code, Code::kUsage);
    EXPECT_EQ(check_metadata("a\nb", 1).error().code, Code::kUsage);
    EXPECT_EQ(check_metadata("caf\xC3\xA9", 1).error().code, Code::kUsage);
}

TEST(Entries, ThatContradictThemselvesAreDamage) {
    const Bytes none;
    EXPECT_EQ(notes_code({}), kAccepted);
    EXPECT_EQ(notes_code(Bytes(4)), Code::kCorrupt) << "half a header";
    EXPECT_EQ(notes_code(with_entry(layout::kEntryPlanes, none, 0)), Code::kCorrupt);
    EXPECT_EQ(notes_code(with_entry(layout::kEntryPlanes, Bytes(8), 8)), Code::kCorrupt);
    EXPECT_EQ(notes_code(with_entry(layout::kEntryPlanes, Bytes(64), 64)), kAccepted);
    EXPECT_EQ(notes_code(with_entry(layout::kEntryPlanes, Bytes(80), 80)), Code::kCorrupt);
    EXPECT_EQ(notes_code(with_entry(layout::kEntryPlanes, Bytes(16), 1000)), Code::kCorrupt);
    EXPECT_EQ(notes_code(with_entry(layout::kEntryPlanes, Bytes(16), 0xFFFFFFFF)), Code::kCorrupt);
    EXPECT_EQ(notes_code(with_entry(layout::kEntryMetadata, Bytes(4), 4)), Code::kCorrupt);
    // A type of 2^24 bytes.
    EXPECT_EQ(notes_code(with_entry(layout::kEntryMetadata, Bytes(8, std::byte{1}), 8)),
              Code::kCorrupt);
    EXPECT_EQ(notes_code(with_entry(layout::kEntryPairs, Bytes(1, std::byte{'k'}), 1)),
              Code::kCorrupt);
    Bytes twice = with_entry(layout::kEntryPlanes, Bytes(16), 16);
    twice.insert(twice.end(), twice.begin(), twice.begin() + 24);
    EXPECT_EQ(notes_code(twice), Code::kCorrupt);
}

TEST(Entries, OfHostileTensorsAreDamage) {
    const auto entry = [](layout::TensorHead head, std::vector<std::uint64_t> shape) {
        Bytes content(sizeof head + shape.size() * sizeof shape[0]);
        std::memcpy(content.data(), &head, sizeof head);
        if (!shape.empty())
            std::memcpy(content.data() + sizeof head, shape.data(), shape.size() * sizeof shape[0]);
        return with_entry(layout::kEntryTensor, content, content.size());
    };
    const layout::TensorHead good{.type = 2, .bits = 32, .lanes = 1, .dimensions = 2};
    EXPECT_EQ(notes_code(entry(good, {2, 3})), kAccepted);
    EXPECT_EQ(notes_code(entry(good, {2})), Code::kCorrupt);
    EXPECT_EQ(notes_code(entry(good, {std::uint64_t{1} << 63, 2})), Code::kCorrupt);
    EXPECT_EQ(notes_code(entry(good, {std::uint64_t{1} << 32, std::uint64_t{1} << 32})),
              Code::kCorrupt);
    EXPECT_EQ(notes_code(entry({.type = 9, .bits = 32, .lanes = 1, .dimensions = 0}, {})),
              Code::kCorrupt);
    EXPECT_EQ(notes_code(entry({.type = 0, .bits = 4, .lanes = 1, .dimensions = 0}, {})),
              Code::kCorrupt);
    EXPECT_EQ(notes_code(entry({.type = 0, .bits = 8, .lanes = 0, .dimensions = 0}, {})),
              Code::kCorrupt);
    EXPECT_EQ(notes_code(entry({.type = 0, .bits = 8, .lanes = 1, .dimensions = 9},
                               std::vector<std::uint64_t>(9, 1))),
              Code::kCorrupt);
}

TEST(Entries, OfALaterVersionAreKnownOrPassedOver) {
    EXPECT_EQ(notes_code(with_entry(0x7FFF, Bytes(8), 8)), Code::kVersion);
    EXPECT_EQ(notes_code(with_entry(2, Bytes(8), 8)), Code::kVersion);
    EXPECT_EQ(notes_code(with_entry(0x8FFF, Bytes(8), 3)), kAccepted);
}

TEST(ManifestNotes, PairsAndTensorComeBackAsTheyWereGiven) {
    const PayloadInfo info{.name = "x.npy",
                           .payload_bytes = 128,
                           .tensor = describe_tensor("int64", {}).value(),
                           .pairs = {{.key = "camera", .value = "left"},
                                     {.key = "note", .value = ""},
                                     {.key = "camera", .value = "a=b\nc"}}};
    const auto message = manifest_message(info);
    ASSERT_TRUE(message) << message.error().message;
    const auto back = payload_from_message(*message);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->pairs, info.pairs);
    EXPECT_EQ(back->tensor, info.tensor);
    EXPECT_EQ(back->name, info.name);
    // The record alone announces what follows it.
    EXPECT_FALSE(payload_from_message(std::span(*message).first(sizeof(layout::ManifestRecord))));
}

TEST(ManifestNotes, ThatDoNotFitOrHaveNoKeyAreRefused) {
    const auto refused = [](std::string key, std::string value) {
        const auto message = manifest_message(
            {.payload_bytes = 1, .pairs = {{.key = std::move(key), .value = std::move(value)}}});
        return !message && message.error().code == Code::kUsage;
    };
    EXPECT_TRUE(refused("", "value"));
    EXPECT_TRUE(refused(std::string("a\0b", 3), ""));
    EXPECT_TRUE(refused("key", std::string(4096, 'v')));
    // 2,944 bytes: an entry's header of eight, and "k", NUL, value, NUL.
    EXPECT_FALSE(refused("k", std::string(2944 - 8 - 3, 'v')));
    EXPECT_TRUE(refused("k", std::string(2944 - 8 - 2, 'v')));
}

TEST(Notes, ClocksHaveNames) {
    EXPECT_EQ(clock_name(CaptureClock::kUnknown), "unknown");
    EXPECT_EQ(clock_name(CaptureClock::kRealtime), "realtime");
    EXPECT_EQ(clock_name(CaptureClock::kMonotonic), "monotonic");
    EXPECT_EQ(clock_name(CaptureClock::kTai), "tai");
    EXPECT_EQ(clock_name(static_cast<CaptureClock>(4)), "unknown");
}

TEST(Pairs, AreCheckedBeforeTheyAreSent) {
    EXPECT_TRUE(check_pairs({}));
    EXPECT_TRUE(check_pairs({{.key = "a", .value = ""}, {.key = "a", .value = "b"}}));
    const PayloadPair fits{.key = "a", .value = std::string(2944 - 8 - 3, 'x')};
    EXPECT_TRUE(check_pairs({fits}));
    for (const PayloadPair& pair :
         {PayloadPair{.key = "", .value = "x"}, PayloadPair{.key = "a", .value = {"x\0", 2}},
          PayloadPair{.key = "ab", .value = std::string(2944, 'x')}}) {
        const auto checked = check_pairs({pair});
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().code, Code::kUsage);
    }
}

}  // namespace
}  // namespace mapferry
