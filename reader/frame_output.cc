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
#include "mapferry/npy.h"
#include "mapferry/output.h"
#include "mapferry/printable_text.h"
#include "reader/frame_pattern.h"
#include "reader/target.h"
#include "reader/y4m_output.h"

namespace mapferry::cli {

namespace {

using Bytes = std::span<const std::byte>;

constexpr const char* kBytesHint = "store its bytes: -o 'frame-%06d.raw'";

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
    [[nodiscard]] Result<void> put(const TakenFrame& frame) override {
        return write_rows(frame.bytes, frame.image, output_);
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

// What such a file holds.
enum class Content : std::uint8_t { kBytes, kArray, kPicture };

class FilesOutput : public FrameOutput {
  public:
    FilesOutput(const ReaderCommand& command, std::optional<FramePattern> pattern, Content content)
        : messages_(command.common.messages()),
          path_(command.output),
          pattern_(std::move(pattern)),
          content_(content),
          levels_(command.levels),
          overwrite_(command.overwrite()),
          durability_(command.durability()) {}

    [[nodiscard]] Result<void> put(const TakenFrame& frame) override;
    [[nodiscard]] Result<void> finish() override { return {}; }

  private:
    Result<std::vector<std::byte>> encode(const TakenFrame& frame);
    Result<std::vector<std::byte>> beginning_of(const TakenFrame& frame);
    Result<void> write_rest(const TakenFrame& frame, Output& output) const;
    void note_loss(std::uint32_t fourcc, PictureFormat format);

    Messages messages_;
    std::string path_;
    std::optional<FramePattern> pattern_;
    Content content_;
    PictureLevels levels_;
    Overwrite overwrite_;
    Durability durability_;
    std::uint64_t count_ = 0;
    std::string loss_;  // the loss of the last frame, already reported
};

// Warns when a loss begins or changes, not for every frame.
void FilesOutput::note_loss(std::uint32_t fourcc, PictureFormat format) {
    const std::string loss = encoding_loss(fourcc, format);
    if (loss == loss_) return;
    loss_ = loss;
    if (!loss.empty())
        messages_.warning(fmt::format("{} frames lose something in {}: {}",
                                      pixel_format_name(fourcc), in_quotes(path_), loss));
}

Result<std::vector<std::byte>> FilesOutput::encode(const TakenFrame& frame) {
    if (!frame.image)
        return fail(Code::kUsage, "the frame does not say what image it is", kBytesHint);
    const ImageDescription& image = *frame.image;
    const PictureFormat format = picture_format_of(path_).value_or(PictureFormat::kPng);
    const std::string_view extension = own_extension(image);
    if (!extension.empty() && picture_format_of(extension) == format)
        return std::vector<std::byte>(frame.bytes.begin(), frame.bytes.end());
    if (image.row_stride_bytes == 0)
        return fail(Code::kUsage, fmt::format("a frame of {} is encoded already", to_string(image)),
                    fmt::format("store it as it is: -o 'frame-%06d{}'",
                                extension.empty() ? ".raw" : extension));
    const auto view = ImageView::make(image, frame.bytes);
    if (!view) return std::unexpected(view.error());
    const auto options = convert_options(levels_, *view);
    auto file = options ? encode_image(*view, format, {.convert = *options})
                        : std::unexpected(options.error());
    if (file) {
        note_loss(image.fourcc, format);
        return file;
    }
    Status status = file.error();
    if (status.code == Code::kUsage) status.hint = kBytesHint;
    return std::unexpected(std::move(status));
}

// What the file has before the frame's own bytes: a whole picture, or the header of an array.
Result<std::vector<std::byte>> FilesOutput::beginning_of(const TakenFrame& frame) {
    if (content_ == Content::kPicture) return encode(frame);
    if (content_ == Content::kBytes) return std::vector<std::byte>();
    if (!frame.tensor) return fail(Code::kUsage, "the frame is no array", kBytesHint);
    auto header = make_npy_header(*frame.tensor);
    if (!header) header.error().hint = kBytesHint;
    return header;
}

Result<void> FilesOutput::write_rest(const TakenFrame& frame, Output& output) const {
    if (content_ == Content::kPicture) return {};
    if (content_ == Content::kBytes) return write_rows(frame.bytes, frame.image, output);
    const auto bytes = tensor_bytes(*frame.tensor);
    if (!bytes) return std::unexpected(bytes.error());
    return output.write(frame.bytes.first(static_cast<std::size_t>(*bytes)));
}

Result<void> FilesOutput::put(const TakenFrame& frame) {
    if (!pattern_ && count_ > 0)
        return fail(Code::kCannotCreate,
                    "several frames come, and " + in_quotes(path_) + " is one file",
                    "number the files, as in -o 'frame-%06d.png', or take one: --count 1");
    ++count_;
    const auto beginning = beginning_of(frame);
    if (!beginning) return std::unexpected(beginning.error());
    auto output =
        Output::to_file(pattern_ ? pattern_->path(count_) : path_, overwrite_, std::nullopt);
    if (!output) return std::unexpected(output.error());
    auto written = output->write(*beginning);
    if (written) written = write_rest(frame, *output);
    if (!written) return written;
    return output->commit({}, durability_);
}

Result<std::unique_ptr<FrameOutput>> as_video(const ReaderCommand& command, Result<Output> output,
                                              Durability durability) {
    if (!output) return std::unexpected(output.error());
    if (command.y4m || command.output.ends_with(".y4m"))
        return std::make_unique<Y4mOutput>(command, std::move(*output), durability);
    return std::make_unique<VideoOutput>(std::move(*output), durability);
}

std::optional<Content> content_of(std::string_view path) {
    if (picture_format_of(path)) return Content::kPicture;
    if (path.ends_with(".npy")) return Content::kArray;
    return path.ends_with(".raw") ? std::optional(Content::kBytes) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<FrameOutput>> open_frame_output(const ReaderCommand& command,
                                                       const std::atomic<int>& stop) {
    const std::string& path = command.output;
    if (command.discard) return as_video(command, Output::to_nowhere(), Durability::kBuffered);
    if (path == "-" && command.durable) return std::unexpected(durable_needs_a_file());
    if (path == "-")
        return as_video(command, Output::to_standard_output(std::nullopt, &stop),
                        Durability::kBuffered);
    auto pattern = FramePattern::parse(path);
    const auto content = content_of(path);
    const bool is_one_file = content && *content != Content::kBytes;
    if (!pattern && is_one_file && path.contains('%'))
        return fail(Code::kUsage, in_quotes(path) + " is no pattern of numbered files",
                    "it takes one %d or %0Nd (N from 1 to 9), and %% for a percent sign");
    if (pattern && !content)
        return fail(Code::kUsage, in_quotes(path) + " has no extension of a picture",
                    "end it in .bmp, .png, .jpg, .ppm, .pgm, in .npy for arrays, or in .raw for "
                    "the bytes as they are");
    if ((pattern || is_one_file) && command.y4m)
        return fail(Code::kUsage, "--y4m is one stream, and " + in_quotes(path) + " is not",
                    "use -o - or -o film.y4m");
    if (pattern || is_one_file) return std::make_unique<FilesOutput>(command, pattern, *content);
    return as_video(command, Output::to_file(path, command.overwrite(), std::nullopt),
                    command.durability());
}

}  // namespace mapferry::cli
