// SPDX-License-Identifier: Apache-2.0
#include "format/manifest.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/image_record.h"
#include "format/later_version.h"
#include "format/notes.h"

namespace mapferry::inline v1 {

namespace {

using layout::ManifestRecord;

static_assert(std::to_underlying(DigestKind::kChunks) == layout::kDigestChunks &&
              std::to_underlying(DigestKind::kBytes) == layout::kDigestBytes);

constexpr std::uint32_t kPermissionBits = 0777;

std::unexpected<Status> bad_manifest_field(const char* field, std::uint64_t value) {
    return fail(Code::kCorrupt, "the payload's manifest is damaged: " + std::string(field) +
                                    " is " + std::to_string(value));
}

// ---- to the section ----------------------------------------------------------------------------

std::uint32_t flags_of(const PayloadInfo& info) {
    return (info.is_text ? layout::kManifestText : 0) |
           (info.mtime_unix_ns ? layout::kManifestHasMtime : 0) |
           (info.permission_bits ? layout::kManifestHasMode : 0) |
           (info.source ? layout::kManifestHasSource : 0);
}

void put_source(ManifestRecord& record, const FileIdentity& source) {
    record.source_device = source.device;
    std::ranges::copy(source.file, record.source_file);
}

void put_name(ManifestRecord& record, std::string_view name) {
    record.name_bytes = static_cast<std::uint32_t>(name.size());
    std::ranges::copy(name, record.name);
}

// ---- from the section --------------------------------------------------------------------------

// Reserved fields are ignored, so that a later writer may fill them without breaking this reader.
Result<void> check_shape(const ManifestRecord& record) {
    if (record.record_bytes != sizeof(ManifestRecord))
        return bad_manifest_field("record_bytes", record.record_bytes);
    TRY(check_flags(record.flags, layout::kManifestFlagsKnown, "the payload"));
    if (record.digest != layout::kDigestChunks && record.digest != layout::kDigestBytes)
        return bad_manifest_field("digest", record.digest);
    if (record.name_bytes > layout::kNameBytes)
        return bad_manifest_field("name_bytes", record.name_bytes);
    if (record.notes_bytes > layout::kManifestNotesMax)
        return bad_manifest_field("notes_bytes", record.notes_bytes);
    return {};
}

Result<void> check_values(const ManifestRecord& record) {
    constexpr std::uint64_t kPayloadBytesMax = std::numeric_limits<std::int64_t>::max();
    const bool is_known = record.payload_bytes != layout::kUnknownBytes;
    if (is_known && record.payload_bytes > kPayloadBytesMax)
        return bad_manifest_field("payload_bytes", record.payload_bytes);
    // A writer has the whole text when it sends it, so the length is always known.
    if (!is_known && (record.flags & layout::kManifestText) != 0)
        return bad_manifest_field("payload_bytes", record.payload_bytes);
    const bool has_mode = (record.flags & layout::kManifestHasMode) != 0;
    if (has_mode && record.permission_bits > kPermissionBits)
        return bad_manifest_field("permission_bits", record.permission_bits);
    return {};
}

// A field counts only when its flag is set.
void take_optional_fields(PayloadInfo& info, const ManifestRecord& record) {
    if (record.payload_bytes != layout::kUnknownBytes) info.payload_bytes = record.payload_bytes;
    if ((record.flags & layout::kManifestHasMtime) != 0) info.mtime_unix_ns = record.mtime_unix_ns;
    if ((record.flags & layout::kManifestHasMode) != 0)
        info.permission_bits = record.permission_bits;
    if ((record.flags & layout::kManifestHasSource) != 0)
        info.source = FileIdentity{.device = record.source_device,
                                   .file = {record.source_file[0], record.source_file[1]}};
}

}  // namespace

Result<ManifestRecord> to_record(const PayloadInfo& info) {
    if (info.name.size() > layout::kNameBytes)
        return fail(Code::kUsage, "a payload's name may have 1024 bytes, not " +
                                      std::to_string(info.name.size()));
    if (info.image && info.image->plane_count != 0)
        return fail(Code::kUsage, "only a frame's image says where its planes are");
    ManifestRecord record = {};
    record.record_bytes = sizeof(ManifestRecord);
    record.flags = flags_of(info);
    record.payload_bytes = info.payload_bytes.value_or(layout::kUnknownBytes);
    record.mtime_unix_ns = info.mtime_unix_ns.value_or(0);
    // Set-uid and similar bits must not travel.
    record.permission_bits = info.permission_bits.value_or(0) & kPermissionBits;
    record.digest = static_cast<std::uint32_t>(info.digest);
    record.payload_index = info.payload_index;
    record.payload_count = info.payload_count;
    if (info.source) put_source(record, *info.source);
    record.image = to_record(info.image);
    TRY_ASSIGN(const auto notes, manifest_notes(info));
    record.notes_bytes = static_cast<std::uint32_t>(notes.size());
    put_name(record, info.name);
    // A payload that every reader would refuse must not be sent: one error here is better than one
    // in each reader.
    if (auto readable = payload_from_record(record); !readable)
        return blame(Code::kUsage, readable.error(), "no reader would take this payload: ");
    return record;
}

Result<std::vector<std::byte>> manifest_message(const PayloadInfo& info) {
    TRY_ASSIGN(const ManifestRecord record, to_record(info));
    TRY_ASSIGN(const auto notes, manifest_notes(info));
    const auto bytes = std::as_bytes(std::span(&record, 1));
    std::vector<std::byte> message(bytes.begin(), bytes.end());
    message.insert(message.end(), notes.begin(), notes.end());
    return message;
}

Result<PayloadInfo> payload_from_message(std::span<const std::byte> message) {
    if (message.size() < sizeof(ManifestRecord))
        return fail(Code::kCorrupt,
                    "the payload's manifest has " + std::to_string(message.size()) + " bytes");
    ManifestRecord record{};
    std::memcpy(&record, message.data(), sizeof record);
    TRY_ASSIGN(auto info, payload_from_record(record));
    const auto rest = message.subspan(sizeof record);
    if (rest.size() != record.notes_bytes)
        return bad_manifest_field("notes_bytes", record.notes_bytes);
    TRY_ASSIGN(auto notes, read_entries(rest));
    info.tensor = notes.tensor;
    info.pairs = std::move(notes.pairs);
    return info;
}

Result<PayloadInfo> payload_from_record(const ManifestRecord& record) {
    for (const auto check : {check_shape, check_values})
        if (auto checked = check(record); !checked)
            return std::unexpected(std::move(checked.error()));
    auto image = image_from_record(record.image);
    if (!image) return std::unexpected(std::move(image.error()));

    PayloadInfo info;
    info.name.assign(reinterpret_cast<const char*>(record.name), record.name_bytes);
    info.is_text = (record.flags & layout::kManifestText) != 0;
    take_optional_fields(info, record);
    info.image = *image;
    info.digest = static_cast<DigestKind>(record.digest);
    info.payload_index = record.payload_index;
    info.payload_count = record.payload_count;
    return info;
}

}  // namespace mapferry::inline v1
