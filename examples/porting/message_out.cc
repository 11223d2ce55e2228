// SPDX-License-Identifier: Apache-2.0
// Sends one message to one other process.
// docs/porting.md prints the lines between the two marks.
#include <cstdio>
#include <string>

#include "mapferry/send.h"
#include "mapferry/source.h"
#include "mapferry/writer.h"

namespace {

using mapferry::Result;

// [snippet]
Result<void> send_message(const std::string& name, const std::string& text) {
    auto writer = mapferry::Writer::create({.address = {.name = name}});
    if (!writer) return std::unexpected(writer.error());
    if (auto came = writer->wait_for_readers(1); !came) return came;
    auto source = mapferry::Source::from_text(text);
    if (auto sent = mapferry::send_payload(*writer, source, {}); !sent)
        return std::unexpected(sent.error());
    auto report = writer->close();  // the other process has all of it
    return report ? Result<void>() : std::unexpected(report.error());
}
// [end of snippet]

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: message-out NAME TEXT\n");
        return 64;
    }
    auto done = send_message(argv[1], argv[2]);
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
