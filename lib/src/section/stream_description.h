// SPDX-License-Identifier: Apache-2.0
// What a stream of frames says of all its frames: its description, a text, and its facts, three
// words. Written by the writer alone, read by readers and onlookers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mapferry/frame_notes.h"
#include "mapferry/status.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

// Replaces the description. Takes memory for it at the first time. kUsage: the text is too long;
// kIo: no memory.
[[nodiscard]] Result<void> put_description(const MappedSection& section, std::string_view text);

// Empty: there is none. kCorrupt: its checksum is wrong, and the writer does not replace it.
[[nodiscard]] Result<StreamDescription> read_description(const MappedSection& section);

void put_stream_facts(const SectionView& view, const StreamFacts& facts);
[[nodiscard]] StreamFacts read_stream_facts(const SectionView& view);

}  // namespace mapferry::inline v1
