// SPDX-License-Identifier: Apache-2.0
// Objects that another user, or a malicious program, puts where the programs read and write.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "format/geometry_plan.h"
#include "format/layout.h"
#include "mapferry/detail/hash.h"
#include "process/programs.h"
#include "support/host.h"
#include "support/named_section.h"
#include "support/object_bytes.h"
#include "support/sanitizer.h"

namespace mapferry::testing {
namespace {

class Stranger : public ProgramTest {};

TEST_F(Stranger, SectionOfAnotherUserIsNeitherReadNorReplaced) {
    if (!has_object_files()) GTEST_SKIP() << "sections in memory have no owner that can be changed";
    ASSERT_TRUE(keep({"--text", "hello"}));
    const std::string object = object_file(section_.address());
    if (!give_away(object)) {
        section_.remove();
        GTEST_SKIP() << "only the superuser can give a file away";
    }
    const Ended reader = run_reader({"--timeout", "0"});
    EXPECT_TRUE(ended_with(kExitPermission, reader));
    EXPECT_TRUE(contains(reader.errors, "belongs to another user: ")) << reader.errors;
    EXPECT_TRUE(ended_with(kExitPermission, run_writer({"--text", "x"})));
    for (const char* const command : {"info", "verify", "rm"})
        EXPECT_TRUE(ended_with(kExitPermission, run_tool({command, section_.name()}))) << command;
    EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
    EXPECT_TRUE(std::filesystem::exists(object));
    std::filesystem::remove(object);
}

TEST_F(Stranger, SectionThatOthersMayWriteIsNeitherReadNorReplaced) {
    if (!has_permission_bits()) GTEST_SKIP() << "objects have no permission bits here";
    ASSERT_TRUE(keep({"--text", "hello"}));
    set_permission_bits(object_file(section_.address()), 0666);
    const Ended reader = run_reader({"--timeout", "0"});
    EXPECT_TRUE(ended_with(kExitPermission, reader));
    EXPECT_TRUE(contains(reader.errors, "chmod go-w")) << reader.errors;
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_writer({"--text", "x"})));
    set_permission_bits(object_file(section_.address()), 0600);
    section_.remove();
}

TEST_F(Stranger, LinkUnderTheSectionsNameIsNotFollowed) {
    if (!has_symlinks() || !has_object_files())
        GTEST_SKIP() << "no symbolic link can stand for a section here";
    const std::string target = make_source(100'000);
    const std::string object = object_file(section_.address());
    const Bytes before = read_file(target);
    make_symlink(target, object);
    EXPECT_TRUE(ended_with(kExitPermission, run_reader({"--timeout", "0"})));
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_writer({"--text", "x"})));
    EXPECT_TRUE(read_file(target) == before);
    std::filesystem::remove(object);
}

TEST_F(Stranger, TargetThatIsSwappedDuringTheTransferHarmsNoOtherFile) {
    if (!has_symlinks()) GTEST_SKIP() << "no symbolic links can be made here";
    ASSERT_TRUE(keep({make_source(300'000)}));
    const std::string victim = folder_.file("victim");
    const std::string target = folder_.file("out/target");
    write_file(victim, std::string("mine"));
    std::jthread swapper([&](const std::stop_token& stop) {
        std::error_code ignored;
        while (!stop.stop_requested()) {
            std::filesystem::remove_all(target, ignored);
            std::filesystem::create_symlink(victim, target, ignored);
            std::filesystem::remove_all(target, ignored);
            std::filesystem::create_directory(target, ignored);
        }
    });
    for (int round = 0; round < 30; ++round) {
        const Ended reader = run_reader({"--quiet", "--force", "-o", target});
        // kExitNoInput: the target was a folder, and then it was gone.
        const std::vector<int> honest = {0, kExitNoInput, kExitCannotCreate, kExitIo,
                                         kExitPermission};
        EXPECT_TRUE(reader.exit.code &&
                    std::ranges::find(honest, *reader.exit.code) != honest.end())
            << reader.exit << reader.errors;
        ASSERT_EQ(read_text(victim), "mine") << round;
    }
    swapper.request_stop();
    swapper.join();
    section_.remove();
}

// A section file that claims three terabytes and takes no space.
class HugeClaim : public ProgramTest {
  protected:
    static constexpr std::uint64_t kSlotBytes = std::uint64_t{1} << 40;
    void SetUp() override {
        auto geometry =
            plan({.delivery = Delivery::kKeep, .slot_count = 3, .slot_capacity_bytes = kSlotBytes});
        ASSERT_TRUE(geometry);
        address_ = {.name = section_.name(), .backing_path = folder_.file("huge.sect")};
        auto section = create_section(address_, *geometry, ReserveNow::kHeaderOnly);
        // Some systems refuse a file or an address space of that size.
        if (!section &&
            (section.error().code == Code::kIo || section.error().code == Code::kSystem ||
             section.error().code == Code::kOutOfMemory))
            GTEST_SKIP() << "no such file here: " << describe(section.error());
        ASSERT_TRUE(section) << describe(section.error());
        section->view.writer_line().published = 3;
        section->view.writer_line().state = layout::kStateEnded;
        claim(section->view, 0, layout::kKindManifest);
        claim(section->view, 1, layout::kKindChunk);
    }
    // Writes a descriptor whose checksum is right.
    static void claim(const SectionView& view, std::uint64_t sequence, std::uint32_t kind) {
        layout::Slot slot{};
        slot.sequence = sequence + 1;
        slot.bytes = kSlotBytes;
        slot.kind = kind;
        const auto covered =
            std::as_bytes(std::span(&slot, 1)).first(offsetof(layout::Slot, slot_xxh3));
        slot.slot_xxh3 = xxh3_64(covered, view.epoch());
        view.slot(sequence) = slot;
    }

    SectionAddress address_;
};

TEST_F(HugeClaim, OfARecordIsRefusedWithoutMemoryForIt) {
    for (const Words& how :
         {Words{"--timeout", "0", "--null"}, Words{"--timeout", "0", "-o", out_}}) {
        Words arguments = how;
        arguments.insert(arguments.end(), {"--backing", address_.backing_path});
        ChildProcess reader = start_reader(arguments);
        EXPECT_TRUE(ended_with(kExitCorrupt, reader));
        EXPECT_TRUE(kSanitized || reader.peak_resident_bytes() < 64 * kMiB)
            << reader.peak_resident_bytes();
    }
    EXPECT_TRUE(ended_with(kExitCorrupt, run_tool({"info", "--backing", address_.backing_path})));
}

TEST_F(HugeClaim, LargerThanTheAddressSpaceIsAnError) {
    if (!can_limit_resources() || is_emulated() || kSanitized)
        GTEST_SKIP() << "the address space can't be limited here";
    ChildProcess reader = start_reader(
        Launch{.arguments = {"--timeout", "0", "--null", "--backing", address_.backing_path},
               .address_bytes_limit = kGiB});
    EXPECT_TRUE(ended_with(71, reader));
}

}  // namespace
}  // namespace mapferry::testing
