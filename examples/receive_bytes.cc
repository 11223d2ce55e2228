// SPDX-License-Identifier: Apache-2.0
// Receives bytes from another process, one payload after the other until the sender ends, and
// prints the size and the sum of the bytes of each:
//
//     terminal 1: mapferry-example-receive-bytes squares
//     terminal 2: mapferry-example-send-bytes squares 1000000
#include <cstdio>
#include <string>
#include <vector>

#include "mapferry/reader.h"

namespace {

mapferry::Result<std::vector<std::byte>> read_whole(mapferry::Reader& reader) {
    std::vector<std::byte> all;
    while (true) {
        auto bytes = reader.read();  // they passed their checksum
        if (!bytes) return std::unexpected(bytes.error());
        if (bytes->empty()) return all;
        all.insert(all.end(), bytes->begin(), bytes->end());
    }
}

mapferry::Result<void> receive_bytes(const std::string& name) {
    auto reader = mapferry::Reader::open({.address = {.name = name}});  // waits for the sender
    if (!reader) return std::unexpected(reader.error());
    while (true) {
        auto payload = reader->next();
        if (!payload) return std::unexpected(payload.error());
        if (!*payload) return reader->close();  // the sender has ended
        auto bytes = read_whole(*reader);
        if (!bytes) return std::unexpected(bytes.error());
        unsigned long long sum = 0;
        for (const std::byte byte : *bytes)
            sum += std::to_integer<unsigned>(byte);
        std::printf("%zu bytes, sum %llu\n", bytes->size(), sum);
        if (auto taken = reader->acknowledge(); !taken) return taken;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: receive-bytes NAME\n");
        return 64;
    }
    auto done = receive_bytes(argv[1]);
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
