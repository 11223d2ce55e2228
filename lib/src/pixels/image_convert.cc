// SPDX-License-Identifier: Apache-2.0
// Every conversion goes through strips: a few pixels are loaded, their colours and their precision
// are changed, and they are stored. So nothing is allocated, and everything stays in the
// first-level cache. A step that a pair of formats does not need is left out.
#include "mapferry/image_convert.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/pixel_table.h"
#include "pixels/color_steps.h"
#include "pixels/convert_format.h"

namespace mapferry::inline v1 {

const ConvertFormat* find_convert_format(std::uint32_t fourcc) {
    for (const auto formats : {packed_formats(), wide_formats(), yuv_formats(), bayer_formats()}) {
        const auto found = std::ranges::find(formats, fourcc, &ConvertFormat::fourcc);
        if (found != formats.end()) return &*found;
    }
    return nullptr;
}

namespace {

std::unexpected<Status> cannot_convert(std::uint32_t fourcc, const char* direction) {
    return fail(Code::kUsage, std::string("cannot convert ") + direction + " " +
                                  pixel_format_name(fourcc) + " pixels");
}

// ---- what is to be done ------------------------------------------------------------------------

Result<YuvCode> known_code(const ImageColor& color) {
    if (const auto code = yuv_code_of(color)) return *code;
    return fail(Code::kUsage, "the colours of matrix " + std::to_string(color.matrix) +
                                  " (ITU-T H.273) cannot be converted");
}

Result<SampleScale> scale_of(const ConvertFormat& format, const ConvertOptions& options) {
    const bool is_float = format.bits.significant == 0;
    const double white =
        is_float ? 1 : std::ldexp(1.0, static_cast<int>(format.bits.significant)) - 1;
    const SampleLevels levels = options.levels.value_or(SampleLevels{.black = 0, .white = white});
    const double factor = 65'535 / (levels.white - levels.black);
    if (!std::isfinite(factor) || factor == 0)
        return fail(Code::kUsage, "black and white are no two different levels");
    return SampleScale{.black = static_cast<float>(levels.black),
                       .factor = static_cast<float>(factor)};
}

// What all strips of a conversion have in common.
struct Plan {
    const ConvertFormat* from = nullptr;
    const ConvertFormat* to = nullptr;
    ConvertSource source;
    SampleScale scale;
    // From YUV to RGB or grey, and back. None between YUV formats with the same colours.
    std::optional<YuvDecoder> decoder = {};
    std::optional<YuvEncoder> encoder = {};
};

// The matrix and the range of RGB formats mean nothing. What a YUV target leaves open is as in the
// source.
Result<void> plan_colors(const ImageColor& from, ImageColor to, Plan& plan) {
    constexpr std::uint8_t kUnspecified = 2;
    const bool is_from_yuv = plan.from->model == ColorModel::kYuv;
    const bool is_to_yuv = plan.to->model == ColorModel::kYuv;
    if (is_from_yuv && is_to_yuv) {
        if (to.matrix == kUnspecified) to.matrix = from.matrix;
        if (to.range == ColorRange::kUnknown) to.range = from.range;
        if (to.matrix == from.matrix && to.range == from.range) return {};
    }
    if (is_from_yuv) {
        TRY_ASSIGN(const YuvCode code, known_code(from));
        plan.decoder.emplace(code, plan.from->bits);
    }
    if (is_to_yuv) {
        TRY_ASSIGN(const YuvCode code, known_code(to));
        plan.encoder.emplace(code);
    }
    return {};
}

// ---- a strip -----------------------------------------------------------------------------------

// Makes the target's channels from the source's, with the source's precision. Only Y, U and V have
// to wait until there are 8 bits.
template <typename Sample>
void change_model(const Plan& plan, std::size_t count, Strip<Sample>& strip) {
    const ColorModel to = plan.to->model;
    if (plan.decoder && to == ColorModel::kGrey) return plan.decoder->to_grey(strip, count);
    if (plan.decoder) return plan.decoder->to_rgb(strip, count);
    if (plan.from->model == ColorModel::kRgb && to == ColorModel::kGrey) mix_grey(strip, count);
    if (plan.from->model == ColorModel::kGrey && to == ColorModel::kRgb) spread_grey(strip, count);
}

template <typename Sample>
void make_opaque(const Plan& plan, std::size_t count, Strip<Sample>& strip) {
    if (plan.to->has_alpha && !plan.from->has_alpha)
        std::fill_n(strip.alpha(), count, Strip<Sample>::kMax);
}

void encode(const Plan& plan, std::size_t count, NarrowStrip& strip) {
    if (!plan.encoder) return;
    if (plan.from->model == ColorModel::kGrey)
        plan.encoder->from_grey(strip, count);
    else
        plan.encoder->from_rgb(strip, count);
}

std::size_t channels_of(const Plan& plan) {
    const bool is_grey = plan.to->model == ColorModel::kGrey ||
                         (plan.encoder && plan.from->model == ColorModel::kGrey);
    if (is_grey) return 1;
    return plan.to->has_alpha && plan.from->has_alpha ? 4 : 3;
}

void load_wide(const Plan& plan, const StripPlace& place, WideStrip& strip) {
    plan.from->load_wide(plan.source, place, strip);
    const bool is_scaled = plan.from->has_levels() && plan.from->bits.significant != 0;
    if (is_scaled && !plan.scale.changes_nothing())
        scale_samples(strip, plan.from->model == ColorModel::kGrey ? 1 : 3, place.count,
                      plan.scale);
    change_model(plan, place.count, strip);
}

void make_strip(const Plan& plan, const StripPlace& place, NarrowStrip& strip) {
    if (plan.from->load_narrow != nullptr) {
        plan.from->load_narrow(plan.source, place, strip);
        change_model(plan, place.count, strip);
    } else {
        WideStrip wide;
        load_wide(plan, place, wide);
        const bool stays_yuv = plan.to->model == ColorModel::kYuv && !plan.encoder;
        if (stays_yuv)
            narrow_yuv(wide, strip, place.count, plan.from->bits);
        else
            narrow_samples(wide, strip, channels_of(plan), place.count);
    }
    encode(plan, place.count, strip);
    make_opaque(plan, place.count, strip);
}

void make_strip(const Plan& plan, const StripPlace& place, WideStrip& strip) {
    if (plan.from->load_wide != nullptr) {
        load_wide(plan, place, strip);
    } else {
        NarrowStrip narrow;
        plan.from->load_narrow(plan.source, place, narrow);
        change_model(plan, place.count, narrow);
        widen_samples(narrow, strip, channels_of(plan), place.count);
    }
    make_opaque(plan, place.count, strip);
}

// ---- a picture ---------------------------------------------------------------------------------

template <typename Sample>
void convert_rows(const Plan& plan, std::uint32_t y, StoreStrip<Sample> store,
                  const ConvertTarget& target) {
    constexpr std::uint32_t kRowsMax = 2;
    // Not cleared: the loaders store each pixel that is stored from here.
    std::array<Strip<Sample>, kRowsMax> strips;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    const std::uint32_t rows = std::min(plan.to->row_count, plan.source.height() - y);
    const std::uint32_t width = plan.source.width();
    for (std::uint32_t x = 0; x < width;) {
        const std::size_t count = std::min<std::size_t>(kStripPixels, width - x);
        for (std::uint32_t row = 0; row < rows; ++row)
            make_strip(plan, {.x = x, .y = y + row, .count = count}, strips[row]);
        store({strips.data(), rows}, {.x = x, .y = y, .count = count}, target);
        x += static_cast<std::uint32_t>(count);
    }
}

void convert_strips(const Plan& plan, const ConvertTarget& target) {
    for (std::uint64_t next = 0; next < plan.source.height(); next += plan.to->row_count) {
        const auto y = static_cast<std::uint32_t>(next);
        if (plan.to->store != nullptr)
            convert_rows<std::uint8_t>(plan, y, plan.to->store, target);
        else
            convert_rows<std::uint16_t>(plan, y, plan.to->store_wide, target);
    }
}

void copy_rows(const ImageView& from, const ImageView& to_view, const ConvertTarget& to) {
    for (std::uint32_t plane = 0; plane < to_view.planes().count; ++plane) {
        for (std::uint32_t y = 0; y < to_view.planes().planes[plane].rows; ++y) {
            const auto row = from.plane_row(plane, y);
            std::memcpy(to.row(plane, y), row.data(), row.size());
        }
    }
}

// A copy is the same picture: neither levels nor YUV's meaning differ.
bool is_copy(const Plan& plan, const ConvertOptions& options) {
    if (plan.from != plan.to || plan.decoder) return false;
    return !options.levels || !plan.from->has_levels();
}

// The colours of a converted picture, as far as its format has room for them.
ImageColor converted_color(const ImageView& from, const ConvertFormat& source,
                           const ConvertFormat& target) {
    const ImageColor& color = from.description().color;
    if (target.model != ColorModel::kYuv)
        return {.primaries = color.primaries, .transfer = color.transfer};
    if (source.model == ColorModel::kYuv) return color;
    constexpr std::uint8_t kBt601 = 6;
    return {.primaries = color.primaries,
            .transfer = color.transfer,
            .matrix = kBt601,
            .range = ColorRange::kLimited,
            .chroma_site = ChromaSite::kCenter};
}

}  // namespace

bool can_convert_from(std::uint32_t fourcc) {
    return find_convert_format(fourcc) != nullptr;
}

bool can_convert_to(std::uint32_t fourcc) {
    const ConvertFormat* const format = find_convert_format(fourcc);
    return format != nullptr && format->is_target();
}

Result<void> convert_image_into(const ImageView& from, const ImageDescription& to,
                                std::span<std::byte> to_bytes, const ConvertOptions& options) {
    return guarded([&]() -> Result<void> {
        const ConvertFormat* const source = find_convert_format(from.description().fourcc);
        const ConvertFormat* const target = find_convert_format(to.fourcc);
        if (source == nullptr) return cannot_convert(from.description().fourcc, "from");
        if (target == nullptr) return cannot_convert(to.fourcc, "to");
        if (to.width != from.width() || to.height != from.height())
            return fail(Code::kUsage, "an image of " + to_string(from.description()) +
                                          " does not become one of " + to_string(to));
        TRY_ASSIGN(const ImageView to_view, ImageView::make(to, to_bytes));
        TRY_ASSIGN(const SampleScale scale, scale_of(*source, options));
        Plan plan{.from = source, .to = target, .source = {from, scale}, .scale = scale};
        TRY(plan_colors(from.description().color, to.color, plan));
        if (is_copy(plan, options))
            copy_rows(from, to_view, ConvertTarget(to_view));
        else if (target->is_target())
            convert_strips(plan, ConvertTarget(to_view));
        else
            return cannot_convert(to.fourcc, "to");
        return {};
    });
}

Result<Image> convert_image(const ImageView& from, std::uint32_t to_fourcc,
                            const ConvertOptions& options) {
    return guarded([&]() -> Result<Image> {
        const ConvertFormat* const source = find_convert_format(from.description().fourcc);
        const ConvertFormat* const target = find_convert_format(to_fourcc);
        if (source == nullptr) return cannot_convert(from.description().fourcc, "from");
        if (target == nullptr) return cannot_convert(to_fourcc, "to");
        TRY_ASSIGN(auto description,
                   describe_raw_image(from.width(), from.height(), pixel_format_name(to_fourcc)));
        description.color = converted_color(from, *source, *target);
        TRY_ASSIGN(auto image, Image::allocate(description));
        TRY(convert_image_into(from, image.description(), image.bytes(), options));
        return image;
    });
}

}  // namespace mapferry::inline v1
