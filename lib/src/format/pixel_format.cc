// SPDX-License-Identifier: Apache-2.0
#include "mapferry/pixel_format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "format/pixel_table.h"

namespace mapferry::inline v1 {

namespace {

// The code comes from another process, so none of its bytes is trusted.
void append_character(std::string& text, unsigned byte) {
    const bool printable = byte >= 0x20 && byte < 0x7F && byte != '\\';
    if (printable) {
        text += static_cast<char>(byte);
        return;
    }
    text += "\\x";
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
}

// ---- names -------------------------------------------------------------------------------------

using Alias = std::pair<std::string_view, std::uint32_t>;

// Second names.
constexpr std::array kAliases = {
    Alias{"YCbCr422_8", kFourccYuyv},
    Alias{"YCbCr422_8_CbYCrY", kFourccUyvy},
    Alias{"IYUV", kFourccI420},
    Alias{"Y800", kFourccGray8},
};

// Names of formats that are not in the table, in FFmpeg and in GStreamer. They would be taken for
// those of PFNC and Video4Linux.
constexpr std::array<std::string_view, 4> kNamesOfOthers = {"rgb8", "bgr8", "RGBP", "rgbp"};

// As the locale "C"; GStreamer's nicks have hyphens.
char folded(char character) {
    if (character == '-') return '_';
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                : character;
}

bool are_same(std::string_view a, std::string_view b) {
    return a == b;
}
bool are_alike(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, folded, folded);
}

using Compare = bool (*)(std::string_view, std::string_view);

bool has_name(const PixelFormat& format, std::string_view name, Compare compare) {
    const ForeignNames& foreign = format.foreign;
    for (const std::string_view known :
         {format.name, foreign.ffmpeg, foreign.gstreamer, foreign.pfnc, foreign.v4l2, foreign.drm})
        if (compare(known, name)) return true;
    if (foreign.ffmpeg.ends_with("le") &&
        compare(foreign.ffmpeg.substr(0, foreign.ffmpeg.size() - 2), name))
        return true;
    return std::ranges::any_of(kAliases, [&](const Alias& alias) {
        return alias.second == format.fourcc && compare(alias.first, name);
    });
}

}  // namespace

std::string pixel_format_name(std::uint32_t fourcc) {
    if (const PixelFormat* format = find_format(fourcc)) return std::string(format->name);
    std::string text;
    for (int shift = 0; shift < 32; shift += 8)
        append_character(text, fourcc >> shift & 0xFF);
    return text;
}

PixelFormatNames pixel_format_names(std::uint32_t fourcc) {
    const PixelFormat* format = find_format(fourcc);
    if (format == nullptr) return {};
    const auto& [ffmpeg, gstreamer, pfnc, v4l2, drm] = format->foreign;
    return {format->name, ffmpeg, gstreamer, pfnc, v4l2, drm};
}

std::optional<std::uint32_t> find_pixel_format(std::string_view name) {
    while (name.ends_with(' '))
        name.remove_suffix(1);
    if (name.empty() || std::ranges::find(kNamesOfOthers, name) != kNamesOfOthers.end())
        return std::nullopt;
    for (const Compare compare : {are_same, are_alike}) {
        std::optional<std::uint32_t> found;
        for (const PixelFormat& format : pixel_formats()) {
            if (!has_name(format, name, compare)) continue;
            if (found) return std::nullopt;  // ambiguous
            found = format.fourcc;
        }
        if (found) return found;
    }
    return std::nullopt;
}

}  // namespace mapferry::inline v1
