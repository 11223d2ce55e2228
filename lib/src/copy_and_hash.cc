#include "copy_and_hash.h"

#include <algorithm>
#include <cstring>

#include "mapferry/hash.h"

namespace mapferry {

namespace {

// Stays in the second-level cache between hash and copy.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

}  // namespace

std::uint64_t copy_and_hash(std::span<std::byte> target, std::span<const std::byte> source) {
    Digest128 digest;
    while (!source.empty()) {
        const std::size_t count = std::min(source.size(), kBlockBytes);
        digest.update(source.first(count));
        std::memcpy(target.data(), source.data(), count);
        source = source.subspan(count);
        target = target.subspan(count);
    }
    return digest.value64();
}

}  // namespace mapferry
