// SPDX-License-Identifier: Apache-2.0
// The platform's promises about shared objects.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "conformance/either_backing.h"
#include "mapferry/detail/units.h"
#include "platform/space.h"
#include "support/host.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kViewBytes = 65536;
constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

class SharedObject : public EitherBacking {
  protected:
    void TearDown() override {
        auto object = platform::open_object(address());
        if (object) (void)platform::unlink_object(*object);
    }

    [[nodiscard]] bool is_listed() const {
        const auto list = platform::list_objects(Reach::kSession);
        return list && std::ranges::count(list->names, address().name) != 0;
    }
};

INSTANTIATE_TEST_SUITE_P(Each, SharedObject, ::testing::Values(Backing::kMemory, Backing::kFile),
                         backing_name);

TEST_P(SharedObject, BeforePublicationIsInvisible) {
    auto object = platform::create_object(address(), kPage);
    ASSERT_TRUE(object) << describe(object.error());
    EXPECT_EQ(platform::open_object(address()).error().code, Code::kNotFound);
    EXPECT_FALSE(is_listed());
    ASSERT_TRUE(platform::publish_object(*object));
    EXPECT_TRUE(platform::open_object(address()));
}

TEST_P(SharedObject, DroppedBeforePublicationLeavesNothing) {
    ASSERT_TRUE(platform::create_object(address(), kPage));
    EXPECT_EQ(platform::open_object(address()).error().code, Code::kNotFound);
    EXPECT_TRUE(folder_.names().empty());
}

TEST_P(SharedObject, OnlyMemoryIsListed) {
    const platform::SharedObject object = make_object(kPage);
    EXPECT_EQ(is_listed(), GetParam() == Backing::kMemory);
    ASSERT_TRUE(platform::unlink_object(object));
    EXPECT_FALSE(is_listed());
}

TEST_P(SharedObject, PublishedOverExistingCannotCreate) {
    const platform::SharedObject first = make_object(kPage);
    auto second = platform::create_object(address(), 2 * kPage);
    const auto published =
        second ? platform::publish_object(*second) : std::unexpected(second.error());
    ASSERT_FALSE(published);
    EXPECT_EQ(published.error().code, Code::kCannotCreate);
    EXPECT_EQ(open_object().object_bytes, first.object_bytes);
}

TEST_P(SharedObject, MissingIsNotFound) {
    const auto object = platform::open_object(address());
    ASSERT_FALSE(object);
    EXPECT_EQ(object.error().code, Code::kNotFound);
}

TEST_P(SharedObject, InMissingFolderIsAnError) {
    const SectionAddress nowhere{.name = address().name,
                                 .backing_path = folder_.file("missing/object")};
    const auto object = platform::create_object(nowhere, kPage);
    ASSERT_FALSE(object);
    EXPECT_EQ(object.error().code, Code::kCannotCreate);
    EXPECT_EQ(platform::open_object(nowhere).error().code, Code::kNotFound);
}

TEST_P(SharedObject, NewOneIsZeroedAndShared) {
    const platform::SharedObject object = make_object(3 * kPage);
    EXPECT_EQ(object.object_bytes, 3 * kPage);
    const platform::SharedObject other = open_object();
    EXPECT_GE(other.object_bytes, 3 * kPage);
    auto written = platform::map(object, 0, 3 * kPage, platform::Access::kReadWrite);
    auto seen = platform::map(other, 0, 3 * kPage, platform::Access::kRead);
    ASSERT_TRUE(written);
    ASSERT_TRUE(seen);
    const std::span<const std::byte> bytes(seen->data(), seen->bytes());
    EXPECT_TRUE(std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{}; }));
    const Bytes news = random_bytes(3 * kPage);
    std::memcpy(written->data(), news.data(), news.size());
    EXPECT_TRUE(std::ranges::equal(bytes, news));
}

TEST_P(SharedObject, UnlinkedIsNotCurrentButStaysMapped) {
    const platform::SharedObject object = make_object(kPage);
    auto mapping = platform::map(object, 0, kPage, platform::Access::kReadWrite);
    ASSERT_TRUE(mapping);
    EXPECT_EQ(platform::is_current(object), true);
    const auto unlinked = platform::unlink_object(object);
    ASSERT_TRUE(unlinked) << describe(unlinked.error());
    EXPECT_EQ(platform::is_current(object), false);
    mapping->data()[0] = std::byte{7};
    EXPECT_EQ(mapping->data()[0], std::byte{7});
}

TEST_P(SharedObject, SuccessorOfTheSameNameIsAnotherOne) {
    const platform::SharedObject first = make_object(kPage);
    ASSERT_TRUE(platform::unlink_object(first));
    const platform::SharedObject second = make_object(kPage);
    EXPECT_EQ(platform::is_current(first), false);
    EXPECT_EQ(platform::is_current(second), true);
}

TEST_P(SharedObject, UnderAnyUmaskIsForTheOwnerOnly) {
    if (GetParam() == Backing::kFile && !can_tell_who_opens_files())
        GTEST_SKIP() << "access lists of files can't be read back here";
    for (std::uint32_t mask = 0; mask <= 0777; ++mask) {
        const UmaskGuard guard(mask);
        const platform::SharedObject object = make_object(kPage);
        ASSERT_TRUE(is_owners_only(object)) << mask;
        ASSERT_TRUE(is_owners_only(open_object())) << mask;
        ASSERT_TRUE(platform::unlink_object(object));
    }
}

TEST_P(SharedObject, WritableByOthersIsRefused) {
    if (!has_permission_bits()) GTEST_SKIP() << "objects have no permission bits here";
    const platform::SharedObject object = make_object(kPage);
    for (const std::uint32_t bits : {0666u, 0620u, 0602u}) {
        set_permission_bits(object_file(address()), bits);
        const auto opened = platform::open_object(address());
        ASSERT_FALSE(opened) << bits;
        EXPECT_EQ(opened.error().code, Code::kPermission);
    }
    set_permission_bits(object_file(address()), 0600);
    EXPECT_TRUE(platform::open_object(address()));
}

TEST_P(SharedObject, BehindSymbolicLinkIsRefused) {
    if (!has_symlinks()) GTEST_SKIP() << "no symbolic links can be made here";
    if (GetParam() == Backing::kMemory && !has_object_files())
        GTEST_SKIP() << "sections in memory are no files here";
    const std::string target = folder_.file("target");
    write_file(target, random_bytes(kPage));
    set_permission_bits(target, 0600);
    make_symlink(target, object_file(address()));
    const auto opened = platform::open_object(address());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::kPermission);
    std::filesystem::remove(object_file(address()));
}

TEST_P(SharedObject, SomethingElseOfItsNameIsRefused) {
    const ForeignObject foreign(address());
    EXPECT_EQ(platform::open_object(address()).error().code, Code::kPermission);
    auto object = platform::create_object(address(), kPage);
    ASSERT_TRUE(object) << describe(object.error());
    EXPECT_EQ(platform::publish_object(*object).error().code, Code::kCannotCreate);
}

TEST_P(SharedObject, PipeOfItsNameIsRefused) {
    if (!has_fifos()) GTEST_SKIP() << "pipes have no names among the files here";
    make_fifo(object_file(address()));  // opening it must not wait for the other end
    EXPECT_EQ(platform::open_object(address()).error().code, Code::kPermission);
    std::filesystem::remove(object_file(address()));
}

TEST_P(SharedObject, ReservedSpaceCounts) {
    auto object = platform::create_object(address(), 64 * kViewBytes);
    ASSERT_TRUE(object);
    ASSERT_TRUE(platform::reserve(*object, 0, 16 * kViewBytes));
    const auto used = platform::used_bytes(*object);
    ASSERT_TRUE(used);
    EXPECT_GE(*used, 16 * kViewBytes);
    EXPECT_LE(*used, object->object_bytes);
    if (GetParam() == Backing::kFile || can_count_reserved_memory()) {
        EXPECT_LT(*used, 32 * kViewBytes);
    }
}

TEST_P(SharedObject, TooMuchReservationTellsBothNumbers) {
    const auto space = platform::space_at(address());
    ASSERT_TRUE(space) << describe(space.error());
    EXPECT_LE(space->free_bytes, std::max(space->total_bytes, space->free_bytes));
    const std::uint64_t wanted = space->total_bytes + space->free_bytes + kGiB;
    auto object = platform::create_object(address(), wanted);
    ASSERT_TRUE(object) << describe(object.error());
    const auto reserved = platform::reserve(*object, 0, wanted);
    ASSERT_FALSE(reserved);
    EXPECT_EQ(reserved.error().code, Code::kIo);
    const std::string& message = reserved.error().message;
    EXPECT_NE(message.find(format_bytes(wanted)), std::string::npos) << message;
    EXPECT_NE(message.find("free"), std::string::npos) << message;
    EXPECT_FALSE(reserved.error().hint.empty());
}

TEST_P(SharedObject, BeyondFourGiBIsMappedAtItsOffset) {
    if (is_emulated() && sizeof(void*) == 4)
        GTEST_SKIP() << "QEMU 7.2 takes the low 32 bits of the offset alone";
    constexpr std::uint64_t kBytes = 5 * kGiB;
    constexpr std::uint64_t kOffset = 4 * kGiB + kViewBytes;
    auto object = platform::create_object(address(), kBytes);
    ASSERT_TRUE(object) << describe(object.error());
    ASSERT_TRUE(platform::reserve(*object, kOffset, kViewBytes));
    ASSERT_TRUE(platform::publish_object(*object));
    auto mapping = platform::map(*object, kOffset, kViewBytes, platform::Access::kReadWrite);
    ASSERT_TRUE(mapping) << describe(mapping.error());
    mapping->data()[0] = std::byte{42};
    const platform::SharedObject other = open_object();
    EXPECT_EQ(other.object_bytes, kBytes);
    auto low = platform::map(other, kViewBytes, kViewBytes, platform::Access::kRead);
    auto high = platform::map(other, kOffset, kViewBytes, platform::Access::kRead);
    ASSERT_TRUE(low);
    ASSERT_TRUE(high);
    EXPECT_EQ(low->data()[0], std::byte{0});  // where the low 32 bits of the offset alone would
                                              // lead
    EXPECT_EQ(high->data()[0], std::byte{42});
    const auto used = platform::used_bytes(other);
    ASSERT_TRUE(used);
    if (GetParam() == Backing::kFile || can_count_reserved_memory()) {
        EXPECT_LT(*used, kGiB);
    }
}

// 32-bit programs truncated the size, and wrote past the end of the mapping.
TEST_P(SharedObject, MapBeyondTheAddressSpaceIsAnError) {
    const auto object = platform::create_object(address(), kViewBytes);
    ASSERT_TRUE(object) << describe(object.error());
    constexpr std::uint64_t kHalf = std::numeric_limits<std::size_t>::max() / 2;
    for (const std::uint64_t bytes : {kHalf + 1, std::numeric_limits<std::uint64_t>::max()}) {
        const auto mapping = platform::map(*object, 0, bytes, platform::Access::kRead);
        ASSERT_FALSE(mapping);
        EXPECT_EQ(mapping.error().code, Code::kSystem) << describe(mapping.error());
        EXPECT_NE(mapping.error().hint.find("64-bit"), std::string::npos);
    }
}

TEST(ObjectList, ForeignNamesAreNotListed) {
    const UniqueSection section;
    const ForeignObject foreign(section.address());
    const auto list = platform::list_objects(Reach::kSession);
    ASSERT_TRUE(list);
    EXPECT_EQ(std::ranges::count(list->names, section.name()), 0);
}

// ---- the list ----------------------------------------------------------------------------------

// Makes and removes objects during its lifetime.
class Traffic {
  public:
    Traffic() : thread_([this] { run(); }) {}
    ~Traffic() {
        // relaxed: the flag carries no other data
        ended_.store(true, std::memory_order_relaxed);
        thread_.join();
    }
    Traffic(const Traffic&) = delete;
    Traffic& operator=(const Traffic&) = delete;

  private:
    void run() {
        while (!ended_.load(std::memory_order_relaxed)) {  // relaxed: as above
            const SectionAddress address{.name = unique_name()};
            auto object = platform::create_object(address, kPage);
            if (!object || !platform::publish_object(*object)) continue;
            (void)platform::unlink_object(*object);
        }
    }
    std::atomic<bool> ended_{false};
    std::thread thread_;
};

TEST(ObjectList, MissesNobodyWhileOthersComeAndGo) {
    const std::array<UniqueSection, 8> sections;
    std::vector<platform::SharedObject> objects;
    for (const UniqueSection& section : sections) {
        auto object = platform::create_object(section.address(), kPage);
        ASSERT_TRUE(object) << describe(object.error());
        ASSERT_TRUE(platform::publish_object(*object));
        objects.push_back(std::move(*object));
    }
    const Traffic traffic;
    for (int look = 0; look < 100; ++look) {
        const auto list = platform::list_objects(Reach::kSession);
        ASSERT_TRUE(list) << describe(list.error());
        for (const UniqueSection& section : sections)
            ASSERT_EQ(std::ranges::count(list->names, section.name()), 1) << "look " << look;
    }
    for (const platform::SharedObject& object : objects)
        EXPECT_TRUE(platform::unlink_object(object));
}

}  // namespace
}  // namespace mapferry::testing
