// SPDX-License-Identifier: Apache-2.0
// The section of an importer: a stream of payloads, or frames of which each reader gets every one.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bridge/live/frame_record.h"
#include "mapferry/payload.h"
#include "mapferry/section.h"
#include "mapferry/timeout.h"

namespace mapferry::cli {

// What comes next. One of `payload` and `frame` is set.
struct QueueBegin {
    std::string run = {};  // of the exporter and its writer; another run is another section
    std::uint64_t slot_bytes = 0;
    std::optional<PayloadInfo> payload = {};
    std::optional<FrameRecord> frame = {};
};
struct QueueEnd {
    std::uint64_t bytes = 0;
    Hash128 digest = {};
    bool source_changed = false;
};
// kCorrupt, kVersion.
[[nodiscard]] Result<QueueBegin> read_begin(std::string_view text);
[[nodiscard]] Result<QueueEnd> read_end(std::string_view text);

// One thread at a time. kPeerGone of any call: nobody reads here any more.
class FarWriter {
  public:
    virtual ~FarWriter() = default;
    FarWriter(const FarWriter&) = delete;
    FarWriter& operator=(const FarWriter&) = delete;

    [[nodiscard]] static Result<std::unique_ptr<FarWriter>> create(const SectionAddress& address,
                                                                   const QueueBegin& began,
                                                                   const std::atomic<int>& stop);
    [[nodiscard]] const std::string& run() const { return run_; }

    [[nodiscard]] virtual Result<void> wait_for_reader(Timeout timeout) = 0;
    [[nodiscard]] virtual Result<void> begin(const QueueBegin& began) = 0;
    [[nodiscard]] virtual Result<void> write(std::span<const std::byte> bytes) = 0;
    // Hands over the payload or frame, if all of it came and its digest is right: kCorrupt.
    [[nodiscard]] virtual Result<void> end(const QueueEnd& ended) = 0;
    [[nodiscard]] virtual Result<void> check() = 0;
    [[nodiscard]] virtual Result<void> close() = 0;
    virtual void abort(const Status& why) = 0;

  protected:
    explicit FarWriter(std::string run) : run_(std::move(run)) {}

  private:
    std::string run_;
};

}  // namespace mapferry::cli
