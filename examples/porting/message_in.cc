// SPDX-License-Identifier: Apache-2.0
// Receives one message from another process.
// docs/porting.md prints the lines between the two marks.
#include <cstdio>
#include <string>

#include "mapferry/reader.h"

namespace {

using mapferry::Result;

// [snippet]
Result<std::string> receive_message(const std::string& name) {
    auto reader = mapferry::Reader::open({.address = {.name = name}});  // waits for the sender
    if (!reader) return std::unexpected(reader.error());
    if (auto info = reader->next(); !info) return std::unexpected(info.error());
    std::string text;
    while (!reader->summary()) {
        auto bytes = reader->read();  // they passed their checksum
        if (!bytes) return std::unexpected(bytes.error());
        text.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    }
    if (auto taken = reader->acknowledge(); !taken) return std::unexpected(taken.error());
    if (auto closed = reader->close(); !closed) return std::unexpected(closed.error());
    return text;
}
// [end of snippet]

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: message-in NAME\n");
        return 64;
    }
    auto text = receive_message(argv[1]);
    if (!text) std::fprintf(stderr, "%s\n", describe(text.error()).c_str());
    if (text) std::printf("%s\n", text->c_str());
    return text ? 0 : 1;
}
