// SPDX-License-Identifier: Apache-2.0
#include "console/doctor/checked_stream.h"

#include <algorithm>
#include <array>
#include <vector>

#include "cli/short_names.h"
#include "mapferry/detail/hash.h"

namespace mapferry::cli {

namespace {

// The size of a section's blocks: a block stays in the cache while it is read and hashed.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
constexpr std::size_t kChecksumBytes = sizeof(std::uint64_t);

void store(std::span<std::byte> target, std::uint64_t number) {
    for (std::byte& byte : target) {
        byte = static_cast<std::byte>(number & 0xff);
        number >>= 8;
    }
}

std::uint64_t number_in(std::span<const std::byte> bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        number = number << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    return number;
}

// Reads some bytes. kPeerGone: there are none, although more have to come.
Result<std::size_t> read_on(const ReadSome& read, std::span<std::byte> target) {
    auto got = read(target);
    if (got && *got == 0)
        return fail(Code::kPeerGone, "the sending process ended before its payload did");
    return got;
}

}  // namespace

Result<void> send_checked(const ReadSome& read, const WriteAll& write) {
    std::vector<std::byte> block(kBlockBytes);
    Digest128 digest;
    while (true) {
        const auto got = read(block);
        if (!got) return std::unexpected(got.error());
        const auto piece = std::span<const std::byte>(block).first(*got);
        if (piece.empty()) break;
        digest.update(piece);
        if (auto written = write(piece); !written) return written;
    }
    std::array<std::byte, kChecksumBytes> checksum{};
    store(checksum, digest.value64());
    return write(checksum);
}

Result<void> receive_checked(const ReadSome& read, std::uint64_t payload_bytes) {
    std::vector<std::byte> block(kBlockBytes);
    Digest128 digest;
    for (std::uint64_t rest = payload_bytes; rest > 0;) {
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(rest, kBlockBytes));
        const auto got = read_on(read, std::span(block).first(most));
        if (!got) return std::unexpected(got.error());
        digest.update(std::span<const std::byte>(block).first(*got));
        rest -= *got;
    }
    std::array<std::byte, kChecksumBytes> checksum{};
    for (std::size_t filled = 0; filled < checksum.size();) {
        const auto got = read_on(read, std::span(checksum).subspan(filled));
        if (!got) return std::unexpected(got.error());
        filled += *got;
    }
    if (number_in(checksum) != digest.value64())
        return fail(Code::kCorrupt, "the bytes that came do not have the checksum of the sender");
    return {};
}

}  // namespace mapferry::cli
