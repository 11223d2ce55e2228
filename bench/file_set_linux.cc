// SPDX-License-Identifier: Apache-2.0
// The files of a run.
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <memory>

#include "bench/file_way.h"
#include "bench/give_up.h"
#include "bench/stream_roles.h"
#include "mapferry/detail/hash.h"

namespace mapferry::bench {

namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::uint64_t kSpoilEveryBytes = 65536;

// Random bytes: xorshift64 (Marsaglia 2003).
void fill(std::span<std::byte> block, std::uint64_t& state) {
    for (std::size_t at = 0; at + sizeof(state) <= block.size(); at += sizeof(state)) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        std::memcpy(&block[at], &state, sizeof(state));
    }
}

std::uint64_t write_random(const std::string& path, std::uint64_t bytes, std::uint64_t seed) {
    const Descriptor file = open_file(path, OpenFor::kCreating);
    std::vector<std::byte> block(kBlockBytes);
    Digest128 digest;
    std::uint64_t state = seed;
    for (std::uint64_t left = bytes; left > 0;) {
        const auto piece = std::span(block).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size())));
        fill(piece, state);
        digest.update(piece);
        write_all(file.get(), piece);
        left -= piece.size();
    }
    return digest.value64();
}

std::uint64_t digest_of(const std::string& path) {
    const Descriptor file = open_file(path, OpenFor::kReading);
    std::vector<std::byte> block(kBlockBytes);
    Digest128 digest;
    while (const std::size_t got = read_some(file.get(), block))
        digest.update(std::span(block).first(got));
    return digest.value64();
}

}  // namespace

FileSet make_files(const std::string& folder, const std::string& tmpfs_folder,
                   std::uint64_t bytes) {
    const std::string size = std::to_string(bytes);
    FileSet files = {.source = folder + "/source." + size,
                     .bytes = bytes,
                     .output = folder + "/output." + size,
                     .between = tmpfs_folder + "/between." + size};
    files.digest = write_random(files.source, bytes, 0x9E3779B97F4A7C15u);
    write_random(files.output, bytes, 0xD1B54A32D192ED03u);
    write_random(files.between, bytes, 0x8CB92BA72F3D8DD7u);
    return files;
}

void spoil_output(const FileSet& files) {
    const Descriptor output = open_file(files.output, OpenFor::kOverwriting);
    constexpr std::uint64_t kNothing = 0;
    for (std::uint64_t at = 0; at < files.bytes; at += kSpoilEveryBytes)
        if (::pwrite(output.get(), &kNothing, sizeof(kNothing), static_cast<off_t>(at)) < 0)
            give_up_for_errno(files.output);
}

void write_back(const FileSet& files) {
    const Descriptor output = open_file(files.output, OpenFor::kReading);
    if (::syncfs(output.get()) != 0) give_up_for_errno(files.output);
}

void check_output(const FileSet& files, const std::string& way) {
    if (digest_of(files.output) != files.digest)
        give_up(way + ": the output is not what the source is");
}

}  // namespace mapferry::bench
