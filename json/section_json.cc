// SPDX-License-Identifier: Apache-2.0
#include "json/section_json.h"

#include "json/notes_json.h"
#include "mapferry/digest.h"

namespace mapferry::json {

namespace {

// The number in digits of `bits` bits each, with zeros in front.
std::string digits_of(std::uint64_t number, unsigned bits, std::size_t count) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(count, '0');
    for (std::size_t at = count; at-- > 0; number >>= bits)
        text[at] = kDigits[static_cast<std::size_t>(number & ((1U << bits) - 1))];
    return text;
}

// 16 hexadecimal digits.
std::string hex_text(std::uint64_t number) {
    return digits_of(number, 4, 16);
}

// At least four octal digits.
std::string octal_text(std::uint32_t bits) {
    std::size_t count = 4;
    while (count < 11 && bits >> (3 * count) != 0)
        ++count;
    return digits_of(bits, 3, count);
}

Value payload_json(const PayloadReport& payload) {
    const PayloadInfo& info = payload.info;
    Value object = {{"index", info.payload_index},
                    {"name", info.name},
                    {"text", info.is_text},
                    {"state", payload_state_name(payload.state)},
                    {"present_bytes", payload.present_bytes}};
    if (info.payload_bytes) object["bytes"] = *info.payload_bytes;
    if (info.mtime_unix_ns) object["mtime_unix_ns"] = *info.mtime_unix_ns;
    if (info.permission_bits) object["mode"] = octal_text(*info.permission_bits);
    if (info.image) object["image"] = image_json(*info.image);
    add_notes(object, info);
    if (payload.summary) {
        object["bytes"] = payload.summary->payload_bytes;
        object["xxh3_128"] = to_hex(payload.summary->digest);
        object["source_changed"] = payload.summary->source_changed;
        object["digest_over"] =
            payload.summary->digest_kind == DigestKind::kBytes ? "bytes" : "chunks";
    }
    return object;
}

}  // namespace

Value reader_json(const ReaderReport& reader) {
    Value object = {{"line", reader.line},
                    {"pid", reader.process_id},
                    {"cursor", reader.cursor},
                    {"admitted", reader.admitted},
                    {"frames_taken", reader.figures.frames_taken},
                    {"frames_missed", reader.figures.frames_missed}};
    if (reader.figures.latency_ns) object["latency_ns"] = *reader.figures.latency_ns;
    if (reader.figures.latency_mean_ns) object["latency_mean_ns"] = *reader.figures.latency_mean_ns;
    return object;
}

std::string condition_of(const SectionReport& report) {
    if (report.section.delivery == Delivery::kBuffer) return lock_state_name(report.lock);
    if (report.dead) return "dead";
    if (report.state == SectionState::kAborted) return "aborted";
    if (report.section.delivery == Delivery::kKeep)
        return report.state == SectionState::kEnded ? "kept" : "filling";
    if (report.state == SectionState::kNew) return "waiting for readers";
    return report.state == SectionState::kEnded ? "ending" : "streaming";
}

Value report_json(const SectionReport& report) {
    const SectionInfo& section = report.section;
    Value object = {{"event", "section"},
                    {"name", report.address.name},
                    {"label", report.label},
                    {"mode", std::string(delivery_name(section.delivery))},
                    {"condition", condition_of(report)},
                    {"state", state_name(report.state)},
                    {"writer_alive", report.writer_alive},
                    {"writer_pid", report.creator_pid},
                    {"dead", report.dead},
                    {"created_unix_ns", report.created_unix_ns},
                    {"epoch", hex_text(report.epoch)},
                    {"slots", section.slot_count},
                    {"slot_bytes", section.slot_capacity_bytes},
                    {"section_bytes", section.section_bytes},
                    {"used_bytes", report.used_bytes},
                    {"messages", report.published},
                    {"payloads_begun", report.payloads_begun},
                    {"payloads_ended", report.payloads_ended},
                    {"payload_bytes", report.payload_bytes},
                    {"readers_served", report.readers_served},
                    {"readers_lost", report.readers_lost}};
    if (!report.address.backing_path.empty()) object["backing"] = report.address.backing_path;
    if (!report.owner.empty()) object["owner"] = report.owner;
    if (!report.shared_with.empty()) object["shared_with"] = report.shared_with;
    if (report.image) object["image"] = image_json(*report.image);
    if (report.tensor) object["tensor"] = tensor_json(*report.tensor);
    add_facts(object, report.facts);
    if (report.description.version != 0) {
        object["description"] = report.description.text;
        object["description_version"] = report.description.version;
    }
    if (section.delivery == Delivery::kBuffer) object["buffer_bytes"] = section.buffer_bytes;
    object["readers"] = Value::array();
    for (const ReaderReport& reader : report.readers)
        object["readers"].push_back(reader_json(reader));
    object["payloads"] = Value::array();
    for (const PayloadReport& payload : report.payloads)
        object["payloads"].push_back(payload_json(payload));
    return object;
}

Value other_user_json(const OtherUser& user) {
    return {{"event", "others"},
            {"owner", user.name},
            {"sections", user.sections},
            {"leftovers", user.leftovers},
            {"hidden", user.hidden}};
}

Value removed_json(const CollectedSection& section) {
    Value object = {{"event", "removed"}, {"name", section.name}};
    if (!section.owner.empty()) object["owner"] = section.owner;
    return object;
}

}  // namespace mapferry::json
