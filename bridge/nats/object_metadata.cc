// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/object_metadata.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bridge/record/read_json.h"
#include "cli/short_names.h"
#include "json/json_value.h"

namespace mapferry::cli {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kSha256Mark = "SHA-256=";
constexpr const char* kRecordHeader = "Mapferry-Record";
constexpr const char* kRunHeader = "Mapferry-Run";
constexpr std::size_t kSha256Bytes = 32;

int value_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '-' || c == '+') return 62;
    return c == '_' || c == '/' ? 63 : -1;
}

// 0 where it is missing.
std::uint64_t number_in(const Json& object, const char* name) {
    return object.contains(name) ? read_number<std::uint64_t>(object.at(name)) : 0;
}

void read_digest(const Json& object, ObjectMetadata& metadata) {
    const auto text = object.value("digest", std::string());
    if (!text.starts_with(kSha256Mark)) return;
    const auto digest = from_base64_url(std::string_view(text).substr(kSha256Mark.size()));
    if (!digest || digest->size() != kSha256Bytes) throw std::out_of_range("no SHA-256");
    metadata.sha256 = *digest;
}

void read_options(const Json& object, ObjectMetadata& metadata) {
    if (!object.contains("options") || !object.at("options").is_object()) return;
    const Json& options = object.at("options");
    metadata.chunk_bytes = number_in(options, "max_chunk_size");
    if (!options.contains("link")) return;
    metadata.link_bucket = options.at("link").value("bucket", std::string());
    metadata.link_name = options.at("link").value("name", std::string());
}

void read_record(const Json& object, ObjectMetadata& metadata) {
    if (!object.contains("headers") || !object.at("headers").is_object()) return;
    const Json& headers = object.at("headers");
    if (headers.contains(kRunHeader))
        metadata.run = headers.at(kRunHeader).at(0).get<std::string>();
    if (!headers.contains(kRecordHeader)) return;
    metadata.record = headers.at(kRecordHeader).at(0).get<std::string>();
}

}  // namespace

std::string base64_url(std::string_view bytes) {
    std::string text = json::base64(bytes);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

std::optional<std::string> from_base64_url(std::string_view text) {
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = value_of(c);
        if (value < 0) return std::nullopt;
        bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xFF);
    }
    return bytes;
}

std::string bucket_stream(std::string_view bucket) {
    return "OBJ_" + std::string(bucket);
}

std::string chunk_subjects(std::string_view bucket) {
    return "$O." + std::string(bucket) + ".C.>";
}

std::string metadata_subjects(std::string_view bucket) {
    return "$O." + std::string(bucket) + ".M.>";
}

std::string chunk_subject(std::string_view bucket, std::string_view nuid) {
    return "$O." + std::string(bucket) + ".C." + std::string(nuid);
}

std::string metadata_subject(std::string_view bucket, std::string_view object) {
    return "$O." + std::string(bucket) + ".M." + base64_url(object);
}

std::string metadata_text(const ObjectMetadata& metadata) {
    Json options = {{"max_chunk_size", metadata.chunk_bytes}};
    if (!metadata.link_bucket.empty())
        options["link"] = {{"bucket", metadata.link_bucket}, {"name", metadata.link_name}};
    Json object = {{"name", metadata.name},  {"bucket", metadata.bucket}, {"nuid", metadata.nuid},
                   {"size", metadata.bytes}, {"chunks", metadata.chunks}, {"options", options}};
    if (!metadata.sha256.empty())
        object["digest"] = std::string(kSha256Mark) + base64_url(metadata.sha256);
    if (metadata.is_deleted) object["deleted"] = true;
    if (!metadata.record.empty()) object["headers"][kRecordHeader] = Json::array({metadata.record});
    if (!metadata.run.empty()) object["headers"][kRunHeader] = Json::array({metadata.run});
    return object.dump();
}

Result<ObjectMetadata> parse_metadata(std::string_view text) {
    ObjectMetadata metadata;
    auto read = read_json(text, [&metadata](const Json& object) {
        metadata.name = object.at("name").get<std::string>();
        metadata.bucket = object.value("bucket", std::string());
        metadata.nuid = object.value("nuid", std::string());
        metadata.bytes = number_in(object, "size");
        metadata.chunks = number_in(object, "chunks");
        metadata.is_deleted = object.value("deleted", false);
        read_options(object, metadata);
        read_digest(object, metadata);
        read_record(object, metadata);
    });
    if (!read) return std::unexpected(read.error());
    return metadata;
}

}  // namespace mapferry::cli
