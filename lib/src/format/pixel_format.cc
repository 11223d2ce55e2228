// SPDX-License-Identifier: Apache-2.0
#include "mapferry/pixel_format.h"

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

}  // namespace

std::string pixel_format_name(std::uint32_t fourcc) {
    if (const PixelFormat* format = find_format(fourcc)) return std::string(format->name);
    std::string text;
    for (int shift = 0; shift < 32; shift += 8)
        append_character(text, fourcc >> shift & 0xFF);
    return text;
}

}  // namespace mapferry::inline v1
