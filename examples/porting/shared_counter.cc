// SPDX-License-Identifier: Apache-2.0
// Adds to a number at an offset of a named area. Several processes may do so at once.
// docs/porting.md prints the lines between the two marks.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include "mapferry/shared_buffer.h"

namespace {

using mapferry::Result;

// [snippet]
Result<std::uint64_t> add(const std::string& name, std::uint64_t offset, std::uint64_t amount) {
    auto buffer =
        mapferry::SharedBuffer::open_or_create({.address = {.name = name}, .size_bytes = 1024});
    if (!buffer) return std::unexpected(buffer.error());
    auto lock = buffer->lock(std::chrono::seconds(5));
    if (!lock) return std::unexpected(lock.error());
    std::uint64_t value = 0;
    auto read = lock->read_at(offset, std::as_writable_bytes(std::span(&value, 1)));
    if (!read) return std::unexpected(read.error());
    value += amount;
    auto written = lock->write_at(offset, std::as_bytes(std::span(&value, 1)));
    if (!written) return std::unexpected(written.error());
    if (*written == sizeof value) return value;
    return std::unexpected(
        mapferry::Status{mapferry::Code::kUsage, "the number lies beyond the end"});
}
// [end of snippet]

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fprintf(stderr, "usage: shared-counter NAME OFFSET AMOUNT\n");
        return 64;
    }
    auto value = add(argv[1], std::stoull(argv[2]), std::stoull(argv[3]));
    if (!value) std::fprintf(stderr, "%s\n", describe(value.error()).c_str());
    if (value) std::printf("%s\n", std::to_string(*value).c_str());
    return value ? 0 : 1;
}
