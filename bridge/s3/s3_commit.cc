// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_commit.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bridge/kept/payload_record.h"
#include "bridge/record/ascii_text.h"
#include "bridge/record/description_json.h"
#include "bridge/record/read_json.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

using Json = nlohmann::json;

std::uint64_t hash_of(const std::string& digits) {
    const auto value = number_of_hex64(digits);
    if (!value) throw std::out_of_range("a part has no checksum");
    return *value;
}

void read_parts(const Json& object, S3Commit& commit) {
    if (!object.at("part_bytes").is_number_unsigned()) throw std::out_of_range("no size of parts");
    commit.part_bytes = object.at("part_bytes").get<std::uint64_t>();
    commit.etag = from_ascii(object.at("etag").get<std::string>());
    for (const Json& digits : object.at("part_xxh3"))
        commit.part_xxh3.push_back(hash_of(digits.get<std::string>()));
}

}  // namespace

std::uint64_t part_count(std::uint64_t bytes, std::uint64_t part_bytes) {
    return bytes / part_bytes + (bytes % part_bytes == 0 ? 0 : 1);
}

std::string commit_text(const S3Commit& commit) {
    if (!commit.link.empty())
        return Json{{"version", kRecordVersion}, {"link", to_ascii(commit.link)}}.dump();
    Json object = Json::parse(record_text(commit.record));
    object["part_bytes"] = commit.part_bytes;
    object["etag"] = to_ascii(commit.etag);
    Json parts = Json::array();
    for (const std::uint64_t xxh3 : commit.part_xxh3)
        parts.push_back(fmt::format("{:016x}", xxh3));
    object["part_xxh3"] = std::move(parts);
    return object.dump();
}

Result<S3Commit> parse_commit(std::string_view text) {
    S3Commit commit;
    auto read = read_json(text, [&](const Json& object) {
        if (object.contains("link")) commit.link = from_ascii(object.at("link").get<std::string>());
    });
    if (!read) return std::unexpected(read.error());
    if (!commit.link.empty()) return commit;
    auto record = parse_record(text);
    if (!record) return std::unexpected(record.error());
    commit.record = std::move(*record);
    read = read_json(text, [&](const Json& object) { read_parts(object, commit); });
    if (!read) return std::unexpected(read.error());
    if (commit.part_bytes == 0 ||
        part_count(commit.record.payload_bytes, commit.part_bytes) != commit.part_xxh3.size())
        return fail(Code::kCorrupt, "the description is damaged: it has other parts");
    return commit;
}

}  // namespace mapferry::cli
