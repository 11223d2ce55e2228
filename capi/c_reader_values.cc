// SPDX-License-Identifier: Apache-2.0
// What a payload says of itself, by key and as text.
#include "capi/c_description.h"
#include "capi/c_reader_object.h"
#include "mapferry/digest.h"

using namespace mapferry;
using namespace mapferry::capi;

namespace {

std::int64_t payload_value(const PayloadInfo& info, std::int32_t key) {
    switch (key) {
        case MAPFERRY_PAYLOAD_INDEX:
            return static_cast<std::int64_t>(info.payload_index);
        case MAPFERRY_PAYLOAD_COUNT:
            return static_cast<std::int64_t>(info.payload_count);
        case MAPFERRY_PAYLOAD_BYTES:
            return static_cast<std::int64_t>(info.payload_bytes.value_or(UINT64_MAX));
        case MAPFERRY_PAYLOAD_IS_TEXT:
            return info.is_text ? 1 : 0;
        case MAPFERRY_PAYLOAD_HAS_MTIME:
            return info.mtime_unix_ns ? 1 : 0;
        case MAPFERRY_PAYLOAD_MTIME_UNIX_NS:
            return info.mtime_unix_ns.value_or(0);
        case MAPFERRY_PAYLOAD_PERMISSION_BITS:
            return info.permission_bits ? std::int64_t{*info.permission_bits} : -1;
        case MAPFERRY_PAYLOAD_PAIR_COUNT:
            return static_cast<std::int64_t>(info.pairs.size());
        default:
            return MAPFERRY_UNKNOWN_KEY;
    }
}

std::int64_t reader_value(const mapferry_reader& reader, std::int32_t key) {
    const auto& summary = reader.reader.summary();
    switch (key) {
        case MAPFERRY_PAYLOAD_BYTES:
            if (summary) return static_cast<std::int64_t>(summary->payload_bytes);
            break;
        case MAPFERRY_PAYLOAD_CHUNK_COUNT:
            return summary ? static_cast<std::int64_t>(summary->chunk_count) : -1;
        case MAPFERRY_PAYLOAD_DIGEST_OVER_BYTES:
            if (!summary) return -1;
            return summary->digest_kind == DigestKind::kBytes ? 1 : 0;
        case MAPFERRY_PAYLOAD_SOURCE_CHANGED:
            if (!summary) return -1;
            return summary->source_changed ? 1 : 0;
        case MAPFERRY_READER_HAS_ENDED:
            return reader.reader.has_ended() ? 1 : 0;
        default:
            break;
    }
    if (key >= MAPFERRY_SECTION_DELIVERY) return section_value(key, reader.reader.section_info());
    const PayloadInfo none;
    const PayloadInfo& info = reader.payload ? *reader.payload : none;
    if (key >= MAPFERRY_IMAGE_WIDTH) return described_value(key, info.image, info.tensor);
    return payload_value(info, key);
}

const PayloadPair* pair_at(const mapferry_reader& reader, std::int32_t index) {
    if (!reader.payload || index < 0) return nullptr;
    const auto& pairs = reader.payload->pairs;
    const auto at = static_cast<std::size_t>(index);
    return at < pairs.size() ? &pairs[at] : nullptr;
}

}  // namespace

const char* mapferry_reader_name(const mapferry_reader* reader) noexcept {
    return reader != nullptr && reader->payload ? reader->payload->name.c_str() : "";
}

const char* mapferry_reader_format(const mapferry_reader* reader) noexcept {
    return ask(reader, "", [](const mapferry_reader& one) {
        if (one.format.empty() && one.payload) one.format = format_text(one.payload->image);
        return one.format.c_str();
    });
}

const char* mapferry_reader_tensor_type(const mapferry_reader* reader) noexcept {
    return ask(reader, "", [](const mapferry_reader& one) {
        if (one.tensor_type.empty() && one.payload)
            one.tensor_type = type_text(one.payload->tensor);
        return one.tensor_type.c_str();
    });
}

const char* mapferry_reader_pair_key(const mapferry_reader* reader, int32_t index) noexcept {
    const PayloadPair* const pair = reader != nullptr ? pair_at(*reader, index) : nullptr;
    return pair != nullptr ? pair->key.c_str() : "";
}

const char* mapferry_reader_pair_value(const mapferry_reader* reader, int32_t index) noexcept {
    const PayloadPair* const pair = reader != nullptr ? pair_at(*reader, index) : nullptr;
    return pair != nullptr ? pair->value.c_str() : "";
}

int64_t mapferry_reader_value(const mapferry_reader* reader, int32_t key) noexcept {
    return ask(reader, MAPFERRY_UNKNOWN_KEY,
               [key](const mapferry_reader& one) { return reader_value(one, key); });
}

const char* mapferry_reader_digest(const mapferry_reader* reader) noexcept {
    return ask(reader, "", [](const mapferry_reader& one) {
        const auto& summary = one.reader.summary();
        if (one.digest.empty() && summary) one.digest = to_hex(summary->digest);
        return one.digest.c_str();
    });
}
