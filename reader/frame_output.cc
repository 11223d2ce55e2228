// SPDX-License-Identifier: Apache-2.0
#include "reader/frame_output.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/messages.h"
#include "cli/short_names.h"
#include "mapferry/image_file.h"
#include "mapferry/output.h"
#include "mapferry/printable_text.h"
#include "reader/frame_pattern.h"
#include "reader/target.h"

namespace mapferry::cli {

namespace {

using Bytes = std::span<const std::byte>;

// In the order of memory: a bottom-up image stays one.
Result<void> write_plane(const ImageView& view, std::uint32_t index, Output& output) {
    const PlaneShape& plane = view.planes().planes[index];
    const Bytes bytes = view.bytes().subspan(static_cast<std::size_t>(plane.offset_bytes));
    const auto row_bytes = static_cast<std::size_t>(plane.row_bytes);
    if (plane.row_bytes == plane.row_stride_bytes)
        return output.write(bytes.first(row_bytes * plane.rows));
    for (std::uint32_t y = 0; y < plane.rows; ++y) {
        const auto offset = static_cast<std::size_t>(plane.row_stride_bytes * y);
        if (auto written = output.write(bytes.subspan(offset, row_bytes)); !written) return written;
    }
    return {};
}

// Raw video has no room for padding between rows and planes.
Result<void> write_rows(Bytes bytes, const std::optional<ImageDescription>& image, Output& output) {
    if (!image || image->row_stride_bytes == 0) return output.write(bytes);
    const auto view = ImageView::make(*image, bytes);
    if (!view) return output.write(bytes);  // only its sender knows how long its rows are
    for (std::uint32_t plane = 0; plane < view->planes().count; ++plane)
        if (auto written = write_plane(*view, plane, output); !written) return written;
    return {};
}

// ---- all frames in one stream ------------------------------------------------------------------

class VideoOutput : public FrameOutput {
  public:
    VideoOutput(Output output, Durability durability)
        : output_(std::move(output)), durability_(durability) {}

    [[nodiscard]] bool keeps_frames() const override { return output_.keeps_bytes(); }
    [[nodiscard]] bool wants_one_shape() const override { return keeps_frames(); }
    [[nodiscard]] Result<void> put(Bytes bytes,
                                   const std::optional<ImageDescription>& image) override {
        return write_rows(bytes, image, output_);
    }
    [[nodiscard]] Result<void> finish() override { return output_.commit({}, durability_); }

  private:
    Output output_;
    Durability durability_;
};

// ---- one file for each frame -------------------------------------------------------------------

// The file extension of an encoded image. Empty for raw pixels and for all other encodings.
std::string_view own_extension(const ImageDescription& image) {
    switch (image.fourcc) {
        case kFourccBmp:
            return ".bmp";
        case kFourccPng:
            return ".png";
        case kFourccJpeg:
            return ".jpg";
        case kFourccPnm:
            return ".ppm";
        default:
            return {};
    }
}

class PictureOutput : public FrameOutput {
  public:
    // Without `format` the files hold the frames' bytes.
    PictureOutput(const ReaderCommand& command, std::optional<FramePattern> pattern,
                  std::optional<PictureFormat> format)
        : messages_(command.common.messages()),
          path_(command.output),
          pattern_(std::move(pattern)),
          format_(format),
          overwrite_(command.overwrite()),
          durability_(command.durability()) {}

    [[nodiscard]] Result<void> put(Bytes bytes,
                                   const std::optional<ImageDescription>& image) override;
    [[nodiscard]] Result<void> finish() override { return {}; }

  private:
    [[nodiscard]] Result<std::vector<std::byte>> encode(Bytes bytes,
                                                        const ImageDescription& image) const;

    void note_loss(std::uint32_t fourcc);

    Messages messages_;
    std::string path_;
    std::optional<FramePattern> pattern_;
    std::optional<PictureFormat> format_;
    Overwrite overwrite_;
    Durability durability_;
    std::uint64_t count_ = 0;
    std::string loss_;  // the loss of the last frame, already reported
};

// Warns when a loss begins or changes, not for every frame.
void PictureOutput::note_loss(std::uint32_t fourcc) {
    const std::string loss = encoding_loss(fourcc, *format_);
    if (loss == loss_) return;
    loss_ = loss;
    if (!loss.empty())
        messages_.warning(fmt::format("{} frames lose something in {}: {}",
                                      pixel_format_name(fourcc), in_quotes(path_), loss));
}

Result<std::vector<std::byte>> PictureOutput::encode(Bytes bytes,
                                                     const ImageDescription& image) const {
    const std::string_view extension = own_extension(image);
    if (!extension.empty() && picture_format_of(extension) == format_)
        return std::vector<std::byte>(bytes.begin(), bytes.end());
    if (image.row_stride_bytes == 0)
        return fail(Code::kUsage, fmt::format("a frame of {} is encoded already", to_string(image)),
                    fmt::format("store it as it is: -o 'frame-%06d{}'",
                                extension.empty() ? ".raw" : extension));
    const auto view = ImageView::make(image, bytes);
    if (!view) return std::unexpected(view.error());
    auto file = encode_image(*view, *format_);
    if (file) return file;
    Status status = file.error();
    if (status.code == Code::kUsage) status.hint = "store its bytes: -o 'frame-%06d.raw'";
    return std::unexpected(std::move(status));
}

Result<void> PictureOutput::put(Bytes bytes, const std::optional<ImageDescription>& image) {
    if (!pattern_ && count_ > 0)
        return fail(Code::kCannotCreate,
                    "several frames come, and " + in_quotes(path_) + " is one file",
                    "number the files, as in -o 'frame-%06d.png', or take one: --count 1");
    ++count_;
    if (format_ && !image)
        return fail(Code::kUsage, "the frame does not say what image it is",
                    "store its bytes: -o 'frame-%06d.raw'");
    std::vector<std::byte> file;
    if (format_) {
        auto encoded = encode(bytes, *image);
        if (!encoded) return std::unexpected(encoded.error());
        note_loss(image->fourcc);
        file = std::move(*encoded);
    }
    auto output =
        Output::to_file(pattern_ ? pattern_->path(count_) : path_, overwrite_, std::nullopt);
    if (!output) return std::unexpected(output.error());
    auto written = format_ ? output->write(file) : write_rows(bytes, image, *output);
    if (!written) return written;
    return output->commit({}, durability_);
}

Result<std::unique_ptr<FrameOutput>> as_video(Result<Output> output, Durability durability) {
    if (!output) return std::unexpected(output.error());
    return std::make_unique<VideoOutput>(std::move(*output), durability);
}

}  // namespace

Result<std::unique_ptr<FrameOutput>> open_frame_output(const ReaderCommand& command,
                                                       const std::atomic<int>& stop) {
    const std::string& path = command.output;
    if (command.discard) return as_video(Output::to_nowhere(), Durability::kBuffered);
    if (path == "-" && command.durable) return std::unexpected(durable_needs_a_file());
    if (path == "-")
        return as_video(Output::to_standard_output(std::nullopt, &stop), Durability::kBuffered);
    auto pattern = FramePattern::parse(path);
    const auto format = picture_format_of(path);
    if (!pattern && format && path.contains('%'))
        return fail(Code::kUsage, in_quotes(path) + " is no pattern of numbered files",
                    "it takes one %d or %0Nd (N from 1 to 9), and %% for a percent sign");
    if (pattern && !format && !path.ends_with(".raw"))
        return fail(Code::kUsage, in_quotes(path) + " has no extension of a picture",
                    "end it in .bmp, .png, .jpg, .ppm, .pgm, or .raw for the bytes as they are");
    if (pattern || format) return std::make_unique<PictureOutput>(command, pattern, format);
    return as_video(Output::to_file(path, command.overwrite(), std::nullopt), command.durability());
}

}  // namespace mapferry::cli
