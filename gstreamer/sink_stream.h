// SPDX-License-Identifier: Apache-2.0
// What mapferrysink does: it makes the section, offers its slots upstream, and publishes.
#pragma once

#include <gst/base/gstbasesink.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "gstreamer/frame_sender.h"
#include "gstreamer/section_properties.h"
#include "gstreamer/video_caps.h"

namespace mapferry::gstreamer {

class SinkStream {
  public:
    explicit SinkStream(GstBaseSink* sink) : sink_(sink) {}

    // Properties; the second group is guarded by the mutex, and read by start().
    SectionProperties section;
    std::mutex options_mutex;
    FrameWriterOptions options;
    std::uint32_t readers_wanted = 0;

    // The calls of a GstBaseSink. Those that return false have posted an error.
    [[nodiscard]] bool start();
    void stop();
    // Ends waits, in any thread.
    void interrupt(bool is_interrupted);
    [[nodiscard]] bool set_caps(const GstCaps* caps);
    [[nodiscard]] bool propose_allocation(GstQuery* query);
    [[nodiscard]] GstFlowReturn render(GstBuffer* buffer);
    // The end of the stream: readers that took the last frame get the end next.
    void end();

    // A new structure, which the caller owns. Thread-safe.
    [[nodiscard]] GstStructure* stats();

  private:
    [[nodiscard]] std::shared_ptr<FrameSender> sender();
    [[nodiscard]] bool begin_again();
    [[nodiscard]] std::uint32_t wanted_readers();
    [[nodiscard]] FrameNotes notes_of(GstBuffer* buffer);
    [[nodiscard]] Result<void> publish(GstBuffer* buffer);
    void drop(GstBuffer* buffer);

    GstBaseSink* sink_;
    std::mutex sender_mutex_;
    std::shared_ptr<FrameSender> sender_;
    bool has_ended_ = false;   // the writer was closed at the stream's end
    bool has_waited_ = false;  // for the readers that were wanted
    std::optional<BufferShape> shape_;
    std::atomic<std::uint64_t> published_ = 0;
    std::atomic<std::uint64_t> copied_ = 0;
    std::atomic<std::uint64_t> dropped_ = 0;
};

}  // namespace mapferry::gstreamer
