// SPDX-License-Identifier: Apache-2.0
#include "cli/image_text.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "cli/short_names.h"
#include "mapferry/detail/number_text.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

std::optional<std::uint32_t> next_number(std::string_view& text) {
    std::uint32_t number = 0;
    return take_number(text, number) ? std::optional(number) : std::nullopt;
}

bool take(std::string_view& text, char character) {
    if (text.empty() || text.front() != character) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

Result<ImageDescription> parse_image(std::string_view text) {
    const auto no_shape = [text] {
        return fail(Code::kUsage, in_quotes(text) + " is not an image's shape",
                    "write it like 3840x2160:BGR24, or with a row's bytes 149x83:BGR24:448");
    };
    std::string_view rest = text;
    const auto width = next_number(rest);
    const bool crossed = width && take(rest, 'x');
    const auto height = crossed ? next_number(rest) : std::nullopt;
    if (!height || !take(rest, ':')) return no_shape();
    const std::string_view format = rest.substr(0, rest.find(':'));
    rest.remove_prefix(format.size());
    auto image = describe_raw_image(*width, *height, format);
    if (!image || rest.empty()) return image;
    rest.remove_prefix(1);
    const auto stride = next_number(rest);
    if (!stride || !rest.empty()) return no_shape();
    if (*stride < image->row_stride_bytes)
        return fail(Code::kUsage, "rows of " + std::to_string(*stride) +
                                      " bytes are too short: " + to_string(*image) + " has " +
                                      std::to_string(image->row_stride_bytes) + " in a row");
    image->row_stride_bytes = *stride;
    // With longer rows the image may be too large.
    if (auto checked = check_image(*image); !checked) return std::unexpected(checked.error());
    return image;
}

std::string image_text(const ImageDescription& image) {
    std::string text = std::to_string(image.width) + "x" + std::to_string(image.height) + ":" +
                       pixel_format_name(image.fourcc);
    const auto packed =
        describe_raw_image(image.width, image.height, pixel_format_name(image.fourcc));
    if (!packed || packed->row_stride_bytes != image.row_stride_bytes)
        text += ":" + std::to_string(image.row_stride_bytes);
    return text;
}

std::string ffmpeg_format(const ImageDescription& image) {
    return std::string(pixel_format_names(image.fourcc).ffmpeg);
}

std::string gstreamer_format(const ImageDescription& image) {
    std::string name(pixel_format_names(image.fourcc).gstreamer);
    const bool is_bayer = !name.empty() && std::islower(static_cast<unsigned char>(name[0])) != 0;
    if (is_bayer) return {};
    std::ranges::transform(name, name.begin(), [](unsigned char letter) {
        return letter == '_' ? '-' : static_cast<char>(std::tolower(letter));
    });
    return name;
}

}  // namespace mapferry::cli
