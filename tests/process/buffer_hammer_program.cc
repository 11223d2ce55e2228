// SPDX-License-Identifier: Apache-2.0
// Hammers a shared buffer until its input ends: takes its lock again and again and counts its
// rounds twice, in its own counter and in the common one. The two counts differ only while the lock
// is held.
//
//     hammer NAME BACKING INDEX
//     hammer NAME BACKING hold      only takes the lock, prints "held", keeps it until input ends
//
// The buffer holds 64-bit words: [0] all rounds, [1] the holder of the lock (INDEX + 1), [2 + i]
// the rounds of process i. The holder after a dead one corrects the sum. The program prints
// "ready", and at its end {"rounds": N, "repairs": N, "longest_wait_ms": N, "timeout_ms": N}.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "mapferry/shared_buffer.h"

namespace {

using mapferry::SharedBuffer;

constexpr std::int64_t kTimeoutMs = 30'000;
constexpr std::uint64_t kAll = 0;
constexpr std::uint64_t kHolder = 1;
constexpr std::uint64_t kFirst = 2;

std::uint64_t get(const SharedBuffer& buffer, std::uint64_t index) {
    std::uint64_t value = 0;
    (void)buffer.read_unlocked(index * 8, std::as_writable_bytes(std::span(&value, 1)));
    return value;
}

void set(SharedBuffer& buffer, std::uint64_t index, std::uint64_t value) {
    (void)buffer.write_unlocked(index * 8, std::as_bytes(std::span(&value, 1)));
}

std::uint64_t sum(const SharedBuffer& buffer) {
    std::uint64_t rounds = 0;
    for (std::uint64_t i = kFirst; i < buffer.size_bytes() / 8; ++i)
        rounds += get(buffer, i);
    return rounds;
}

struct Tally {
    std::uint64_t rounds = 0;
    std::uint64_t repairs = 0;
    std::int64_t longest_wait_ms = 0;
};

// Does one round. On an error: prints a message and returns false.
bool strike(SharedBuffer& buffer, std::uint64_t index, Tally& tally) {
    const auto began = std::chrono::steady_clock::now();
    auto lock = buffer.lock(std::chrono::milliseconds(kTimeoutMs));
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    tally.longest_wait_ms = std::max<std::int64_t>(tally.longest_wait_ms, waited.count());
    if (!lock) {
        std::cerr << describe(lock.error()) << "\n";
        return false;
    }
    if (lock->previous_holder_died()) {
        ++tally.repairs;
        set(buffer, kAll, sum(buffer));
    } else if (get(buffer, kAll) != sum(buffer)) {
        std::cerr << "the sum is wrong and nobody died\n";
        return false;
    }
    set(buffer, kHolder, index + 1);
    const std::uint64_t mine = get(buffer, kFirst + index);
    const std::uint64_t all = get(buffer, kAll);
    set(buffer, kFirst + index, mine + 1);
    std::this_thread::yield();  // gives another process a chance, which must not get in
    set(buffer, kAll, all + 1);
    if (mine != tally.rounds || get(buffer, kHolder) != index + 1) {
        std::cerr << "somebody else was here under the lock\n";
        return false;
    }
    ++tally.rounds;
    return true;
}

void wait_for_end_of_input() {
    while (std::cin.get() != std::char_traits<char>::eof()) {
    }
}

int hold(SharedBuffer& buffer) {
    const auto lock = buffer.lock(std::chrono::milliseconds(kTimeoutMs));
    if (!lock) return 1;
    std::cout << "held\n" << std::flush;
    wait_for_end_of_input();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 3) return 2;
    auto buffer = SharedBuffer::open({.address = {.name = words[0], .backing_path = words[1]}});
    if (!buffer) {
        std::cerr << describe(buffer.error()) << "\n";
        return 1;
    }
    if (words[2] == "hold") return hold(*buffer);
    std::atomic<bool> ended = false;
    std::thread listener([&ended] {
        wait_for_end_of_input();
        ended = true;
    });
    std::cout << "ready\n" << std::flush;
    Tally tally;
    bool right = true;
    // seq_cst: the store happens once, and its speed does not matter
    while (right && !ended.load())
        right = strike(*buffer, std::stoull(words[2]), tally);
    listener.join();
    std::cout << "{\"rounds\": " << tally.rounds << ", \"repairs\": " << tally.repairs
              << ", \"longest_wait_ms\": " << tally.longest_wait_ms
              << ", \"timeout_ms\": " << kTimeoutMs << "}\n";
    return right ? 0 : 1;
}
