// SPDX-License-Identifier: Apache-2.0
// Stages that use only memory: the hash by each kernel that the processor can run, and copies.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "base/hash_kernel.h"
#include "base/stream_copy.h"
#include "bench/frame_content.h"
#include "bench/stage.h"

namespace mapferry::bench {

namespace {

// Two pieces of memory that are larger than any cache. All their pages have been touched.
struct Memory {
    std::vector<std::byte> source = std::vector<std::byte>(kColdBytes, std::byte{1});
    std::vector<std::byte> target = std::vector<std::byte>(kColdBytes, std::byte{2});
};

Memory& memory() {
    static Memory made;
    return made;
}

constexpr std::size_t kHotRounds = kColdBytes / kBlockBytes;

double hash_rate(const HashKernel& kernel, bool is_hot) {
    const std::byte* const bytes = memory().source.data();
    if (is_hot) benchmark::DoNotOptimize(kernel.hash64(bytes, kBlockBytes, 0));
    return gigabytes_per_second(kColdBytes, [&] {
        for (std::size_t i = 0; i < kHotRounds; ++i)
            benchmark::DoNotOptimize(
                kernel.hash64(bytes + (is_hot ? 0 : i * kBlockBytes), kBlockBytes, 0));
    });
}

using Copy = void (*)(std::span<std::byte>, std::span<const std::byte>);

void copy_through_caches(std::span<std::byte> target, std::span<const std::byte> source) {
    std::memcpy(target.data(), source.data(), source.size());
}

enum class Target : std::uint8_t { kCold, kOneWarmBlock };

double copy_rate(Copy copy, Target target) {
    const std::span<const std::byte> source(memory().source);
    const std::span<std::byte> all(memory().target);
    return gigabytes_per_second(kColdBytes, [&] {
        for (std::size_t i = 0; i < kHotRounds; ++i) {
            const std::size_t at = i * kBlockBytes;
            copy(all.subspan(target == Target::kCold ? at : 0, kBlockBytes),
                 source.subspan(at, kBlockBytes));
        }
    });
}

void add_copy(std::vector<Stage>& stages, const std::string& way, Copy copy, Target target) {
    stages.push_back({.case_name = "copy", .way = way, .unit = "GB/s", .measure = [=] {
                          return copy_rate(copy, target);
                      }});
}

}  // namespace

double gigabytes_per_second(std::size_t bytes, const std::function<void()>& work) {
    const std::int64_t began_ns = now_ns();
    work();
    return static_cast<double>(bytes) / static_cast<double>(now_ns() - began_ns);
}

void add_hash_stages(std::vector<Stage>& stages) {
    std::size_t count = 0;
    const HashKernel* const* const kernels = all_supported_kernels(&count);
    for (std::size_t i = count; i-- > 0;) {
        const HashKernel& kernel = *kernels[i];
        for (const bool is_hot : {true, false})
            stages.push_back({.case_name = is_hot ? "hash, from the cache" : "hash, from memory",
                              .way = fmt::format("XXH3-64 {}{}", kernel.name,
                                                 i + 1 == count ? " (used here)" : ""),
                              .unit = "GB/s",
                              .measure = [&kernel, is_hot] { return hash_rate(kernel, is_hot); }});
    }
}

void add_copy_stages(std::vector<Stage>& stages) {
    add_copy(stages, "memcpy, memory to memory", copy_through_caches, Target::kCold);
    add_copy(stages, "non-temporal copy, memory to memory", stream_copy, Target::kCold);
    add_copy(stages, "memcpy, memory to a warm block", copy_through_caches, Target::kOneWarmBlock);
}

}  // namespace mapferry::bench
