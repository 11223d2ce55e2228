// SPDX-License-Identifier: Apache-2.0
// What mapferrysrc does: it opens the section, waits for frames, and gives each as a buffer.
#pragma once

#include <gst/base/gstpushsrc.h>

#include <atomic>
#include <mutex>
#include <optional>

#include "gstreamer/frame_lease.h"
#include "gstreamer/section_properties.h"
#include "gstreamer/video_caps.h"
#include "mapferry/frame_reader.h"

namespace mapferry::gstreamer {

// Which frame comes next.
enum class Take : gint {
    kLatest,  // the newest
    kNext,    // the oldest that is still there
};

class SourceStream {
  public:
    explicit SourceStream(GstBaseSrc* source) : source_(source) {}

    // Properties; the second group is guarded by the mutex.
    SectionProperties section;
    std::mutex options_mutex;
    Take take = Take::kLatest;
    Timeout timeout = kForever;
    AfterEnd after_end = AfterEnd::kStop;
    bool verifies = true;

    // The calls of a GstPushSrc.
    [[nodiscard]] bool start();
    void stop();
    // Ends waits, in any thread.
    void interrupt(bool is_interrupted) { stop_.store(is_interrupted ? 1 : 0); }
    [[nodiscard]] GstFlowReturn create(GstBuffer** buffer);

    // A new structure, which the caller owns. Thread-safe.
    [[nodiscard]] GstStructure* stats() const;

  private:
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<std::optional<Frame>> take_frame();
    [[nodiscard]] Result<GstBuffer*> buffer_of(Frame frame);
    [[nodiscard]] bool negotiate(const Frame& frame);
    [[nodiscard]] CapsPtr caps_of_frame(const Frame& frame) const;
    [[nodiscard]] GstFlowReturn fail(const Status& failure);
    void stamp(GstBuffer* buffer, const Frame& frame);

    GstBaseSrc* source_;
    std::atomic<int> stop_ = 0;  // before the reader, which looks at it
    std::optional<FrameReader> reader_;
    LeaseCount held_ = std::make_shared<std::atomic<unsigned>>(0U);
    CapsPtr caps_;
    bool is_first_ = true;  // of this run
    std::atomic<std::uint64_t> taken_ = 0;
    std::atomic<std::uint64_t> missed_ = 0;
    std::atomic<std::uint64_t> copied_ = 0;
    std::atomic<std::uint64_t> damaged_ = 0;
};

}  // namespace mapferry::gstreamer
