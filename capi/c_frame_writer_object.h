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

[[nodiscard]] Result<CaptureTime> capture_time(std::int64_t ns, std::int32_t clock);
[[nodiscard]] Result<FrameMetadata> metadata_of(const char* content_type, const void* data,
                                                std::size_t size);

}  // namespace mapferry::capi

struct mapferry_frame_writer {
    std::shared_ptr<mapferry::capi::FrameWriterState> state;
    // Image and array of the frames from now on, and what the next frame of publish_copy() says.
    // The metadata refer to the texts below.
    mapferry::FrameNotes notes = {};
    std::string content_type = {};
    std::string metadata = {};
};

// Keeps the bytes of a loan mapped.
struct mapferry_memory {
    std::shared_ptr<const void> mapped;
};

struct mapferry_loan {
    std::shared_ptr<mapferry::capi::FrameWriterState> state;
    std::optional<mapferry::FrameLoan> loan = {};
};
