// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/fault_regions_linux.h"

#include <sys/mman.h>

#include <array>
#include <atomic>

namespace mapferry::inline v1::platform {

namespace {

constexpr std::size_t kRegions = 2048;
constexpr std::uintptr_t kFree = 0;
constexpr std::uintptr_t kBeingSet = 1;  // no mapping begins there

struct Region {
    std::atomic<std::uintptr_t> begin = kFree;
    std::atomic<std::size_t> bytes = 0;
    std::atomic<bool> lost = false;
};
std::atomic<bool> any_lost = false;
static_assert(std::atomic<std::uintptr_t>::is_always_lock_free, "a signal handler may not lock");

std::array<Region, kRegions>& regions() {
    static constinit std::array<Region, kRegions> table{};
    return table;
}

bool replace(Region& region, std::uintptr_t begin, std::size_t bytes) {
    // Both are stored before the zeros are there, so that no thread can read a zero and then find
    // that nothing was lost.
    // release: partner is the load in region_is_lost
    region.lost.store(true, std::memory_order_release);
    // release: partner is the load in any_region_was_lost, which comes before a look at the region
    any_lost.store(true, std::memory_order_release);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): regions are compared as numbers.
    void* const zeros = ::mmap(reinterpret_cast<void*>(begin), bytes, PROT_READ | PROT_WRITE,
                               MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return zeros != MAP_FAILED;
}

}  // namespace

std::uint32_t watch_region(const std::byte* data, std::size_t bytes) {
    for (std::uint32_t i = 0; i < kRegions; ++i) {
        Region& region = regions()[i];
        std::uintptr_t expected = kFree;
        // acquire: partner is the release in forget_region
        if (!region.begin.compare_exchange_strong(expected, kBeingSet, std::memory_order_acquire,
                                                  std::memory_order_relaxed))
            continue;
        // relaxed, both: `begin` below carries them along
        region.bytes.store(bytes, std::memory_order_relaxed);
        region.lost.store(false, std::memory_order_relaxed);
        // release: partner is the acquire in replace_region_at
        region.begin.store(reinterpret_cast<std::uintptr_t>(data), std::memory_order_release);
        return i;
    }
    return kNoRegion;
}

void forget_region(std::uint32_t region) {
    // release: partner is the exchange in watch_region
    if (region != kNoRegion) regions()[region].begin.store(kFree, std::memory_order_release);
}

bool region_is_lost(std::uint32_t region) {
    // acquire: partner is the store in replace
    return region != kNoRegion && regions()[region].lost.load(std::memory_order_acquire);
}

bool any_region_was_lost() {
    // acquire: partner is the store in replace
    return any_lost.load(std::memory_order_acquire);
}

bool replace_region_at(std::uintptr_t address) {
    for (Region& region : regions()) {
        // acquire: partner is the store in watch_region
        const std::uintptr_t begin = region.begin.load(std::memory_order_acquire);
        const std::size_t bytes = region.bytes.load(std::memory_order_relaxed);
        if (begin > kBeingSet && address >= begin && address - begin < bytes)
            return replace(region, begin, bytes);
    }
    return false;
}

}  // namespace mapferry::inline v1::platform
