// SPDX-License-Identifier: Apache-2.0
// Counts in a record that several processes share, ROUNDS times, each time under its lock, in
// C++17. No change is lost:
//
//     terminal 1: mapferry-example-cpp17-record score 100
//     terminal 2: mapferry-example-cpp17-record score 100
//
// The record stays for the next run. On Windows it ends with the last process that has it open.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>

#include "mapferry/mapferry.hpp"

namespace {

// A new buffer is full of zeros, so zeros are a valid record too.
struct Record {
    std::uint64_t changes;
    std::uint64_t sum;
};

Record change(mapferry::cpp17::Buffer& buffer) {
    const auto lock = buffer.lock(std::chrono::seconds(30));
    auto* const record = lock.as<Record>();
    // A holder that died may have left a half-changed record, so this process begins a new one.
    if (lock.previous_holder_died()) *record = {};
    ++record->changes;
    record->sum += record->changes;
    return *record;  // the end of `lock` releases it
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: cpp17-record SECTION ROUNDS\n");
        return 64;
    }
    try {
        mapferry::cpp17::Buffer buffer(argv[1], "size_bytes=" + std::to_string(sizeof(Record)));
        Record last = {};
        for (int round = std::stoi(argv[2]); round > 0; --round)
            last = change(buffer);
        std::printf("change %llu, sum %llu\n", static_cast<unsigned long long>(last.changes),
                    static_cast<unsigned long long>(last.sum));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
