// SPDX-License-Identifier: Apache-2.0
#include "capi/c_picture.h"

#include "capi/c_call.h"
#include "capi/c_objects.h"
#include "capi/c_picture_words.h"
#include "mapferry/image_convert.h"

using namespace mapferry;
using namespace mapferry::capi;

struct mapferry_picture {
    Image image;
    std::string format;
};

namespace mapferry::capi {

namespace {

// `view` has the pixels that are to be converted.
Result<ConvertOptions> convert_options(const LevelWords& levels, const ImageView& view) {
    if (levels.black.has_value() != levels.white.has_value() ||
        (levels.is_automatic && levels.black))
        return fail(Code::kUsage,
                    "black and white are only given together, and without levels=auto");
    if (levels.black) return ConvertOptions{.levels = SampleLevels{*levels.black, *levels.white}};
    if (!levels.is_automatic) return ConvertOptions{};
    const auto found = sample_levels(view);
    if (!found) return std::unexpected(found.error());
    return ConvertOptions{.levels = *found};
}

}  // namespace

Result<void> convert_pixels(const ImageView& from, ImageWords to, std::span<std::byte> target) {
    to.width = from.width();
    to.height = from.height();
    LevelWords levels;
    const auto image = describe_image(to, levels.list());
    if (!image) return std::unexpected(image.error());
    const auto options = convert_options(levels, from);
    if (!options) return std::unexpected(options.error());
    return convert_image_into(from, *image, target, *options);
}

Result<void> save_pixels(const ImageView& from, const char* path, const char* options) {
    const auto file = text_of(path, "the path");
    if (!file) return std::unexpected(file.error());
    SaveWords words;
    if (auto read = read_options(options, words.list()); !read) return read;
    const auto convert = convert_options(words.levels, from);
    if (!convert) return std::unexpected(convert.error());
    return save_image(from, *file, words.overwrite,
                      {.jpeg_quality = words.quality, .convert = *convert});
}

}  // namespace mapferry::capi

namespace {

std::string_view name_in(const PixelFormatNames& names, std::string_view vocabulary) {
    if (vocabulary == "mapferry") return names.name;
    if (vocabulary == "ffmpeg") return names.ffmpeg;
    if (vocabulary == "gstreamer") return names.gstreamer;
    if (vocabulary == "pfnc") return names.pfnc;
    if (vocabulary == "v4l2") return names.v4l2;
    return vocabulary == "drm" ? names.drm : std::string_view();
}

Result<ImageView> view_of_words(const ImageWords& words, const void* data, std::size_t size) {
    const auto image = describe_image(words);
    if (!image) return std::unexpected(image.error());
    const auto bytes = bytes_of(data, size);
    if (!bytes) return std::unexpected(bytes.error());
    return ImageView::make(*image, *bytes);
}

}  // namespace

const char* mapferry_format_name(const char* format, const char* vocabulary) noexcept {
    return ask(format, "", [&](const char& name) -> const char* {
        const auto fourcc = format_of(&name);
        if (!fourcc || vocabulary == nullptr) return "";
        const std::string_view found = name_in(pixel_format_names(*fourcc), vocabulary);
        return found.empty() ? "" : found.data();
    });
}

int32_t mapferry_image_bytes(uint32_t width, uint32_t height, const char* format,
                             const char* options, size_t* bytes) noexcept {
    return run_into(bytes, [&]() -> Result<void> {
        const auto image = describe_image({width, height, format, options});
        if (!image) return std::unexpected(image.error());
        const auto planes = planes_of(*image);
        if (!planes) return std::unexpected(planes.error());
        const bool is_known = planes->planes[0].row_bytes != 0;
        if (!is_known || planes->image_bytes > SIZE_MAX)
            return fail(Code::kUsage, is_known ? "the image is too large for this process"
                                               : "nothing says how long the image's rows are");
        *bytes = static_cast<std::size_t>(planes->image_bytes);
        return {};
    });
}

int32_t mapferry_image_convert(uint32_t width, uint32_t height, const char* from_format,
                               const char* from_options, const void* from, size_t from_size,
                               const char* to_format, const char* to_options, void* to,
                               size_t to_size) noexcept {
    return run([&]() -> Result<void> {
        const auto view =
            view_of_words({width, height, from_format, from_options}, from, from_size);
        if (!view) return std::unexpected(view.error());
        const auto target = place_of(to, to_size);
        if (!target) return std::unexpected(target.error());
        return convert_pixels(*view, {.format = to_format, .options = to_options}, *target);
    });
}

int32_t mapferry_image_save(uint32_t width, uint32_t height, const char* format,
                            const char* options, const void* data, size_t size, const char* path,
                            const char* save_options) noexcept {
    return run([&]() -> Result<void> {
        const auto view = view_of_words({width, height, format, options}, data, size);
        if (!view) return std::unexpected(view.error());
        return save_pixels(*view, path, save_options);
    });
}

int32_t mapferry_picture_load(const char* path, const char* options,
                              mapferry_picture** picture) noexcept {
    return run_into(picture, [&]() -> Result<void> {
        const auto file = text_of(path, "the path");
        if (!file) return std::unexpected(file.error());
        LoadWords words;
        if (auto read = read_options(options, words.list()); !read) return read;
        auto image = load_image(*file, words.limits);
        if (!image) return std::unexpected(image.error());
        std::string format = pixel_format_name(image->description().fourcc);
        hand_out(picture, std::move(*image), std::move(format));
        return {};
    });
}

const void* mapferry_picture_data(const mapferry_picture* picture) noexcept {
    return picture != nullptr ? picture->image.bytes().data() : nullptr;
}

size_t mapferry_picture_size(const mapferry_picture* picture) noexcept {
    return picture != nullptr ? picture->image.bytes().size() : 0;
}

int64_t mapferry_picture_value(const mapferry_picture* picture, int32_t key) noexcept {
    if (key >= MAPFERRY_TENSOR_TYPE) return MAPFERRY_UNKNOWN_KEY;
    return ask(picture, MAPFERRY_UNKNOWN_KEY, [key](const mapferry_picture& one) {
        return described_value(key, one.image.description(), {});
    });
}

const char* mapferry_picture_format(const mapferry_picture* picture) noexcept {
    return picture != nullptr ? picture->format.c_str() : "";
}

void mapferry_picture_free(mapferry_picture* picture) noexcept {
    delete picture;
}
