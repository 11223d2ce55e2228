// SPDX-License-Identifier: Apache-2.0
#include "console/stream_arguments.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/image_text.h"
#include "cli/notes_text.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

Result<ImageDescription> image_of_section(const SectionReport& report) {
    if (!carries_frames(report.section.delivery))
        return fail(Code::kUsage, to_string(report.address) + " carries no frames");
    if (report.image) return *report.image;
    if (report.published == 0)
        return fail(Code::kStillFilling, "no frame has come yet, so their format is not known");
    return fail(Code::kUsage, "the frames don't say what image they are",
                "give the writer --image WIDTHxHEIGHT:FORMAT");
}

std::unexpected<Status> no_name(const ImageDescription& image, const char* program) {
    const bool is_encoded = image.row_stride_bytes == 0;
    return fail(Code::kUsage,
                std::string(program) + " has no name for frames of " + to_string(image),
                is_encoded ? "store them as they are: mapferry receive --frames -o 'frame-%06d.raw'"
                           : "store them as pictures: mapferry receive --frames -o "
                             "'frame-%06d.png'");
}

// The decoder of picture files that follow each other.
std::string_view decoder_of(std::uint32_t fourcc) {
    if (fourcc == kFourccPng) return "png";
    if (fourcc == kFourccJpeg) return "mjpeg";
    return fourcc == kFourccBmp ? "bmp" : "";
}

// GStreamer expects rows of multiples of four bytes, and an even number of rows above other planes,
// unless it is told otherwise. In a pipe there is no padding.
std::string packed_planes(const ImageDescription& image) {
    const auto packed =
        describe_raw_image(image.width, image.height, pixel_format_name(image.fourcc));
    const auto all = packed ? planes_of(*packed) : std::unexpected(packed.error());
    if (!all) return {};
    std::string strides;
    std::string offsets;
    bool is_usual = all->count == 1 || image.height % 2 == 0;
    for (const PlaneShape& plane : std::span(all->planes).first(all->count)) {
        is_usual = is_usual && plane.row_bytes % 4 == 0;
        strides += fmt::format("{}{}", strides.empty() ? "" : ",", plane.row_stride_bytes);
        offsets += fmt::format("{}{}", offsets.empty() ? "" : ",", plane.offset_bytes);
    }
    if (is_usual) return {};
    return fmt::format(R"( plane-strides="<{}>" plane-offsets="<{}>" frame-size={})", strides,
                       offsets, all->image_bytes);
}

std::string facts_for_gstreamer(const StreamFacts& facts) {
    constexpr double kAspectMost = 100;  // of GStreamer
    const auto fraction = [](const Ratio& ratio) {
        return fmt::format("{}/{}", ratio.numerator, ratio.denominator);
    };
    std::string text;
    if (facts.frame_rate.denominator != 0) text += " framerate=" + fraction(facts.frame_rate);
    const double aspect = number_of(facts.pixel_aspect);
    if (aspect >= 1 / kAspectMost && aspect <= kAspectMost && aspect != 1)
        text += " pixel-aspect-ratio=" + fraction(facts.pixel_aspect);
    if (facts.scan == Scan::kTopFieldFirst) text += " interlaced=true top-field-first=true";
    if (facts.scan == Scan::kBottomFieldFirst) text += " interlaced=true top-field-first=false";
    return text;
}

}  // namespace

Result<std::string> ffmpeg_arguments(const SectionReport& report) {
    const auto image = image_of_section(report);
    if (!image) return std::unexpected(image.error());
    const std::string rate = ratio_text(report.facts.frame_rate);
    const std::string with_rate = rate.empty() ? "" : " -framerate " + rate;
    if (const auto decoder = decoder_of(image->fourcc); !decoder.empty())
        return fmt::format("-f image2pipe -c:v {}{}", decoder, with_rate);
    const std::string format = ffmpeg_format(*image);
    if (format.empty()) return no_name(*image, "ffmpeg");
    return fmt::format("-f rawvideo -pixel_format {} -video_size {}x{}{}", format, image->width,
                       image->height, with_rate);
}

Result<std::string> gstreamer_arguments(const SectionReport& report) {
    const auto image = image_of_section(report);
    if (!image) return std::unexpected(image.error());
    const std::string format = gstreamer_format(*image);
    if (format.empty()) return no_name(*image, "GStreamer");
    return fmt::format("fdsrc ! rawvideoparse width={} height={} format={}{}{}", image->width,
                       image->height, format, facts_for_gstreamer(report.facts),
                       packed_planes(*image));
}

}  // namespace mapferry::cli
