// SPDX-License-Identifier: Apache-2.0
// Keeps a record in a stream over shared memory: how often it was changed, and by whom.
// docs/porting.md prints the lines between the two marks.
#include <chrono>
#include <cstdio>
#include <string>

#include "mapferry/shared_buffer_stream.h"

namespace {

using mapferry::Result;

// [snippet]
Result<std::string> sign(const std::string& name, const std::string& visitor) {
    auto buffer =
        mapferry::SharedBuffer::open_or_create({.address = {.name = name}, .size_bytes = 256});
    if (!buffer) return std::unexpected(buffer.error());
    mapferry::SharedBufferStream stream(std::move(*buffer));
    auto lock = stream.buffer().lock(std::chrono::seconds(5));
    if (!lock) return std::unexpected(lock.error());
    int visits = 0;
    std::string last = "nobody";
    if (stream.buffer().already_existed() && !lock->previous_holder_died())
        stream >> visits >> last;
    stream.clear();
    const std::string record = std::to_string(visits + 1) + ' ' + visitor + '\n';
    stream.seekp(0) << record;  // all of it or nothing
    if (!stream)
        return std::unexpected(mapferry::Status{mapferry::Code::kIo, "the record does not fit"});
    return std::to_string(visits + 1) + ", after " + last;
}
// [end of snippet]

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: shared-record NAME VISITOR\n");
        return 64;
    }
    auto text = sign(argv[1], argv[2]);
    if (!text) std::fprintf(stderr, "%s\n", describe(text.error()).c_str());
    if (text) std::printf("%s\n", text->c_str());
    return text ? 0 : 1;
}
