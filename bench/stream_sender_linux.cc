// SPDX-License-Identifier: Apache-2.0
// The role `send`: writes a file's bytes to one or more descriptors, one after the other as `tee`
// does.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "bench/peer_words.h"
#include "bench/spawn.h"
#include "bench/stream_roles.h"
#include "mapferry/detail/hash.h"

namespace mapferry::bench {

namespace {

struct SendTask {
    Descriptor source;
    std::size_t source_bytes;
    std::size_t block_bytes;
    Hashing hashing;
    std::vector<int> outs;
};

std::uint64_t send_by_write(const SendTask& task) {
    const auto buffer = std::make_unique_for_overwrite<std::byte[]>(task.block_bytes);
    Digest128 digest;
    while (const std::size_t got = read_some(task.source.get(), {buffer.get(), task.block_bytes})) {
        const std::span<const std::byte> block(buffer.get(), got);
        if (task.hashing == Hashing::kOn) digest.update(block);
        for (const int out : task.outs)
            write_all(out, block);
    }
    return digest.value64();
}

// Maps the source's pages in the page cache.
std::span<const std::byte> map(const SendTask& task) {
    void* const mapped =
        ::mmap(nullptr, task.source_bytes, PROT_READ, MAP_SHARED, task.source.get(), 0);
    if (mapped == MAP_FAILED) give_up_for_errno("mmap");
    return {static_cast<const std::byte*>(mapped), task.source_bytes};
}

void splice_block(const SendTask& task, std::size_t at, std::size_t bytes) {
    auto offset = static_cast<off64_t>(at);
    for (std::size_t left = bytes; left > 0;) {
        const ssize_t moved =
            ::splice(task.source.get(), &offset, task.outs.front(), nullptr, left, SPLICE_F_MORE);
        if (moved <= 0) give_up_for_errno("splice");
        left -= static_cast<std::size_t>(moved);
    }
}

void vmsplice_block(const SendTask& task, std::span<const std::byte> block) {
    while (!block.empty()) {
        const iovec vector = {const_cast<std::byte*>(block.data()), block.size()};
        const ssize_t moved = ::vmsplice(task.outs.front(), &vector, 1, 0);
        if (moved < 0) give_up_for_errno("vmsplice");
        block = block.subspan(static_cast<std::size_t>(moved));
    }
}

enum class Splicing : std::uint8_t { kFile, kMemory };

// Splicing does not show the bytes to this process, so a sender that hashes them maps the file.
std::uint64_t send_by_splice(const SendTask& task, Splicing splicing) {
    const bool is_mapped = splicing == Splicing::kMemory || task.hashing == Hashing::kOn;
    const std::span<const std::byte> bytes = is_mapped ? map(task) : std::span<const std::byte>{};
    Digest128 digest;
    for (std::size_t at = 0; at < task.source_bytes; at += task.block_bytes) {
        const std::size_t count = std::min(task.block_bytes, task.source_bytes - at);
        if (task.hashing == Hashing::kOn) digest.update(bytes.subspan(at, count));
        if (splicing == Splicing::kFile) {
            splice_block(task, at, count);
        } else {
            vmsplice_block(task, bytes.subspan(at, count));
        }
    }
    return digest.value64();
}

std::uint64_t send_all(const SendTask& task, const std::string& how) {
    if (how == "splice") return send_by_splice(task, Splicing::kFile);
    if (how == "vmsplice") return send_by_splice(task, Splicing::kMemory);
    return send_by_write(task);
}

}  // namespace

int send_stream(const PeerWords& words) {
    SendTask task = {.source = open_file(words.text("source"), OpenFor::kReading),
                     .source_bytes = 0,
                     .block_bytes = words.number("block"),
                     .hashing = words.flag("hash") ? Hashing::kOn : Hashing::kOff,
                     .outs = words.descriptors("outs")};
    struct stat status = {};
    if (::fstat(task.source.get(), &status) != 0) give_up_for_errno("fstat");
    task.source_bytes = static_cast<std::size_t>(status.st_size);
    const std::uint64_t digest = send_all(task, words.text("how"));
    for (const int note : words.descriptors("notes"))
        write_all(note, std::as_bytes(std::span(&digest, 1)));
    return 0;
}

}  // namespace mapferry::bench
