// SPDX-License-Identifier: Apache-2.0
// Sends one note after another to a process that waits for them.
// docs/porting.md prints the lines between the two marks.
#include <cstdio>
#include <span>
#include <string>

#include "mapferry/send.h"
#include "mapferry/source.h"
#include "mapferry/writer.h"

namespace {

using mapferry::Result;

// [snippet]
Result<void> send_notes(const std::string& name, std::span<char*> notes) {
    auto writer = mapferry::Writer::create({.address = {.name = name}});
    if (!writer) return std::unexpected(writer.error());
    if (auto came = writer->wait_for_readers(1); !came) return came;
    for (const char* const note : notes) {
        auto source = mapferry::Source::from_text(note);
        auto sent = mapferry::send_payload(*writer, source, {});  // wakes the receiver
        if (!sent) return std::unexpected(sent.error());
    }
    auto report = writer->close();
    return report ? Result<void>() : std::unexpected(report.error());
}
// [end of snippet]

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: notes-sender NAME NOTE...\n");
        return 64;
    }
    auto done = send_notes(argv[1], std::span(argv, static_cast<std::size_t>(argc)).subspan(2));
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
