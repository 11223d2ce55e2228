// SPDX-License-Identifier: Apache-2.0
// Manifests and end records of any bytes: refused, or the same when they are written again.
#include <span>

#include "format/manifest.h"
#include "fuzz/fuzz_input.h"
#include "mapferry/payload.h"
#include "stream/payload_progress.h"

namespace mapferry::testing {
namespace {

// Numbers larger than those of any section, so that only the fields matter.
Message message_of(std::uint32_t kind, std::span<const std::byte> bytes) {
    Message message{.facts = {}, .sequence = 7, .bytes = bytes};
    message.facts.kind = kind;
    message.facts.bytes = bytes.size();
    return message;
}

void check_manifest(const layout::ManifestRecord& record) {
    const auto info = payload_from_record(record);
    if (!info) {
        require(!info.error().message.empty(), "an error says what is wrong");
        return;
    }
    require(info->name.size() <= layout::kNameBytes, "the name has its limit");
    const auto written = to_record(*info);
    require(written.has_value(), "what can be read can be written");
    const auto again = payload_from_record(*written);
    require(again && again->name == info->name && again->payload_bytes == info->payload_bytes &&
                again->image == info->image,
            "a manifest stays what it is");
}

void check_end(const layout::ManifestRecord& manifest, const layout::EndRecord& end) {
    PayloadProgress progress;
    const auto begins = std::as_bytes(std::span(&manifest, 1));
    if (!progress.begin(message_of(layout::kKindManifest, begins), begins)) return;
    const auto ends = std::as_bytes(std::span(&end, 1));
    if (!progress.end(message_of(layout::kKindEnd, ends), ends)) return;
    require(progress.summary()->payload_bytes == 0, "nothing came, so nothing is whole");
}

void run(FuzzInput input) {
    const auto how = input.take<std::uint8_t>();
    const auto end = input.take<layout::EndRecord>();
    auto manifest = input.take<layout::ManifestRecord>();
    if ((how & 1) != 0) {
        manifest.record_bytes = sizeof manifest;
        manifest.flags &= layout::kManifestFlagsKnown;
        manifest.digest = 1 + manifest.digest % 2;
    }
    check_manifest(manifest);
    check_end(manifest, end);
    PayloadProgress progress;
    const auto rest = input.rest();
    require(!progress.begin(message_of(layout::kKindManifest, rest), rest) ||
                rest.size() >= sizeof(layout::ManifestRecord),
            "a manifest has its size");
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
