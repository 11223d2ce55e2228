// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/frame_record.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bridge/record/ascii_text.h"
#include "bridge/record/description_json.h"
#include "bridge/record/read_json.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

using Json = nlohmann::json;

constexpr std::uint32_t kFrameVersion = 1;

Ratio ratio_from(const Json& object, const char* name) {
    if (!object.contains(name)) return {};
    return {.numerator = read_number<std::uint32_t>(object.at(name).at(0)),
            .denominator = read_number<std::uint32_t>(object.at(name).at(1))};
}

Json ratio_json(const Ratio& ratio) {
    return {ratio.numerator, ratio.denominator};
}

void read_notes(const Json& object, FrameRecord& record) {
    if (object.contains("image")) record.image = image_from_json(object.at("image"));
    if (object.contains("tensor")) record.tensor = tensor_from_json(object.at("tensor"));
    if (object.contains("source_number"))
        record.source_number = read_number<std::uint64_t>(object.at("source_number"));
    if (object.contains("captured")) {
        const auto clock = read_number<std::uint32_t>(object.at("captured").at(1));
        if (clock > static_cast<std::uint32_t>(CaptureClock::kTai))
            throw std::out_of_range("an unknown clock");
        record.captured = {.ns = read_number<std::int64_t>(object.at("captured").at(0)),
                           .clock = static_cast<CaptureClock>(clock)};
    }
    record.content_type = object.value("content_type", std::string());
    record.metadata = from_ascii(object.value("metadata", std::string()));
    if (record.content_type.size() > kContentTypeBytesMax ||
        record.metadata.size() > kMetadataBytesMax)
        throw std::out_of_range("too much metadata");
}

std::int64_t now_ns(auto clock) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(clock.time_since_epoch()).count();
}

// Another machine has another monotonic clock, so such a time becomes one of the calendar.
std::optional<CaptureTime> with_common_clock(std::optional<CaptureTime> time) {
    if (!time || time->clock != CaptureClock::kMonotonic) return time;
    const std::int64_t age = now_ns(std::chrono::steady_clock::now()) - time->ns;
    return CaptureTime{.ns = now_ns(std::chrono::system_clock::now()) - age,
                       .clock = CaptureClock::kRealtime};
}

}  // namespace

std::string frame_text(const FrameRecord& record) {
    Json object = {{"version", kFrameVersion},
                   {"epoch", record.epoch},
                   {"ordinal", record.ordinal},
                   {"bytes", record.bytes},
                   {"slot", record.slot},
                   {"slots", record.slots},
                   {"sent", record.sent},
                   {"chunk_bytes", record.chunk_bytes},
                   {"frame_limit_bytes", record.frame_limit_bytes},
                   {"checksum", record.has_checksum},
                   {"timestamp_unix_ns", record.timestamp_unix_ns},
                   {"about", record.about}};
    if (record.has_ended) object["ended"] = true;
    if (record.stays) object["stays"] = true;
    if (record.image) object["image"] = image_to_json(*record.image);
    if (record.tensor) object["tensor"] = tensor_to_json(*record.tensor);
    if (record.captured)
        object["captured"] = {record.captured->ns,
                              static_cast<std::uint32_t>(record.captured->clock)};
    if (record.source_number) object["source_number"] = *record.source_number;
    if (!record.content_type.empty()) object["content_type"] = record.content_type;
    if (!record.metadata.empty()) object["metadata"] = to_ascii(record.metadata);
    return object.dump();
}

Result<FrameRecord> parse_frame(std::string_view text) {
    FrameRecord record;
    std::uint32_t version = 0;
    auto read = read_json(text, [&](const Json& object) {
        version = read_number<std::uint32_t>(object.at("version"));
        if (version > kFrameVersion) return;
        record.epoch = object.at("epoch").get<std::string>();
        record.ordinal = read_number<std::uint64_t>(object.at("ordinal"));
        record.bytes = read_number<std::uint64_t>(object.at("bytes"));
        record.slot = read_number<std::uint64_t>(object.at("slot"));
        record.chunk_bytes = read_number<std::uint64_t>(object.at("chunk_bytes"));
        record.frame_limit_bytes = read_number<std::uint64_t>(object.at("frame_limit_bytes"));
        record.has_checksum = object.at("checksum").get<bool>();
        record.timestamp_unix_ns = read_number<std::int64_t>(object.at("timestamp_unix_ns"));
        record.about = read_number<std::uint64_t>(object.at("about"));
        record.has_ended = object.value("ended", false);
        record.stays = object.value("stays", false);
        // An exporter of an earlier version does not say these.
        if (object.contains("slots")) record.slots = read_number<std::uint64_t>(object.at("slots"));
        if (object.contains("sent")) record.sent = read_number<std::uint64_t>(object.at("sent"));
        if (!record.has_ended && record.chunk_bytes == 0) throw std::out_of_range("no chunks");
        read_notes(object, record);
    });
    if (!read) return std::unexpected(read.error());
    if (version > kFrameVersion)
        return fail(Code::kVersion, "the frames are of a later version of this program");
    return record;
}

void take_notes(const Frame& frame, FrameRecord& record) {
    record.image = frame.image();
    record.tensor = frame.tensor();
    record.captured = with_common_clock(frame.captured());
    record.source_number = frame.source_number();
    const FrameMetadata metadata = frame.metadata();
    record.content_type = metadata.content_type;
    record.metadata.assign(reinterpret_cast<const char*>(metadata.bytes.data()),
                           metadata.bytes.size());
}

// Without a time of capture the far frame has that of its publication at the source, so that far
// readers see how old it is.
Result<void> give_notes(const FrameRecord& record, FrameLoan& loan) {
    loan.set_image(record.image);
    loan.set_tensor(record.tensor);
    if (record.captured)
        loan.set_captured(*record.captured);
    else if (record.timestamp_unix_ns != 0)
        loan.set_captured({.ns = record.timestamp_unix_ns, .clock = CaptureClock::kRealtime});
    if (record.source_number) loan.set_source_number(*record.source_number);
    if (record.metadata.empty() && record.content_type.empty()) return {};
    return loan.set_metadata(
        {.content_type = record.content_type, .bytes = std::as_bytes(std::span(record.metadata))});
}

std::string stream_text(const StreamRecord& record) {
    return Json({{"version", kFrameVersion},
                 {"description", to_ascii(record.description)},
                 {"frame_rate", ratio_json(record.facts.frame_rate)},
                 {"pixel_aspect", ratio_json(record.facts.pixel_aspect)},
                 {"scan", static_cast<std::uint32_t>(record.facts.scan)}})
        .dump();
}

Result<StreamRecord> parse_stream(std::string_view text) {
    StreamRecord record;
    auto read = read_json(text, [&record](const Json& object) {
        record.description = from_ascii(object.value("description", std::string()));
        record.facts.frame_rate = ratio_from(object, "frame_rate");
        record.facts.pixel_aspect = ratio_from(object, "pixel_aspect");
        const auto scan = read_number<std::uint32_t>(object.at("scan"));
        if (scan > static_cast<std::uint32_t>(Scan::kMixed))
            throw std::out_of_range("an unknown scan");
        record.facts.scan = static_cast<Scan>(scan);
        if (record.description.size() > kDescriptionBytesMax)
            throw std::out_of_range("the description is too long");
    });
    if (!read) return std::unexpected(read.error());
    return record;
}

}  // namespace mapferry::cli
