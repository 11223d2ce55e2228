// SPDX-License-Identifier: Apache-2.0
#include "format/notes.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/image_record.h"
#include "format/later_version.h"
#include "mapferry/detail/hash.h"

namespace mapferry::inline v1 {

static_assert(kContentTypeBytesMax == layout::kContentTypeBytesMax &&
              kMetadataBytesMax == layout::kMetadataBytesMax);
static_assert(std::to_underlying(CaptureClock::kTai) == layout::kClockTai);

std::string_view clock_name(CaptureClock clock) {
    constexpr std::array<std::string_view, 4> kNames = {"unknown", "realtime", "monotonic", "tai"};
    const auto index = std::to_underlying(clock);
    return index < kNames.size() ? kNames[index] : kNames[0];
}

namespace {

constexpr std::uint64_t kWordBytes = 8;  // entries and their parts begin at multiples

bool has_metadata(const FrameMetadata& metadata) {
    return !metadata.content_type.empty() || !metadata.bytes.empty();
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

// ---- writing -----------------------------------------------------------------------------------

// Appends entries to bytes that are large enough, or only counts them.
class EntryWriter {
  public:
    explicit EntryWriter(std::span<std::byte> target, std::uint64_t at)
        : target_(target), at_(at) {}

    void begin(std::uint32_t type, std::uint64_t content_bytes) {
        const layout::EntryHeader header{.type = type,
                                         .bytes = static_cast<std::uint32_t>(content_bytes)};
        put(std::as_bytes(std::span(&header, 1)));
    }
    template <typename Part>
    void put_part(const Part& part) {
        put(std::as_bytes(std::span(&part, 1)));
    }
    // With zeros up to the next word.
    void put(std::span<const std::byte> bytes) {
        const std::uint64_t padded = round_up(bytes.size(), kWordBytes);
        if (!target_.empty()) {
            std::byte* const to = target_.data() + at_;
            if (!bytes.empty() && to != bytes.data()) std::memmove(to, bytes.data(), bytes.size());
            std::memset(to + bytes.size(), 0, static_cast<std::size_t>(padded) - bytes.size());
        }
        at_ += padded;
    }
    [[nodiscard]] std::uint64_t at() const { return at_; }

  private:
    std::span<std::byte> target_;  // empty: only counts
    std::uint64_t at_;
};

void write_metadata(EntryWriter& out, const FrameMetadata& metadata) {
    const layout::MetadataHead head{
        .content_type_bytes = static_cast<std::uint32_t>(metadata.content_type.size()),
        .reserved = 0};
    out.begin(
        layout::kEntryMetadata,
        sizeof head + round_up(metadata.content_type.size(), kWordBytes) + metadata.bytes.size());
    out.put_part(head);
    out.put(std::as_bytes(std::span(metadata.content_type)));
    out.put(metadata.bytes);
}

void write_tensor(EntryWriter& out, const TensorDescription& tensor) {
    const layout::TensorHead head{.type = std::to_underlying(tensor.type),
                                  .bits = tensor.bits,
                                  .lanes = tensor.lanes,
                                  .dimensions = tensor.dimensions};
    const auto shape = std::span(tensor.shape).first(tensor.dimensions);
    out.begin(layout::kEntryTensor, sizeof head + shape.size_bytes());
    out.put_part(head);
    out.put(std::as_bytes(shape));
}

void write_planes(EntryWriter& out, const ImageDescription& image) {
    const auto planes = std::span(image.planes).first(image.plane_count);
    out.begin(layout::kEntryPlanes, planes.size() * sizeof(layout::PlaneEntry));
    for (const ImagePlane& plane : planes)
        out.put_part(layout::PlaneEntry{.offset_bytes = plane.offset_bytes,
                                        .row_stride_bytes = plane.row_stride_bytes});
}

// Metadata first, so that their place is known before the other entries are.
std::uint64_t write_frame_entries(std::span<std::byte> target, const FrameNotes& notes) {
    EntryWriter out(target, sizeof(layout::NotesHeader));
    if (has_metadata(notes.metadata)) write_metadata(out, notes.metadata);
    if (notes.tensor) write_tensor(out, *notes.tensor);
    if (notes.image && notes.image->plane_count != 0) write_planes(out, *notes.image);
    return out.at();
}

}  // namespace

Result<void> check_metadata(std::string_view content_type, std::uint64_t metadata_bytes) {
    if (metadata_bytes > kMetadataBytesMax)
        return fail(Code::kUsage, "a frame has at most 65536 bytes of metadata, not " +
                                      std::to_string(metadata_bytes));
    if (content_type.size() > kContentTypeBytesMax)
        return fail(Code::kUsage, "a content type has at most 64 bytes, not " +
                                      std::to_string(content_type.size()));
    if (!is_printable(content_type))
        return fail(Code::kUsage, "a content type is printable ASCII, as application/json");
    return {};
}

Result<void> check_notes_fit(const FrameNotes& notes, std::uint64_t bytes) {
    if (notes.image) {
        TRY(check_image(*notes.image));
        TRY(check_image_fits(*notes.image, bytes));
    }
    if (!notes.tensor) return {};
    TRY_ASSIGN(const std::uint64_t needed, tensor_bytes(*notes.tensor));
    if (needed <= bytes) return {};
    return fail(Code::kUsage, "a tensor of " + to_string(*notes.tensor) +
                                  " is larger than its frame of " + std::to_string(bytes) +
                                  " bytes");
}

std::uint64_t metadata_offset(std::string_view content_type) {
    return sizeof(layout::NotesHeader) + sizeof(layout::EntryHeader) +
           sizeof(layout::MetadataHead) + round_up(content_type.size(), kWordBytes);
}

std::uint64_t frame_notes_bytes(const FrameNotes& notes) {
    const std::uint64_t bytes = write_frame_entries({}, notes);
    return bytes == sizeof(layout::NotesHeader) ? 0 : bytes;
}

void put_frame_notes(std::span<std::byte> target, const FrameNotes& notes, std::uint64_t seed) {
    write_frame_entries(target, notes);
    layout::NotesHeader header{};
    std::memcpy(target.data(), &header, sizeof header);
    header.xxh3 = xxh3_64(target.subspan(sizeof header.xxh3), seed);
    std::memcpy(target.data(), &header, sizeof header);
}

Result<std::vector<std::byte>> manifest_notes(const PayloadInfo& info) {
    std::string pairs;
    for (const PayloadPair& pair : info.pairs) {
        if (pair.key.empty()) return fail(Code::kUsage, "a key of a payload's pairs is empty");
        if ((pair.key + pair.value).find('\0') != std::string::npos)
            return fail(Code::kUsage, "a payload's keys and values contain no NUL");
        pairs.append(pair.key).push_back('\0');
        pairs.append(pair.value).push_back('\0');
    }
    if (info.tensor) TRY(tensor_bytes(*info.tensor));
    const auto write = [&](std::span<std::byte> target) {
        EntryWriter out(target, 0);
        if (info.tensor) write_tensor(out, *info.tensor);
        if (!pairs.empty()) {
            out.begin(layout::kEntryPairs, pairs.size());
            out.put(std::as_bytes(std::span(pairs)));
        }
        return out.at();
    };
    const std::uint64_t bytes = write({});
    if (bytes > layout::kManifestNotesMax)
        return fail(Code::kUsage, "a payload's keys and values take " + std::to_string(bytes) +
                                      " bytes of a manifest, which has room for " +
                                      std::to_string(layout::kManifestNotesMax));
    std::vector<std::byte> entries(static_cast<std::size_t>(bytes));
    if (!entries.empty()) write(entries);
    return entries;
}

Result<void> check_pairs(const std::vector<PayloadPair>& pairs) {
    return guarded([&]() -> Result<void> {
        TRY(manifest_notes({.pairs = pairs}));
        return {};
    });
}

// ---- reading -----------------------------------------------------------------------------------

namespace {

std::unexpected<Status> damaged_notes(const char* what) {
    return fail(Code::kCorrupt, std::string("the notes are damaged: ") + what);
}

std::uint64_t word_at(std::span<const std::byte> bytes, std::uint64_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    return word;
}

Result<void> read_planes(std::span<const std::byte> content, NotesFound& found) {
    const std::size_t count = content.size() / sizeof(layout::PlaneEntry);
    if (content.size() % sizeof(layout::PlaneEntry) != 0 || count < 1 || count > kImagePlanesMax)
        return damaged_notes("an image has 1 to 4 planes");
    found.plane_count = static_cast<std::uint32_t>(count);
    for (std::size_t i = 0; i < count; ++i)
        found.planes[i] = {.offset_bytes = word_at(content, 16 * i),
                           .row_stride_bytes = word_at(content, 16 * i + 8)};
    return {};
}

Result<void> read_tensor(std::span<const std::byte> content, NotesFound& found) {
    if (content.size() < sizeof(layout::TensorHead)) return damaged_notes("a tensor is cut");
    const auto head = std::bit_cast<layout::TensorHead>(word_at(content, 0));
    TensorDescription tensor{.type = static_cast<TensorType>(head.type),
                             .bits = head.bits,
                             .lanes = head.lanes,
                             .dimensions = head.dimensions};
    if (head.dimensions > layout::kTensorDimensionsMax ||
        content.size() != sizeof head + head.dimensions * kWordBytes)
        return damaged_notes("a tensor's shape is not that of its dimensions");
    for (std::uint32_t i = 0; i < head.dimensions; ++i)
        tensor.shape[i] = word_at(content, sizeof head + i * kWordBytes);
    if (const auto bytes = tensor_bytes(tensor); !bytes)
        return blame(Code::kCorrupt, bytes.error(), "the notes are damaged: ");
    found.tensor = tensor;
    return {};
}

Result<void> read_metadata(std::span<const std::byte> content, NotesFound& found) {
    if (content.size() < sizeof(layout::MetadataHead)) return damaged_notes("metadata are cut");
    const auto head = std::bit_cast<layout::MetadataHead>(word_at(content, 0));
    if (head.content_type_bytes > layout::kContentTypeBytesMax)
        return damaged_notes("a content type is too long");
    const std::uint64_t begin = sizeof head + round_up(head.content_type_bytes, kWordBytes);
    if (begin > content.size() || content.size() - begin > layout::kMetadataBytesMax)
        return damaged_notes("metadata have another size than their entry");
    std::memcpy(found.content_type.data(), content.data() + sizeof head, head.content_type_bytes);
    found.content_type_bytes = head.content_type_bytes;
    if (!is_printable({found.content_type.data(), found.content_type_bytes}))
        return damaged_notes("a content type is no printable text");
    found.metadata = content.subspan(static_cast<std::size_t>(begin));
    return {};
}

Result<void> read_pairs(std::span<const std::byte> content, NotesFound& found) {
    std::string_view rest(reinterpret_cast<const char*>(content.data()), content.size());
    const auto take = [&]() -> std::optional<std::string> {
        const auto end = rest.find('\0');
        if (end == std::string_view::npos) return std::nullopt;
        std::string text(rest.substr(0, end));
        rest.remove_prefix(end + 1);
        return text;
    };
    while (!rest.empty()) {
        auto key = take();
        auto value = take();
        if (!key || !value || key->empty()) return damaged_notes("a pair has no key or no value");
        found.pairs.push_back({.key = std::move(*key), .value = std::move(*value)});
    }
    return {};
}

Result<void> read_entry(std::uint32_t type, std::span<const std::byte> content, NotesFound& found) {
    switch (type) {
        case layout::kEntryPlanes:
            return read_planes(content, found);
        case layout::kEntryTensor:
            return read_tensor(content, found);
        case layout::kEntryMetadata:
            return read_metadata(content, found);
        case layout::kEntryPairs:
            return read_pairs(content, found);
        default:
            break;
    }
    if (type >= layout::kEntryMayBeIgnored) return {};
    return fail(
        Code::kVersion,
        "the notes need a later version, which knows entries of type " + std::to_string(type),
        kSameVersionHint);
}

}  // namespace

Result<NotesFound> read_entries(std::span<const std::byte> entries) {
    NotesFound found;
    std::array<std::uint32_t, 4> seen = {};
    std::size_t seen_count = 0;
    while (!entries.empty()) {
        if (entries.size() < sizeof(layout::EntryHeader)) return damaged_notes("an entry is cut");
        const auto header = std::bit_cast<layout::EntryHeader>(word_at(entries, 0));
        entries = entries.subspan(sizeof header);
        if (header.bytes > entries.size())
            return damaged_notes("an entry is longer than the notes");
        const std::uint64_t padded =
            std::min<std::uint64_t>(round_up(header.bytes, kWordBytes), entries.size());
        if (padded % kWordBytes != 0) return damaged_notes("an entry is cut");
        const bool again = std::ranges::count(std::span(seen).first(seen_count), header.type) != 0;
        if (again) return damaged_notes("an entry comes twice");
        if (seen_count < seen.size()) seen[seen_count++] = header.type;
        TRY(read_entry(header.type, entries.first(header.bytes), found));
        entries = entries.subspan(static_cast<std::size_t>(padded));
    }
    return found;
}

Result<NotesFound> read_frame_notes(std::span<const std::byte> notes, std::uint64_t seed) {
    if (notes.size() < sizeof(layout::NotesHeader) || notes.size() % kWordBytes != 0)
        return damaged_notes("they are cut");
    // What is used has passed its checksum, so both are those of a private copy.
    const std::vector<std::byte> copy(notes.begin(), notes.end());
    const std::span<const std::byte> known(copy);
    if (word_at(known, 0) != xxh3_64(known.subspan(kWordBytes), seed))
        return damaged_notes("their checksum is wrong");
    auto found = read_entries(known.subspan(sizeof(layout::NotesHeader)));
    if (found && !found->metadata.empty())
        found->metadata = notes.subspan(
            static_cast<std::size_t>(found->metadata.data() - copy.data()), found->metadata.size());
    return found;
}

}  // namespace mapferry::inline v1
