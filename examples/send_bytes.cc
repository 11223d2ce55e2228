// SPDX-License-Identifier: Apache-2.0
// Sends bytes from memory to one other process: COUNT square numbers. Either side may start first:
//
//     terminal 1: mapferry-example-send-bytes squares 1000000
//     terminal 2: mapferry-example-receive-bytes squares
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "mapferry/writer.h"

namespace {

mapferry::Result<void> send_bytes(const std::string& name, std::span<const std::byte> bytes) {
    auto writer = mapferry::Writer::create({.address = {.name = name}});
    if (!writer) return std::unexpected(writer.error());
    if (auto came = writer->wait_for_readers(1); !came) return came;
    if (auto begun = writer->begin({.payload_bytes = bytes.size()}); !begun) return begun;
    if (auto written = writer->write(bytes); !written) return written;
    if (auto ended = writer->end(); !ended) return std::unexpected(ended.error());
    auto report = writer->close();  // the reader has all of it
    return report ? mapferry::Result<void>() : std::unexpected(report.error());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: send-bytes NAME COUNT\n");
        return 64;
    }
    std::vector<std::uint64_t> squares(std::stoul(argv[2]));
    for (std::size_t i = 0; i < squares.size(); ++i)
        squares[i] = std::uint64_t{i} * i;
    auto done = send_bytes(argv[1], std::as_bytes(std::span(squares)));
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
