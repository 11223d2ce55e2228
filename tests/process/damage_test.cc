// SPDX-License-Identifier: Apache-2.0
// Another process changed or cut a section: the reader reports the damage and leaves no file.
#include <algorithm>
#include <filesystem>
#include <optional>

#include "format/layout.h"
#include "process/programs.h"
#include "support/host.h"
#include "support/object_bytes.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kDamagedSlotBytes = 4096;

class Damage : public ProgramTest {
  protected:
    void SetUp() override {
        source_ = make_source(5 * kDamagedSlotBytes);  // manifest, five chunks, end: seven slots
        ASSERT_TRUE(keep({"--slot-size", "4KiB", source_}));
        object_.emplace(section_.address());
        geometry_ = object_->geometry();
        ASSERT_TRUE(ended_with(0, run_reader({"--null"})));
    }
    void TearDown() override { section_.remove(); }

    [[nodiscard]] std::uint64_t slot_offset(std::uint64_t message) const {
        return geometry_.payload_offset + message * geometry_.slot_capacity_bytes;
    }
    [[nodiscard]] std::uint64_t descriptor_offset(std::uint64_t message) const {
        return geometry_.slots_offset + message * sizeof(layout::Slot);
    }

    // Lengths below `whole`, the length of the source's section.
    [[nodiscard]] std::vector<std::uint64_t> lengths_to_cut_to(std::uint64_t whole) const {
        return {whole - 1,
                slot_offset(3),
                geometry_.payload_offset,
                layout::kReadersOffset,
                layout::kReadersOffset - 1,
                256,
                1};
    }

    // Expects that every way of reading refuses; returns the message.
    std::string expect_refused(int code = kExitCorrupt) const {
        for (const Words& options : {Words{"-o", folder_.file("out/target")}, Words{"--null"},
                                     Words{"--consume", "-o", out_}}) {
            Words arguments{"--timeout", "0"};
            arguments.insert(arguments.end(), options.begin(), options.end());
            const Ended reader = run_reader(arguments);
            EXPECT_TRUE(ended_with(code, reader));
            EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
        }
        const Ended verify = run_tool({"verify", section_.name()});
        EXPECT_TRUE(ended_with(code, verify));
        return verify.errors;
    }

    // Damages one byte, reads, and repairs the byte.
    std::string expect_refused_with_flip_at(std::uint64_t offset, int code = kExitCorrupt) const {
        SCOPED_TRACE(offset);
        object_->flip_bit(offset);
        std::string message = expect_refused(code);
        object_->flip_bit(offset);
        return message;
    }

    std::string source_;
    std::optional<ObjectBytes> object_ = {};
    Geometry geometry_;
};

// ---- bytes -------------------------------------------------------------------------------------

TEST_F(Damage, OfAChunkNamesItsByteRange) {
    EXPECT_TRUE(contains(expect_refused_with_flip_at(slot_offset(1)), "0-4095"));
    EXPECT_TRUE(contains(expect_refused_with_flip_at(slot_offset(3) + 77), "8192-12287"));
    EXPECT_TRUE(contains(expect_refused_with_flip_at(slot_offset(5) + 4095), "16384-20479"));
    EXPECT_TRUE(ended_with(0, run_reader({"--null"})));
}

TEST_F(Damage, OfAChunkLetsOnlyVerifiedBytesOut) {
    object_->flip_bit(slot_offset(3) + 1);
    const Ended reader = run_reader({"-o", "-"});
    EXPECT_TRUE(ended_with(kExitCorrupt, reader));
    EXPECT_TRUE(reader.output == read_text(source_).substr(0, 2 * kDamagedSlotBytes));
}

TEST_F(Damage, OfAChunkIsReportedToMachines) {
    object_->flip_bit(slot_offset(2));
    const Ended reader = run_reader({"--json", "--null"});
    EXPECT_TRUE(ended_with(kExitCorrupt, reader));
    const auto error = json_event(reader.output, "error");
    EXPECT_EQ(error.at("code"), kExitCorrupt);
    EXPECT_EQ(error.at("cause"), "corrupt");
}

TEST_F(Damage, OfTheManifestIsFound) {
    for (const std::size_t field :
         {offsetof(layout::ManifestRecord, payload_bytes), offsetof(layout::ManifestRecord, flags),
          offsetof(layout::ManifestRecord, name), sizeof(layout::ManifestRecord) - 1})
        (void)expect_refused_with_flip_at(slot_offset(0) + field);
}

TEST_F(Damage, OfTheEndIsFound) {
    for (std::size_t field = 0; field < sizeof(layout::EndRecord); field += 8)
        (void)expect_refused_with_flip_at(slot_offset(6) + field);
}

TEST_F(Damage, OfADescriptorIsFound) {
    for (const std::uint64_t message : {0u, 2u, 6u})
        for (std::uint64_t field = 0; field < sizeof(layout::Slot); field += 24)
            (void)expect_refused_with_flip_at(descriptor_offset(message) + field);
}

TEST_F(Damage, OfUnusedBytesIsNone) {
    for (const std::uint64_t offset : {slot_offset(0) + sizeof(layout::ManifestRecord),
                                       slot_offset(6) + kDamagedSlotBytes - 1}) {
        object_->flip_bit(offset);
        EXPECT_TRUE(ended_with(0, run_reader({"--null"}))) << offset;
    }
}

TEST_F(Damage, SwappedChunksAreFound) {
    // Both chunks and their checksums are right, but each is in the other's place.
    const auto at = [&](std::uint64_t offset) {
        return object_->bytes().begin() + static_cast<std::ptrdiff_t>(offset);
    };
    std::swap_ranges(at(slot_offset(2)), at(slot_offset(3)), at(slot_offset(3)));
    std::swap_ranges(at(descriptor_offset(2)), at(descriptor_offset(3)), at(descriptor_offset(3)));
    (void)expect_refused();
}

// ---- ident -------------------------------------------------------------------------------------

TEST_F(Damage, OfTheIdentIsFound) {
    for (std::uint64_t offset = offsetof(layout::Ident, ident_bytes);
         offset < sizeof(layout::Ident); offset += 12)
        (void)expect_refused_with_flip_at(offset);
    EXPECT_TRUE(ended_with(0, run_reader({"--null"})));
}

TEST_F(Damage, OfTheMagicIsFound) {
    for (std::uint64_t offset = 0; offset < sizeof(layout::kMagic); ++offset)
        (void)expect_refused_with_flip_at(offset);
}

TEST_F(Damage, OtherVersionNamesBoth) {
    const std::string message =
        expect_refused_with_flip_at(offsetof(layout::Ident, format_version) + 1, kExitVersion);
    EXPECT_TRUE(contains(message, "257")) << message;  // 1 with bit 8 set
    EXPECT_TRUE(contains(message, " 1")) << message;
}

TEST_F(Damage, OfOneIsShownByListAndDoctor) {
    object_->flip_bit(offsetof(layout::Ident, slot_count));
    const Ended list = run_tool({"ls"});
    EXPECT_TRUE(ended_with(0, list));
    EXPECT_TRUE(contains(list.output, "unreadable")) << list.output;
    EXPECT_TRUE(ended_with(0, run_tool({"ls", "--json"})));
    EXPECT_TRUE(ended_with(kExitFaultFound, run_tool({"doctor"})));
    EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
    EXPECT_TRUE(section_.exists()) << "what can't be read is not garbage";
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_writer({"--text", "x"})));
    EXPECT_TRUE(ended_with(0, run_tool({"rm", section_.name()})));
    EXPECT_FALSE(section_.exists());
}

// ---- size --------------------------------------------------------------------------------------

TEST_F(Damage, CutSectionIsFound) {
    if (!has_object_files()) GTEST_SKIP() << "sections in memory can't be cut here";
    const std::string object = object_file(section_.address());
    for (const std::uint64_t bytes : lengths_to_cut_to(std::filesystem::file_size(object))) {
        SCOPED_TRACE(bytes);
        std::filesystem::resize_file(object, bytes);
        (void)expect_refused();
    }
}

TEST_F(Damage, CutBackingFileIsFound) {
    const std::string file = folder_.file("section.map");
    ASSERT_TRUE(keep({"--slot-size", "4KiB", "--backing", file, source_}));
    for (const std::uint64_t bytes : lengths_to_cut_to(std::filesystem::file_size(file))) {
        SCOPED_TRACE(bytes);
        std::filesystem::resize_file(file, bytes);
        const Words options{"--timeout", "0", "--backing", file, "-o", out_};
        EXPECT_TRUE(ended_with(kExitCorrupt, run_reader(options)));
        EXPECT_TRUE(ended_with(kExitCorrupt, run_tool({"verify", "--backing", file})));
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
    }
}

TEST_F(Damage, EmptySectionIsNotReady) {
    if (!has_object_files()) GTEST_SKIP() << "sections in memory can't be cut here";
    std::filesystem::resize_file(object_file(section_.address()), 0);
    EXPECT_TRUE(ended_with(kExitNoInput, run_reader({"--timeout", "0", "--null"})));
    EXPECT_TRUE(ended_with(kExitTimedOut, run_reader({"--timeout", "200ms", "--null"})));
    EXPECT_TRUE(ended_with(0, run_tool({"rm", section_.name()})));
}

TEST_F(Damage, EmptyBackingFileIsNotReady) {
    const std::string file = folder_.file("section.map");
    ASSERT_TRUE(keep({"--backing", file, source_}));
    std::filesystem::resize_file(file, 0);
    const Words reading{"--backing", file, "--null", "--timeout"};
    for (const auto& [timeout, code] :
         {std::pair{"0", kExitNoInput}, std::pair{"200ms", kExitTimedOut}}) {
        Words options = reading;
        options.emplace_back(timeout);
        EXPECT_TRUE(ended_with(code, run_reader(options)));
    }
}

TEST_F(Damage, SomethingElseIsNoSection) {
    const std::string file = folder_.file("letter.txt");
    const std::string text(20'000, 'x');
    write_file(file, text);
    set_permission_bits(file, 0600);
    const Ended reader = run_reader({"--timeout", "0", "--backing", file, "-o", out_});
    EXPECT_TRUE(ended_with(kExitCorrupt, reader));
    EXPECT_TRUE(contains(reader.errors, "section")) << reader.errors;
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_writer({"--backing", file, "--text", "x"})));
    EXPECT_TRUE(ended_with(kExitCorrupt, run_tool({"rm", "--backing", file})));
    EXPECT_EQ(read_text(file), text) << "somebody's file is never touched";
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

// ---- streams -----------------------------------------------------------------------------------

class StreamDamage : public ProgramTest {};

TEST_F(StreamDamage, OfAChunkStopsTheReader) {
    ChildProcess writer = start_writer(
        Launch{.arguments = {"--slot-size", "4KiB", "--slots", "8", "-"}, .input = pipe_stream()});
    ChildProcess reader = start_reader(Words{"-o", folder_.file("out/target")});
    ASSERT_TRUE(eventually_admits_readers(1));
    reader.send(Signal::kStop);
    ASSERT_TRUE(writer.write_input(random_bytes(3 * kDamagedSlotBytes)));
    ASSERT_TRUE(eventually_holds(3 * kDamagedSlotBytes));
    const ObjectBytes object(section_.address());
    const Geometry geometry = object.geometry();
    object.flip_bit(geometry.payload_offset + 2 * geometry.slot_capacity_bytes);
    reader.send(Signal::kContinue);
    EXPECT_TRUE(ended_with(kExitCorrupt, reader));
    EXPECT_TRUE(contains(reader.errors(), "4096-8191")) << reader.errors();
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

}  // namespace
}  // namespace mapferry::testing
