// SPDX-License-Identifier: Apache-2.0
// What a mapferry_frame_writer is, for its own calls and those of its loans.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "capi/c_objects.h"
#include "mapferry/frame_writer.h"

namespace mapferry::capi {

// Loans share it with their writer, and see there whether that is closed.
struct FrameWriterState {
    StopFlag stop;
    std::optional<FrameWriter> writer;  ///< empty: closed
};

// What the next frame of publish_copy() says, besides its image and array.
struct NextNotes {
    std::optional<CaptureTime> captured = {};
    std::optional<std::uint64_t> source_number = {};
    std::string content_type = {};
    std::string metadata = {};
};

[[nodiscard]] Result<CaptureTime> capture_time(std::int64_t ns, std::int32_t clock);
[[nodiscard]] Result<FrameMetadata> metadata_of(const char* content_type, const void* data,
                                                std::size_t size);

}  // namespace mapferry::capi

struct mapferry_frame_writer {
    std::shared_ptr<mapferry::capi::FrameWriterState> state;
    std::optional<mapferry::ImageDescription> image = {};
    std::optional<mapferry::TensorDescription> tensor = {};
    mapferry::capi::NextNotes next = {};
};

struct mapferry_loan {
    std::shared_ptr<mapferry::capi::FrameWriterState> state;
    std::optional<mapferry::FrameLoan> loan = {};
};
