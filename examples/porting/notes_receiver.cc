// SPDX-License-Identifier: Apache-2.0
// Prints each note of a sender as it comes.
// docs/porting.md prints the lines between the two marks.
#include <cstdio>
#include <string>

#include "mapferry/reader.h"

namespace {

using mapferry::Result;

// [snippet]
Result<void> receive_notes(const std::string& name) {
    auto reader = mapferry::Reader::open({.address = {.name = name}});
    if (!reader) return std::unexpected(reader.error());
    while (true) {
        auto info = reader->next();                       // sleeps until there is one
        if (!info) return std::unexpected(info.error());  // the sender died, or hangs
        if (!*info) return reader->close();               // it has no more
        std::string note;
        while (!reader->summary()) {
            auto bytes = reader->read();
            if (!bytes) return std::unexpected(bytes.error());
            note.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
        }
        std::printf("%zu bytes: %s\n", note.size(), note.c_str());
        if (auto taken = reader->acknowledge(); !taken) return taken;
    }
}
// [end of snippet]

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: notes-receiver NAME\n");
        return 64;
    }
    auto done = receive_notes(argv[1]);
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
