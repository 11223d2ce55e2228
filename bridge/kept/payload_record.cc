// SPDX-License-Identifier: Apache-2.0
#include "bridge/kept/payload_record.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bridge/record/ascii_text.h"
#include "bridge/record/description_json.h"
#include "bridge/record/read_json.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

using Json = nlohmann::json;

}  // namespace

std::string record_text(const ObjectRecord& record) {
    Json object = {{"version", kRecordVersion},
                   {"bytes", record.payload_bytes},
                   {"xxh3_128", to_hex(record.digest)},
                   {"slot_bytes", record.slot_bytes},
                   {"payload", payload_to_json(record.info)}};
    if (record.source_changed) object["source_changed"] = true;
    return object.dump();
}

Result<ObjectRecord> parse_record(std::string_view text) {
    ObjectRecord record;
    std::uint32_t version = 0;
    auto read = read_json(text, [&](const Json& object) {
        version = read_number<std::uint32_t>(object.at("version"));
        if (version > kRecordVersion) return;
        record.payload_bytes = read_number<std::uint64_t>(object.at("bytes"));
        record.slot_bytes = read_number<std::uint64_t>(object.at("slot_bytes"));
        const auto digest = hash_of_hex(object.at("xxh3_128").get<std::string>());
        if (!digest) throw std::out_of_range("no digest");
        record.digest = *digest;
        record.source_changed = object.value("source_changed", false);
        record.info = payload_from_json(object.at("payload"));
        record.info.payload_bytes = record.payload_bytes;
    });
    if (!read) return std::unexpected(read.error());
    if (version > kRecordVersion)
        return fail(Code::kVersion, fmt::format("the description has version {}, and this program "
                                                "knows {}",
                                                version, kRecordVersion));
    return record;
}

}  // namespace mapferry::cli
