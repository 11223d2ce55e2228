// SPDX-License-Identifier: Apache-2.0
// Changes a record that several processes share, ROUNDS times, each time under its lock. No change
// is lost, and a process that dies with the lock leaves it free:
//
//     terminal 1: mapferry-example-record score alice 100
//     terminal 2: mapferry-example-record score bob 100
//
// The record stays for the next run. On Windows it ends with the last process that has it open.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>

#include "mapferry/shared_buffer.h"

namespace {

// A new buffer is full of zeros, so zeros are a valid record too. A record has no pointers, because
// each process maps the buffer elsewhere.
struct Record {
    std::uint64_t changes;
    char last_player[32];
};

mapferry::Result<Record> change(mapferry::SharedBuffer& buffer, const std::string& player) {
    auto lock = buffer.lock(std::chrono::seconds(5));
    if (!lock) return std::unexpected(lock.error());
    const auto bytes = lock->writable_bytes();
    Record record = {};
    // A holder that died may have left a half-changed record, so this process begins a new one.
    if (!lock->previous_holder_died()) std::memcpy(&record, bytes.data(), sizeof record);
    ++record.changes;
    std::snprintf(record.last_player, sizeof record.last_player, "%s", player.c_str());
    std::memcpy(bytes.data(), &record, sizeof record);
    return record;  // the end of `lock` releases it
}

mapferry::Result<void> play(const std::string& name, const std::string& player, int rounds) {
    auto buffer = mapferry::SharedBuffer::open_or_create(
        {.address = {.name = name}, .size_bytes = sizeof(Record)});
    if (!buffer) return std::unexpected(buffer.error());
    for (int round = 0; round < rounds; ++round) {
        auto record = change(*buffer, player);
        if (!record) return std::unexpected(record.error());
        std::printf("change %llu by %s\n", static_cast<unsigned long long>(record->changes),
                    record->last_player);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));  // slow enough to watch
    }
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: record NAME PLAYER ROUNDS\n");
        return 64;
    }
    auto done = play(argv[1], argv[2], std::stoi(argv[3]));
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
