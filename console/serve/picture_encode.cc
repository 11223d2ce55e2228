// SPDX-License-Identifier: Apache-2.0
#include "console/serve/picture_encode.h"

#include <array>
#include <optional>

#include <png.h>
#include <turbojpeg.h>

#include "cli/short_names.h"
#include "mapferry/pixel_format.h"

namespace mapferry::cli {

namespace {

// From this quality on colours have the same resolution as brightness.
constexpr int kFullColorQuality = 90;

std::optional<int> turbo_format(const ImageDescription& image) {
    if (image.orientation == Orientation::kBottomUp) return std::nullopt;
    switch (image.fourcc) {
        case kFourccBgr24:
            return TJPF_BGR;
        case kFourccRgb24:
            return TJPF_RGB;
        case kFourccBgrx32:
        case kFourccBgra32:
            return TJPF_BGRX;
        case kFourccRgbx32:
        case kFourccRgba32:
            return TJPF_RGBX;
        case kFourccXrgb32:
        case kFourccArgb32:
            return TJPF_XRGB;
        case kFourccXbgr32:
        case kFourccAbgr32:
            return TJPF_XBGR;
        case kFourccGray8:
            return TJPF_GRAY;
        default:
            return std::nullopt;
    }
}

struct DestroyTurbo {
    void operator()(void* handle) const { tjDestroy(handle); }
};
struct FreeTurbo {
    void operator()(unsigned char* bytes) const { tjFree(bytes); }
};

}  // namespace

bool is_read_by_jpeg(const ImageDescription& image) {
    return turbo_format(image).has_value();
}

Result<std::string> encode_jpeg(const ImageView& image, int quality) {
    const auto format = turbo_format(image.description());
    if (!format) return fail(Code::kUsage, "the encoder does not read these pixels");
    constexpr std::uint32_t kSideMax = 65'500;  // of the encoder
    if (image.width() > kSideMax || image.height() > kSideMax)
        return fail(Code::kUsage, "a JPEG has at most 65500 pixels a side", "choose PNG");
    const std::unique_ptr<void, DestroyTurbo> turbo(tjInitCompress());
    if (turbo == nullptr) return fail(Code::kSystem, "cannot start the encoder of JPEG");
    const int sampling = *format == TJPF_GRAY           ? TJSAMP_GRAY
                         : quality >= kFullColorQuality ? TJSAMP_444
                                                        : TJSAMP_420;
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const auto& plane = image.planes().planes[0];
    const int failed =
        tjCompress2(turbo.get(), reinterpret_cast<const unsigned char*>(image.row(0).data()),
                    static_cast<int>(image.width()), static_cast<int>(plane.row_stride_bytes),
                    static_cast<int>(image.height()), *format, &bytes, &size, sampling, quality, 0);
    const std::unique_ptr<unsigned char, FreeTurbo> owned(bytes);
    if (failed != 0)
        return fail(Code::kSystem, std::string("cannot encode: ") + tjGetErrorStr2(turbo.get()));
    return std::string(reinterpret_cast<const char*>(bytes), size);
}

Result<std::string> encode_quick_png(const ImageView& image) {
    const std::uint32_t fourcc = image.description().fourcc;
    if (fourcc != kFourccRgb24 && fourcc != kFourccGray8)
        return fail(Code::kUsage, "the encoder does not read these pixels");
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    png.width = image.width();
    png.height = image.height();
    png.format = fourcc == kFourccGray8 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    png.flags = PNG_IMAGE_FLAG_FAST;
    const auto stride = static_cast<png_int_32>(image.planes().planes[0].row_stride_bytes);
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
    std::string bytes(size, '\0');
    const int done = png_image_write_to_memory(&png, bytes.data(), &size, 0, image.row(0).data(),
                                               stride, nullptr);
    if (done == 0) return fail(Code::kSystem, std::string("cannot encode: ") + png.message);
    bytes.resize(size);
    return bytes;
}

}  // namespace mapferry::cli
