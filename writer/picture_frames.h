// SPDX-License-Identifier: Apache-2.0
// Frames from pictures. Each picture is decoded when its turn comes, so only one of them needs
// memory at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "mapferry/image_file.h"
#include "mapferry/picture_splitter.h"
#include "writer/frame_source.h"

namespace mapferry::cli {

// Fails when the first bytes of a file show no picture, or a damaged one. `path` names it.
[[nodiscard]] Result<void> look_at_picture(const std::string& path, Source& source,
                                           const ImageLimits& limits);

// The pictures of a source. One of a kind that is not decoded becomes a frame of its file's bytes,
// with a warning.
class PictureFrames : public SourceFrames {
  public:
    // `source` must outlive it.
    explicit PictureFrames(FrameSource& source)
        : source_(&source), splitter_(source.state().limits.file_bytes_max) {}

    [[nodiscard]] Result<std::optional<FrameLoan>> next(FrameWriter& writer) override;

  private:
    [[nodiscard]] std::string name() const { return source_->name("picture"); }
    Result<std::optional<PicturePiece>> next_piece(FrameWriter& writer);
    Result<bool> read_more(FrameWriter& writer);
    Result<std::optional<FrameLoan>> make_frame(FrameWriter& writer, const PicturePiece& piece);
    Result<std::optional<FrameLoan>> lend(FrameWriter& writer, std::span<const std::byte> bytes,
                                          const ImageDescription& image);
    void report_end();
    void report_other_bytes();

    FrameSource* source_;
    PictureSplitter splitter_;
    std::uint64_t other_bytes_ = 0;  // that are no picture, since the last picture
};

}  // namespace mapferry::cli
