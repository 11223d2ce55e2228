// SPDX-License-Identifier: Apache-2.0
#include "reader/y4m_output.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <utility>

#include "cli/short_names.h"
#include "mapferry/image_convert.h"
#include "mapferry/y4m.h"

namespace mapferry::cli {

namespace {

constexpr const char* kWayOut =
    "let its writer send YUV (ffmpeg -pix_fmt yuv420p), or receive raw video, of which mapferry "
    "info --ffmpeg prints the arguments";

// From the top row to the bottom row, without padding.
Result<void> write_picture_rows(const ImageView& view, std::uint32_t index, Output& output) {
    const PlaneShape& plane = view.planes().planes[index];
    const bool is_one_piece = plane.row_stride_bytes == plane.row_bytes &&
                              view.description().orientation != Orientation::kBottomUp;
    if (is_one_piece)
        return output.write(
            view.bytes().subspan(static_cast<std::size_t>(plane.offset_bytes),
                                 static_cast<std::size_t>(plane.row_bytes) * plane.rows));
    for (std::uint32_t y = 0; y < plane.rows; ++y)
        if (auto written = output.write(view.plane_row(index, y)); !written) return written;
    return {};
}

Result<void> write_planes(const ImageView& view, Output& output) {
    constexpr std::array<std::uint32_t, 3> kInOrder = {0, 1, 2};
    constexpr std::array<std::uint32_t, 3> kSwapped = {0, 2, 1};  // YV12 has V before U
    const auto& order = view.description().fourcc == kFourccYv12 ? kSwapped : kInOrder;
    for (const std::uint32_t plane : std::span(order).first(view.planes().count))
        if (auto written = write_picture_rows(view, plane, output); !written) return written;
    return {};
}

// The format that frames become: their own if YUV4MPEG2 has it. kUsage: no other is as good.
Result<std::uint32_t> y4m_format(const ImageDescription& image) {
    auto header = make_y4m_header({.image = image});
    if (header) return image.fourcc;
    header.error().hint = kWayOut;
    switch (image.fourcc) {
        case kFourccNv16:
        case kFourccNv61:
        case kFourccYuyv:
        case kFourccYvyu:
        case kFourccUyvy:
        case kFourccVyuy:
            return kFourccI422;
        case kFourccNv24:
        case kFourccNv42:
            return kFourccI444;
        case kFourccP010:
        case kFourccP012:
        case kFourccP016:
            return std::unexpected(header.error());
        default:
            if (can_convert_from(image.fourcc)) return kFourccI420;
            return std::unexpected(header.error());
    }
}

}  // namespace

// Writes the stream's header before the first frame; all frames have the same one.
Result<void> Y4mOutput::begin(const ImageDescription& image, const StreamFacts& facts) {
    if (header_.empty()) facts_ = facts;
    auto header = make_y4m_header({.image = image, .facts = facts_});
    if (!header) return std::unexpected(header.error());
    if (header_.empty()) {
        header_ = std::move(*header);
        return output_.write(std::as_bytes(std::span(header_)));
    }
    if (*header != header_)
        return fail(
            Code::kUsage,
            "frames change to " + to_string(image) + ", and a YUV4MPEG2 stream has one kind",
            "receive them as pictures: -o 'frame-%06d.png'");
    return {};
}

Result<void> Y4mOutput::write(const ImageView& view, const StreamFacts& facts) {
    if (auto begun = begin(view.description(), facts); !begun) return begun;
    auto written = output_.write(std::as_bytes(std::span(kY4mFrameLine)));
    return written ? write_planes(view, output_) : written;
}

void Y4mOutput::note_change(std::uint32_t from, std::uint32_t to) {
    if (noted_ == from) return;
    noted_ = from;
    messages_.note(fmt::format("{} frames become {} in YUV4MPEG2", pixel_format_name(from),
                               pixel_format_name(to)));
}

Result<void> Y4mOutput::put(const TakenFrame& frame) {
    if (!frame.image) return fail(Code::kUsage, "the frame does not say what image it is", kWayOut);
    const auto wanted = y4m_format(*frame.image);
    if (!wanted) return std::unexpected(wanted.error());
    const auto view = ImageView::make(*frame.image, frame.bytes);
    if (!view) return std::unexpected(view.error());
    if (*wanted == frame.image->fourcc) return write(*view, frame.facts);
    const auto options = convert_options(levels_, *view);
    if (!options) return std::unexpected(options.error());
    const auto image = convert_image(*view, *wanted, *options);
    if (!image) return std::unexpected(image.error());
    note_change(frame.image->fourcc, *wanted);
    return write(image->view(), frame.facts);
}

}  // namespace mapferry::cli
