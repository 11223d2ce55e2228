// SPDX-License-Identifier: Apache-2.0
// Takes a bitmap from another process and stores it.
// docs/porting.md prints the lines between the two marks.
#include <cstdio>
#include <string>

#include "mapferry/image.h"
#include "mapferry/receive.h"

namespace {

using mapferry::Result;

// [snippet]
Result<void> get_picture(const std::string& name, const std::string& path) {
    auto reader = mapferry::Reader::open({.address = {.name = name}});
    if (!reader) return std::unexpected(reader.error());
    auto info = reader->next();
    if (!info) return std::unexpected(info.error());
    if (!*info)
        return std::unexpected(mapferry::Status{mapferry::Code::kNotFound, "no picture came"});
    if (const auto& image = (*info)->image) std::printf("%s\n", to_string(*image).c_str());
    auto output = mapferry::Output::to_file(path, mapferry::Overwrite::kRefuse, (*info)->source);
    if (!output) return std::unexpected(output.error());
    auto received = mapferry::receive_payload(*reader, *output, {});
    if (!received) return std::unexpected(received.error());
    if (auto stored = reader->acknowledge(); !stored) return stored;
    return reader->close();
}
// [end of snippet]

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: picture-in NAME PATH\n");
        return 64;
    }
    auto done = get_picture(argv[1], argv[2]);
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
