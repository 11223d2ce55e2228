// SPDX-License-Identifier: Apache-2.0
// Passes a bitmap, or any file, to another process.
// docs/porting.md prints the lines between the two marks.
#include <cstdio>
#include <string>

#include "mapferry/image_probe.h"
#include "mapferry/send.h"
#include "mapferry/source.h"
#include "mapferry/writer.h"

namespace {

using mapferry::Result;

// [snippet]
Result<void> put_picture(const std::string& name, const std::string& path) {
    auto source = mapferry::Source::open_file(path);
    if (!source) return std::unexpected(source.error());
    auto image = mapferry::probe_image(*source);
    if (image && *image) source->set_image(**image);
    auto writer = mapferry::Writer::create({.address = {.name = name}});
    if (!writer) return std::unexpected(writer.error());
    if (auto came = writer->wait_for_readers(1); !came) return came;
    auto sent = mapferry::send_payload(*writer, *source, {});
    if (!sent) return std::unexpected(sent.error());
    auto report = writer->close();
    return report ? Result<void>() : std::unexpected(report.error());
}
// [end of snippet]

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: picture-out NAME PATH\n");
        return 64;
    }
    auto done = put_picture(argv[1], argv[2]);
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
