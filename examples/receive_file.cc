// SPDX-License-Identifier: Apache-2.0
// Receives a file into a folder, under the sender's name where that is harmless:
//
//     terminal 1: mapferry-example-receive-file transfer inbox
//     terminal 2: mapferry-example-send-file transfer photo.bmp
#include <cstdio>
#include <string>

#include "mapferry/file_name.h"
#include "mapferry/printable_text.h"
#include "mapferry/receive.h"

namespace {

// Returns the path of the new file, which appears only when all of it has come and was verified.
mapferry::Result<std::string> receive_file(const std::string& name, const std::string& folder) {
    auto reader = mapferry::Reader::open({.address = {.name = name}});  // waits for the sender
    if (!reader) return std::unexpected(reader.error());
    auto payload = reader->next();
    if (!payload) return std::unexpected(payload.error());
    if (!*payload)
        return std::unexpected(mapferry::Status{mapferry::Code::kNotFound, "no file came"});
    auto file_name = mapferry::filter_file_name((*payload)->name);  // another process chose it
    if (!file_name) return file_name;
    std::string path = folder + '/' + *file_name;
    auto output = mapferry::Output::to_file(path, mapferry::Overwrite::kRefuse, (*payload)->source);
    if (!output) return std::unexpected(output.error());
    const mapferry::FileAttributes attributes = {.mtime_unix_ns = (*payload)->mtime_unix_ns};
    auto received = mapferry::receive_payload(*reader, *output, {.attributes = attributes});
    if (!received) return std::unexpected(received.error());
    if (auto stored = reader->acknowledge(); !stored) return std::unexpected(stored.error());
    if (auto closed = reader->close(); !closed) return std::unexpected(closed.error());
    return path;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: receive-file NAME FOLDER\n");
        return 64;
    }
    auto path = receive_file(argv[1], argv[2]);
    if (!path) std::fprintf(stderr, "%s\n", describe(path.error()).c_str());
    if (path) std::printf("%s\n", mapferry::in_quotes(*path).c_str());
    return path ? 0 : 1;
}
