// SPDX-License-Identifier: Apache-2.0
// Sends each TEXT to COUNT readers; each reader gets every byte. The program waits until all
// readers have come, and then for the slowest one:
//
//     terminal 1:        mapferry-example-many-readers news 2 hello world
//     terminals 2 and 3: mapferry-example-receive-bytes news
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

#include "mapferry/send.h"
#include "mapferry/source.h"
#include "mapferry/writer.h"

namespace {

mapferry::Result<mapferry::WriterReport> send_to_all(const std::string& name, std::uint32_t count,
                                                     std::span<char*> texts) {
    // close() fails when fewer readers got everything.
    auto writer = mapferry::Writer::create({.address = {.name = name}, .readers_wanted = count});
    if (!writer) return std::unexpected(writer.error());
    if (auto came = writer->wait_for_readers(count); !came) return std::unexpected(came.error());
    for (const char* const text : texts) {
        auto source = mapferry::Source::from_text(text);
        auto sent = mapferry::send_payload(*writer, source, {});
        if (!sent) return std::unexpected(sent.error());
    }
    return writer->close();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fprintf(stderr, "usage: many-readers NAME COUNT TEXT...\n");
        return 64;
    }
    const auto count = static_cast<std::uint32_t>(std::stoul(argv[2]));
    auto report =
        send_to_all(argv[1], count, std::span(argv, static_cast<std::size_t>(argc)).subspan(3));
    if (!report) std::fprintf(stderr, "%s\n", describe(report.error()).c_str());
    if (report) std::printf("%u readers have everything\n", report->readers_served);
    return report ? 0 : 1;
}
