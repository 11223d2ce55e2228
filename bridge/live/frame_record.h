// SPDX-License-Identifier: Apache-2.0
// What is said of a frame on its way through an engine, as JSON. docs/reach.md describes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mapferry/frame.h"
#include "mapferry/frame_notes.h"
#include "mapferry/frame_writer.h"
#include "mapferry/status.h"

namespace mapferry::cli {

struct FrameRecord {
    std::string epoch = {};     // of the stream at its source, and of the exporter's run
    std::uint64_t ordinal = 0;  // counts all frames of the source, also those that never came here
    bool has_ended = false;     // no frame: the source has ended its stream
    std::uint64_t bytes = 0;    // of the frame
    std::uint64_t slot = 0;     // of the engine
    std::uint64_t slots = 4;    // that the engine has
    std::uint64_t sent = 0;     // counts the frames that this exporter has sent
    bool stays = false;         // until those that asked for it have it
    std::uint64_t chunk_bytes = 0;
    std::uint64_t frame_limit_bytes = 0;  // of the source's section
    bool has_checksum = false;            // at the source
    std::int64_t timestamp_unix_ns = 0;   // of the publication at the source
    std::uint64_t about = 0;              // grows with what the stream says of itself
    // The notes; their metadata's views are those of `content_type` and `metadata`.
    std::optional<ImageDescription> image = {};
    std::optional<TensorDescription> tensor = {};
    std::optional<CaptureTime> captured = {};
    std::optional<std::uint64_t> source_number = {};
    std::string content_type = {};
    std::string metadata = {};
};

[[nodiscard]] std::string frame_text(const FrameRecord& record);
// kCorrupt, kVersion.
[[nodiscard]] Result<FrameRecord> parse_frame(std::string_view text);

// What the frame says beside its bytes.
void take_notes(const Frame& frame, FrameRecord& record);
// kUsage, kIo: see FrameLoan::set_metadata().
[[nodiscard]] Result<void> give_notes(const FrameRecord& record, FrameLoan& loan);

// What a stream says of all its frames.
struct StreamRecord {
    std::string description = {};
    StreamFacts facts = {};
};
[[nodiscard]] std::string stream_text(const StreamRecord& record);
[[nodiscard]] Result<StreamRecord> parse_stream(std::string_view text);

// Sections that can be made here. A larger limit of the source becomes this.
inline constexpr std::uint64_t kFrameLimitMost = std::uint64_t{4} << 30;

}  // namespace mapferry::cli
