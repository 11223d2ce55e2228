// SPDX-License-Identifier: Apache-2.0
// With TEXT: leaves the text in a section that outlives its writer, for a reader that comes at any
// time. Without TEXT: reads the text in place, prints it and removes the section:
//
//     terminal 1: mapferry-example-keep note "buy milk"
//     terminal 2: mapferry-example-keep note              # a minute or a day later
//
// On Windows a section in memory needs a process, so the first program stays for ten minutes there.
#include <chrono>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "mapferry/reader.h"
#include "mapferry/writer.h"

namespace {

mapferry::Result<void> leave(const std::string& name, std::string_view text) {
    auto writer = mapferry::Writer::create(
        {.address = {.name = name}, .delivery = mapferry::StreamDelivery::kKeep});
    if (!writer) return std::unexpected(writer.error());
    const auto bytes = std::as_bytes(std::span(text));
    if (auto begun = writer->begin({.is_text = true, .payload_bytes = bytes.size()}); !begun)
        return begun;
    if (auto written = writer->write(bytes); !written) return written;
    if (auto ended = writer->end(); !ended) return std::unexpected(ended.error());
    if (auto report = writer->close(); !report) return std::unexpected(report.error());
    auto ended_by = writer->linger(std::chrono::minutes(10));  // no wait if not needed
    return ended_by ? mapferry::Result<void>() : std::unexpected(ended_by.error());
}

mapferry::Result<std::string> take(const std::string& name) {
    auto reader = mapferry::Reader::open(
        {.address = {.name = name}, .consume = mapferry::Consume::kRemoveWhenDone});
    if (!reader) return std::unexpected(reader.error());
    auto payload = reader->next();
    if (!payload) return std::unexpected(payload.error());
    if (!*payload)
        return std::unexpected(
            mapferry::Status{mapferry::Code::kNotFound, "the section has no text"});
    auto bytes = reader->view();  // verified, and in the section itself
    if (!bytes) return std::unexpected(bytes.error());
    std::string text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    if (auto taken = reader->acknowledge(); !taken) return std::unexpected(taken.error());
    auto closed = reader->close();  // removes the section
    return closed ? mapferry::Result<std::string>(text) : std::unexpected(closed.error());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) {
        std::fprintf(stderr, "usage: keep NAME [TEXT]\n");
        return 64;
    }
    auto text = argc == 2 ? take(argv[1]) : mapferry::Result<std::string>();
    auto done = argc == 3 ? leave(argv[1], argv[2]) : mapferry::Result<void>();
    if (!text) std::fprintf(stderr, "%s\n", describe(text.error()).c_str());
    if (!done) std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
    if (argc == 2 && text) std::printf("%s\n", text->c_str());
    return text && done ? 0 : 1;
}
