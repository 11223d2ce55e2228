// SPDX-License-Identifier: Apache-2.0
// The guard against SIGBUS: a mapping reads as zeros where it has lost its file, and every other
// fault goes to its former handler.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csetjmp>
#include <csignal>
#include <filesystem>
#include <thread>
#include <vector>

#include "mapferry/fault_guard.h"
#include "platform/mapping.h"
#include "platform/place.h"
#include "platform/shared_object.h"
#include "support/host.h"
#include "support/sanitizer.h"
#include "support/scratch_folder.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kBytes = 65'536;

sigjmp_buf after_fault;
void jump_out(int) {
    siglongjmp(after_fault, 1);
}

class FaultGuard : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        // The handler before the guard. The guard must pass other faults on to it.
        std::signal(SIGBUS, jump_out);
        ASSERT_TRUE(install_fault_guard());
        ASSERT_TRUE(install_fault_guard()) << "twice is once";
    }
    // Makes an object without a name.
    platform::SharedObject make() const {
        auto object = platform::create_object(
            {.name = unique_name(), .backing_path = folder_.file("object")}, kBytes);
        EXPECT_TRUE(object);
        return std::move(*object);
    }
    static platform::Mapping map(const platform::SharedObject& object) {
        auto mapping = platform::map(object, 0, kBytes, platform::Access::kReadWrite);
        EXPECT_TRUE(mapping);
        return std::move(*mapping);
    }
    static void cut(const platform::SharedObject& object) {
        ASSERT_EQ(::ftruncate(static_cast<int>(object.handle.get()), 0), 0);
    }

    const ScratchFolder folder_;
};

TEST_F(FaultGuard, CutMappingReadsAsZerosAndIsLost) {
    const platform::SharedObject object = make();
    const platform::Mapping mapping = map(object);
    mapping.data()[5000] = std::byte{7};
    EXPECT_FALSE(mapping.lost());
    cut(object);
    EXPECT_EQ(platform::object_bytes_now(object), 0u);
    EXPECT_EQ(mapping.data()[5000], std::byte{0});
    EXPECT_TRUE(mapping.lost());
    mapping.data()[9000] = std::byte{1};  // writes to the zeros, not to the file
    EXPECT_EQ(mapping.data()[9000], std::byte{1});
}

TEST_F(FaultGuard, OtherMappingsOfTheProcessStay) {
    const platform::SharedObject cut_one = make();
    const platform::SharedObject other = make();
    const platform::Mapping lost = map(cut_one);
    platform::Mapping kept = map(other);
    cut(cut_one);
    lost.data()[0] = std::byte{1};
    EXPECT_TRUE(lost.lost());
    const platform::Mapping moved = std::move(kept);
    moved.data()[0] = std::byte{2};
    EXPECT_FALSE(moved.lost());
}

TEST_F(FaultGuard, PlaceOfALostMappingStartsAnew) {
    for (int round = 0; round < 2000; ++round) {
        const platform::SharedObject object = make();
        const platform::Mapping mapping = map(object);
        ASSERT_FALSE(mapping.lost()) << round;
        if (round % 2 != 0) continue;
        cut(object);
        mapping.data()[0] = std::byte{1};
        ASSERT_TRUE(mapping.lost()) << round;
    }
}

TEST_F(FaultGuard, ManyThreadsMayFaultAtOnce) {
    if (kThreadSanitized) GTEST_SKIP() << "it takes the page that is replaced for a write";
    const platform::SharedObject object = make();
    const platform::Mapping mapping = map(object);
    cut(object);
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&mapping] {
            for (std::uint64_t at = 0; at < kBytes; at += 512)
                EXPECT_EQ(mapping.data()[at], std::byte{0});
        });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_TRUE(mapping.lost());
}

TEST_F(FaultGuard, FaultOfAForeignMappingGoesToTheHandlerBefore) {
    const platform::SharedObject object = make();
    const int descriptor = static_cast<int>(object.handle.get());
    void* const foreign = ::mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, descriptor, 0);
    ASSERT_NE(foreign, MAP_FAILED);
    cut(object);
    bool faulted = false;
    if (sigsetjmp(after_fault, 1) == 0)
        (void)*static_cast<const volatile char*>(foreign);
    else
        faulted = true;
    EXPECT_TRUE(faulted);
    ::munmap(foreign, kBytes);
}

TEST_F(FaultGuard, SignalThatWasSentGoesToTheHandlerBefore) {
    bool caught = false;
    if (sigsetjmp(after_fault, 1) == 0)
        std::raise(SIGBUS);
    else
        caught = true;
    EXPECT_TRUE(caught);
}

}  // namespace
}  // namespace mapferry::testing
