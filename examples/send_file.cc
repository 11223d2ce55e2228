// SPDX-License-Identifier: Apache-2.0
// Sends a file to one other process and prints the progress. Either side may start first:
//
//     terminal 1: mapferry-example-send-file transfer photo.bmp
//     terminal 2: mapferry-example-receive-file transfer inbox
#include <cstdio>
#include <string>

#include "mapferry/send.h"
#include "mapferry/source.h"
#include "mapferry/writer.h"

namespace {

void print_progress(std::uint64_t payload_bytes) {
    std::printf("%llu bytes\n", static_cast<unsigned long long>(payload_bytes));
}

mapferry::Result<void> send_file(const std::string& name, const std::string& path) {
    auto source = mapferry::Source::open_file(path);
    if (!source) return std::unexpected(source.error());
    auto writer = mapferry::Writer::create({.address = {.name = name}});
    if (!writer) return std::unexpected(writer.error());
    if (auto came = writer->wait_for_readers(1); !came) return came;
    auto sent = mapferry::send_payload(*writer, *source, {.progress = print_progress});
    if (!sent) return std::unexpected(sent.error());
    auto report = writer->close();  // the reader has stored the file
    return report ? mapferry::Result<void>() : std::unexpected(report.error());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: send-file NAME PATH\n");
        return 64;
    }
    auto done = send_file(argv[1], argv[2]);
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
