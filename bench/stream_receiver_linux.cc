// SPDX-License-Identifier: Apache-2.0
// The role `receive`: moves standard input into a file or drops it. Hashes the bytes on the way and
// compares the digest with the sender's note.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "bench/give_up.h"
#include "bench/peer_words.h"
#include "bench/spawn.h"
#include "bench/stream_roles.h"
#include "mapferry/detail/hash.h"

namespace mapferry::bench {

namespace {

struct ReceiveTask {
    std::size_t block_bytes;
    Hashing hashing;
    Descriptor output;       // none: the bytes are dropped
    std::uint64_t fault_at;  // this byte is changed before it is hashed; 0: none
};

std::uint64_t note() {
    std::uint64_t digest = 0;
    read_all(kNoteDescriptor, std::as_writable_bytes(std::span(&digest, 1)));
    return digest;
}

std::uint64_t receive_by_read(const ReceiveTask& task) {
    const auto buffer = std::make_unique_for_overwrite<std::byte[]>(task.block_bytes);
    Digest128 digest;
    std::uint64_t seen_bytes = 0;
    while (const std::size_t got = read_some(STDIN_FILENO, {buffer.get(), task.block_bytes})) {
        const std::uint64_t at = task.fault_at - seen_bytes;
        if (task.fault_at >= seen_bytes && task.fault_at != 0 && at < got)
            buffer[at] ^= std::byte{1};
        seen_bytes += got;
        const std::span<const std::byte> block(buffer.get(), got);
        if (task.hashing == Hashing::kOn) digest.update(block);
        if (task.output.get() >= 0) write_all(task.output.get(), block);
    }
    return digest.value64();
}

void receive_by_splice(const ReceiveTask& task) {
    ssize_t moved = 0;
    do {
        moved = ::splice(STDIN_FILENO, nullptr, task.output.get(), nullptr, task.block_bytes,
                         SPLICE_F_MORE);
        if (moved < 0) give_up_for_errno("splice");
    } while (moved > 0);
}

// The path that the bytes go to at first. A file that is replaced has another name until it is
// whole. Empty: the bytes are dropped.
std::string first_path(const PeerWords& words) {
    if (words.text("target") == "replaced") return words.text("output") + ".new";
    if (words.text("target") == "overwritten") return words.text("output");
    return words.text("how") == "splice" ? "/dev/null" : "";
}

Descriptor open_output(const PeerWords& words) {
    const std::string path = first_path(words);
    if (path.empty()) return {};
    return open_file(
        path, words.text("target") == "replaced" ? OpenFor::kCreating : OpenFor::kOverwriting);
}

}  // namespace

int receive_stream(const PeerWords& words) {
    std::uint64_t noted = words.flag("wait") ? note() : 0;
    const ReceiveTask task = {.block_bytes = words.number("block"),
                              .hashing = words.flag("hash") ? Hashing::kOn : Hashing::kOff,
                              .output = open_output(words),
                              .fault_at = words.number("fault-at")};
    std::uint64_t digest = 0;
    if (words.text("how") == "splice") {
        receive_by_splice(task);
    } else {
        digest = receive_by_read(task);
    }
    if (task.hashing == Hashing::kOn) {
        if (!words.flag("wait")) noted = note();
        if (digest != noted) {
            std::fputs("bench peer: error: the bytes are not those that were sent\n", stderr);
            return kWrongBytes;
        }
    }
    if (words.text("target") == "replaced")
        std::filesystem::rename(first_path(words), words.text("output"));
    return 0;
}

}  // namespace mapferry::bench
