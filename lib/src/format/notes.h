// SPDX-License-Identifier: Apache-2.0
// What frames and payloads say beside their bytes, in the form that the section holds
// (frame_layout.h). Writing takes what users give; reading trusts nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/frame_layout.h"
#include "mapferry/frame_notes.h"
#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// ---- writing -----------------------------------------------------------------------------------

// kUsage: the content type or the bytes are too long, or the type is no printable ASCII.
[[nodiscard]] Result<void> check_metadata(std::string_view content_type,
                                          std::uint64_t metadata_bytes);

// kUsage: the image or the array contradicts itself or is larger than a frame of `bytes` bytes.
// Readers refuse such a description, so it is not published.
[[nodiscard]] Result<void> check_notes_fit(const FrameNotes& notes, std::uint64_t bytes);

// Where the bytes of the metadata are in a frame's notes.
[[nodiscard]] std::uint64_t metadata_offset(std::string_view content_type);

// The bytes of the notes; 0: the frame needs none.
[[nodiscard]] std::uint64_t frame_notes_bytes(const FrameNotes& notes);

// Writes the notes over `target`, of exactly frame_notes_bytes(). Metadata that are in their place
// already stay there.
void put_frame_notes(std::span<std::byte> target, const FrameNotes& notes, std::uint64_t seed);

// The entries that follow a manifest. kUsage: they are too long, a key is empty, or a key or value
// contains a NUL.
[[nodiscard]] Result<std::vector<std::byte>> manifest_notes(const PayloadInfo& info);

// ---- reading -----------------------------------------------------------------------------------

struct NotesFound {
    std::uint32_t plane_count = 0;  // 0: no planes are given
    std::array<ImagePlane, kImagePlanesMax> planes = {};
    std::optional<TensorDescription> tensor = {};
    std::array<char, kContentTypeBytesMax> content_type = {};  // a private copy
    std::uint32_t content_type_bytes = 0;
    std::span<const std::byte> metadata = {};  // in the bytes that were given
    std::vector<PayloadPair> pairs = {};
};

// Both return kCorrupt: the checksum is wrong or an entry contradicts itself; kVersion: a later
// writer says something that a reader must know. The notes may be the section's.
[[nodiscard]] Result<NotesFound> read_frame_notes(std::span<const std::byte> notes,
                                                  std::uint64_t seed);
// Reads a private copy.
[[nodiscard]] Result<NotesFound> read_entries(std::span<const std::byte> entries);

}  // namespace mapferry::inline v1
