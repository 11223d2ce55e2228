// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "image/png_file.h"
#include "image/pnm_file.h"
#include "image/stb_encoder.h"
#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "mapferry/printable_text.h"
#include "pixels/convert_format.h"

namespace mapferry::inline v1 {

namespace {

struct Extension {
    std::string_view text;
    PictureFormat format;
};
constexpr std::array kExtensions = {
    Extension{".bmp", PictureFormat::kBmp},  Extension{".png", PictureFormat::kPng},
    Extension{".jpg", PictureFormat::kJpeg}, Extension{".jpeg", PictureFormat::kJpeg},
    Extension{".ppm", PictureFormat::kPnm},  Extension{".pgm", PictureFormat::kPnm},
    Extension{".pnm", PictureFormat::kPnm}};

// What formats hold of pixels.
struct PixelTraits {
    bool grey = false;
    bool alpha = false;
    bool wide = false;  // more than 8 bits a sample
    unsigned bits = 8;  // 0: floating-point numbers
};

PixelTraits traits_of(std::uint32_t fourcc) {
    const ConvertFormat* const format = find_convert_format(fourcc);
    if (format == nullptr) return {};
    return {.grey = format->model == ColorModel::kGrey,
            .alpha = format->has_alpha,
            .wide = format->load_wide != nullptr,
            .bits = format->bits.significant};
}

bool keeps_alpha(PictureFormat format) {
    return format == PictureFormat::kBmp || format == PictureFormat::kPng;
}

bool has_wide_samples(PictureFormat format) {
    return format == PictureFormat::kPnm || format == PictureFormat::kPng;
}

// The format that can hold such pixels: in stb's order of colours, and grey for grey pixels.
std::uint32_t encoded_fourcc(std::uint32_t fourcc, PictureFormat format) {
    const PixelTraits traits = traits_of(fourcc);
    const bool wide = traits.wide && has_wide_samples(format);
    if (traits.grey) return wide ? kFourccGray16 : kFourccGray8;
    if (traits.alpha && keeps_alpha(format)) return wide ? kFourccRgba64 : kFourccRgba32;
    return wide ? kFourccRgb48 : kFourccRgb24;
}

std::string loss_of_bits(const PixelTraits& traits, PictureFormat format) {
    if (traits.bits == 0)
        return std::string("floating-point numbers become ") +
               (has_wide_samples(format) ? "16" : "8") + " bits";
    if (!traits.wide || has_wide_samples(format)) return "";
    return std::to_string(traits.bits) + " bits a sample become 8";
}

}  // namespace

std::optional<PictureFormat> picture_format_of(std::string_view path) {
    std::string lower(path);
    std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    for (const Extension& extension : kExtensions)
        if (lower.ends_with(extension.text)) return extension.format;
    return std::nullopt;
}

std::string encoding_loss(std::uint32_t fourcc, PictureFormat format) {
    const PixelTraits traits = traits_of(fourcc);
    std::string loss = loss_of_bits(traits, format);
    if (traits.alpha && !keeps_alpha(format))
        loss += loss.empty() ? "alpha is dropped" : ", and alpha is dropped";
    return loss;
}

Result<std::vector<std::byte>> encode_image(const ImageView& image, PictureFormat format,
                                            const EncodeOptions& options) {
    return guarded([&]() -> Result<std::vector<std::byte>> {
        TRY_ASSIGN(const auto ready,
                   convert_image(image, encoded_fourcc(image.description().fourcc, format),
                                 options.convert));
        if (format == PictureFormat::kPnm) return encode_pnm(ready.view());
        if (traits_of(ready.description().fourcc).wide) return encode_wide_png(ready.view());
        return stb_encode({.width = image.width(),
                           .height = image.height(),
                           .channels = ready.description().bits_per_pixel / 8,
                           .bytes = ready.bytes()},
                          format, std::clamp(options.jpeg_quality, 1, 100));
    });
}

Result<void> save_image(const ImageView& image, const std::string& path, Overwrite overwrite,
                        const EncodeOptions& options) {
    return guarded([&]() -> Result<void> {
        const auto format = picture_format_of(path);
        if (!format)
            return fail(Code::kUsage, in_quotes(path) + " has no extension of a picture",
                        "name it .bmp, .png, .jpg, .ppm or .pgm");
        TRY_ASSIGN(auto file, encode_image(image, *format, options));
        TRY_ASSIGN(auto output, Output::to_file(path, overwrite, std::nullopt));
        TRY(output.write(file));
        return output.commit({});
    });
}

}  // namespace mapferry::inline v1
