// SPDX-License-Identifier: Apache-2.0
// A frame, or a kept picture, in this process's own memory: its bytes, what it says of itself, and
// the pictures that were made of it for browsers. Several viewers share one.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "console/look/picture_decoder.h"
#include "console/serve/memory_budget.h"
#include "console/serve/pixel_statistics.h"
#include "console/serve/view_settings.h"
#include "mapferry/frame.h"
#include "mapferry/image_convert.h"

namespace mapferry::cli {

// What a frame says beside its pixels.
struct SeenFacts {
    std::uint64_t id = 0;  // of this process; later frames have larger ones
    std::uint64_t epoch = 0;
    std::optional<std::uint64_t> sequence = {};
    std::optional<std::uint64_t> source_number = {};
    std::optional<CaptureTime> captured = {};
    std::optional<std::uint64_t> latency_ns = {};
    std::int64_t published_unix_ns = 0;  // 0: not known
    std::uint64_t lost = 0;  // frames that the source lost, since this process follows it
    std::string content_type = {};
    std::string metadata = {};
    std::string name = {};  // of a kept picture
};

// A number for SeenFacts::id. From any thread.
[[nodiscard]] std::uint64_t next_frame_id();

// Raw pixels that can be looked at. The frame that made them must outlive them.
struct PlainPicture {
    ImageView view;
    std::uint64_t layer_count = 1;
    std::vector<std::byte> own_bytes = {};  // the view's, where they are not the frame's
    MemoryShare own_share = {};
};

// A file for a browser.
struct EncodedPicture {
    ViewSettings settings;
    std::string_view content_type = {};
    std::string bytes = {};
    std::optional<SampleLevels> levels = {};  // that were applied
};

class SeenFrame {
  public:
    // Copies the frame, and verifies the copy if the frame has a checksum. kCorrupt; kIo;
    // kOutOfMemory.
    [[nodiscard]] static Result<std::shared_ptr<SeenFrame>> copy_of(const Frame& frame,
                                                                    SeenFacts facts,
                                                                    MemoryBudget& budget);
    // A picture that was decoded already.
    [[nodiscard]] static Result<std::shared_ptr<SeenFrame>> of_picture(const Image& picture,
                                                                       SeenFacts facts,
                                                                       MemoryBudget& budget);

    [[nodiscard]] const SeenFacts& facts() const { return facts_; }
    [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }
    [[nodiscard]] const std::optional<ImageDescription>& image() const { return image_; }
    [[nodiscard]] const std::optional<TensorDescription>& tensor() const { return tensor_; }
    // "640x480 GRAY8", "float32 [480, 640]": what the frame says that it is.
    [[nodiscard]] std::string what() const;

    // From any thread; the first one that asks does the work. kUsage: the frame does not say what
    // it shows; kCorrupt: its picture file can't be decoded; kInterrupted; kSystem.
    [[nodiscard]] Result<std::shared_ptr<const PlainPicture>> picture(std::uint64_t layer,
                                                                      Sandbox sandbox,
                                                                      const std::atomic<int>& stop);
    [[nodiscard]] Result<std::shared_ptr<const EncodedPicture>> encoded(
        const ViewSettings& settings, Sandbox sandbox, const std::atomic<int>& stop);
    [[nodiscard]] Result<std::shared_ptr<const PictureStatistics>> statistics(
        std::uint64_t layer, Sandbox sandbox, const std::atomic<int>& stop);
    // Forgets what was encoded.
    void drop_encoded();
    // Forgets also what was decoded: newer frames are shown now.
    void drop_made();

    SeenFrame(SeenFacts facts, std::size_t size, MemoryBudget& budget);

  private:
    [[nodiscard]] Result<PlainPicture> make_picture(std::uint64_t layer, Sandbox sandbox,
                                                    const std::atomic<int>& stop) const;
    // REQUIRES: the lock.
    [[nodiscard]] Result<std::shared_ptr<const PlainPicture>> locked_picture(
        std::uint64_t layer, Sandbox sandbox, const std::atomic<int>& stop);

    SeenFacts facts_;
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_;
    MemoryBudget* budget_;
    MemoryShare share_;
    std::optional<ImageDescription> image_ = {};
    std::optional<TensorDescription> tensor_ = {};

    std::mutex lock_;  // of what follows
    std::shared_ptr<const PlainPicture> picture_ = {};
    std::uint64_t picture_layer_ = 0;
    std::vector<std::shared_ptr<const EncodedPicture>> encoded_ = {};
    std::shared_ptr<const PictureStatistics> statistics_ = {};
    std::uint64_t statistics_layer_ = 0;
};

}  // namespace mapferry::cli
