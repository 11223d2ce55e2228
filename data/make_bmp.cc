// SPDX-License-Identifier: Apache-2.0
// mapferry-make-bmp: renders a landscape into a bitmap of any kind and size. Integer arithmetic
// only, so the same command gives the same bytes on every machine: tests and benchmarks make their
// big pictures instead of storing them. Needs nothing of the library.
//
// Format: Microsoft's pages on BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER,
// BITMAPV4HEADER, BITMAPV5HEADER and "Bitmap Compression".
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "landscape.h"

namespace {

constexpr int kExitUsage = 64;  // sysexits(3)
constexpr int kExitIo = 74;

// ---- kinds of bitmaps --------------------------------------------------------------------------

constexpr std::uint32_t kRgb = 0;  // biCompression
constexpr std::uint32_t kRle8 = 1;
constexpr std::uint32_t kRle4 = 2;
constexpr std::uint32_t kBitfields = 3;

struct Kind {
    std::string_view name;
    std::uint32_t header_bytes;
    std::uint32_t bits;
    std::uint32_t compression;
    bool top_down;
    std::array<std::uint32_t, 4> masks;  // red, green, blue, alpha
};

constexpr std::array<std::uint32_t, 4> kMasks8888 = {0xFF0000, 0xFF00, 0xFF, 0xFF000000};

constexpr std::array<Kind, 13> kKinds = {{
    {"bgr24", 40, 24, kRgb, false, {}},
    {"bgr24-topdown", 40, 24, kRgb, true, {}},
    {"bgrx32", 40, 32, kRgb, false, {}},
    {"bgra32-v4", 108, 32, kBitfields, false, kMasks8888},
    {"bgra32-v5", 124, 32, kBitfields, false, kMasks8888},
    {"rgb555", 40, 16, kRgb, false, {}},
    {"rgb565", 40, 16, kBitfields, false, {0xF800, 0x07E0, 0x001F, 0}},
    {"pal8", 40, 8, kRgb, false, {}},
    {"pal8-rle", 40, 8, kRle8, false, {}},
    {"pal4", 40, 4, kRgb, false, {}},
    {"pal4-rle", 40, 4, kRle4, false, {}},
    {"pal1", 40, 1, kRgb, false, {}},
    {"core24", 12, 24, kRgb, false, {}},
}};

bool has_run_lengths(const Kind& kind) {
    return kind.compression == kRle8 || kind.compression == kRle4;
}

// ---- palettes ----------------------------------------------------------------------------------

constexpr std::array<Color, 16> kSixteen = {{
    {34, 48, 104},
    {82, 78, 130},
    {140, 112, 158},
    {190, 140, 150},
    {236, 166, 124},
    {255, 200, 140},
    {255, 232, 190},
    {255, 250, 230},
    {151, 128, 163},
    {112, 104, 148},
    {72, 86, 116},
    {56, 76, 96},
    {40, 66, 78},
    {28, 48, 58},
    {16, 32, 38},
    {6, 14, 18},
}};
constexpr std::array<Color, 2> kTwo = {{{24, 30, 60}, {255, 226, 186}}};

std::vector<Color> make_palette(std::uint32_t bits) {
    if (bits == 1) return {kTwo.begin(), kTwo.end()};
    if (bits == 4) return {kSixteen.begin(), kSixteen.end()};
    std::vector<Color> cube;
    for (int i = 0; bits == 8 && i < 6 * 7 * 6; ++i)
        cube.push_back({i / 42 * 51, i / 6 % 7 * 255 / 6, i % 6 * 51});
    return cube;
}

// 0 to 63: the order in which the dots of an 8 x 8 square are set (Bayer's ordered dither).
int threshold(int x, int y) {
    int order = 0;
    for (int bit = 0; bit < 3; ++bit)
        order = order << 2 | ((x ^ y) >> bit & 1) << 1 | (y >> bit & 1);
    return order;
}

int level(int value, int levels, int dither) {
    return std::min(levels - 1, (value * (levels - 1) * 64 + dither * 255) / (255 * 64));
}

int nearest_of_sixteen(Color color) {
    const auto distance = [color](Color other) {
        const int red = color.red - other.red;
        const int green = color.green - other.green;
        const int blue = color.blue - other.blue;
        return red * red + 2 * green * green + blue * blue;
    };
    const auto nearest = std::ranges::min_element(kSixteen, {}, distance);
    return static_cast<int>(nearest - kSixteen.begin());
}

int high_contrast_grey(Color color) {
    const int grey = (color.red * 77 + color.green * 151 + color.blue * 28) / 256;
    return std::clamp((grey - 115) * 2 + 128, 0, 255);
}

// Dithered, except where run lengths are to find runs.
std::uint8_t palette_index(const Kind& kind, Color color, int x, int y) {
    const int dither = has_run_lengths(kind) ? 32 : threshold(x, y);
    int index = 0;
    if (kind.bits == 1)
        index = level(high_contrast_grey(color), 2, dither);
    else if (kind.bits == 4)
        index = nearest_of_sixteen(brighten(color, (dither - 32) / 2));
    else
        index = level(color.red, 6, dither) * 42 + level(color.green, 7, dither) * 6 +
                level(color.blue, 6, dither);
    return static_cast<std::uint8_t>(index);
}

// ---- bytes -------------------------------------------------------------------------------------

using Bytes = std::vector<std::uint8_t>;

// `count` bytes, the lowest first.
void put(Bytes& bytes, std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i)
        bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

std::uint32_t direct_pixel(const Kind& kind, Color color, int y, int height) {
    const auto red = static_cast<std::uint32_t>(color.red);
    const auto green = static_cast<std::uint32_t>(color.green);
    const auto blue = static_cast<std::uint32_t>(color.blue);
    if (kind.masks[1] == 0x07E0) return red >> 3 << 11 | green >> 2 << 5 | blue >> 3;
    if (kind.bits == 16) return red >> 3 << 10 | green >> 3 << 5 | blue >> 3;
    // With alpha the sky fades out towards the top.
    const auto alpha = static_cast<std::uint32_t>(std::min(255, 64 + y * 512 / height));
    return (kind.masks[3] != 0 ? alpha << 24 : 0) | red << 16 | green << 8 | blue;
}

Bytes index_row(const Kind& kind, const Landscape& scene, int width, int y) {
    Bytes indexes;
    for (int x = 0; x < width; ++x)
        indexes.push_back(palette_index(kind, scene.color_at(x, y), x, y));
    return indexes;
}

// The leftmost pixel is in the highest bits; the row is padded to four bytes.
void put_row(Bytes& bytes, const Kind& kind, const Landscape& scene, int width, int height, int y) {
    const std::size_t begin = bytes.size();
    if (kind.bits > 8) {
        for (int x = 0; x < width; ++x)
            put(bytes, direct_pixel(kind, scene.color_at(x, y), y, height),
                static_cast<int>(kind.bits / 8));
    } else {
        const std::size_t per_byte = 8 / kind.bits;
        const Bytes indexes = index_row(kind, scene, width, y);
        for (std::size_t x = 0; x < indexes.size(); ++x) {
            if (x % per_byte == 0) bytes.push_back(0);
            const auto shift = 8 - kind.bits * (x % per_byte + 1);
            bytes.back() = static_cast<std::uint8_t>(bytes.back() | indexes[x] << shift);
        }
    }
    while ((bytes.size() - begin) % 4 != 0)
        bytes.push_back(0);
}

// ---- run lengths -------------------------------------------------------------------------------

constexpr std::size_t kRunMax = 255;
constexpr std::size_t kRunWorthwhile = 4;

std::size_t run_length(const Bytes& row, std::size_t at) {
    std::size_t end = at + 1;
    while (end < row.size() && end - at < kRunMax && row[end] == row[at])
        ++end;
    return end - at;
}

void put_run(Bytes& bytes, const Kind& kind, std::size_t count, std::uint8_t index) {
    bytes.push_back(static_cast<std::uint8_t>(count));
    bytes.push_back(static_cast<std::uint8_t>(kind.bits == 8 ? index : index << 4 | index));
}

// Single pixels as they are, padded to two bytes. Fewer than three have no such form (0, 1 and 2
// after a zero mean end of line, end of bitmap and a jump): they go as runs of one.
void put_literals(Bytes& bytes, const Kind& kind, const Bytes& row, std::size_t begin,
                  std::size_t end) {
    if (end - begin < 3) {
        for (; begin < end; ++begin)
            put_run(bytes, kind, 1, row[begin]);
        return;
    }
    put(bytes, static_cast<std::uint32_t>(end - begin) << 8, 2);
    const std::size_t first = bytes.size();
    for (std::size_t at = begin; at < end; ++at) {
        if (kind.bits == 8 || (at - begin) % 2 == 0)
            bytes.push_back(static_cast<std::uint8_t>(kind.bits == 8 ? row[at] : row[at] << 4));
        else
            bytes.back() = static_cast<std::uint8_t>(bytes.back() | row[at]);
    }
    if ((bytes.size() - first) % 2 != 0) bytes.push_back(0);
}

void put_run_lengths(Bytes& bytes, const Kind& kind, const Bytes& row) {
    for (std::size_t at = 0; at < row.size();) {
        std::size_t end = at;
        while (end < row.size() && end - at < kRunMax && run_length(row, end) < kRunWorthwhile)
            ++end;
        if (end > at) put_literals(bytes, kind, row, at, end);
        at = end;
        if (at == row.size() || run_length(row, at) < kRunWorthwhile) continue;
        const std::size_t count = run_length(row, at);
        put_run(bytes, kind, count, row[at]);
        at += count;
    }
    put(bytes, 0, 2);  // end of line
}

// ---- headers -----------------------------------------------------------------------------------

struct Request {
    const Kind* kind = nullptr;
    int width = 0;
    int height = 0;
    std::string path;
};

std::uint64_t raw_bytes(const Request& request) {
    const auto row_bits = static_cast<std::uint64_t>(request.width) * request.kind->bits;
    return (row_bits + 31) / 32 * 4 * static_cast<std::uint64_t>(request.height);
}

void put_info_header(Bytes& bytes, const Request& request, std::uint32_t pixel_bytes,
                     std::uint32_t colors) {
    constexpr std::uint32_t kPixelsPerMetre = 2835;  // 72 to the inch
    const Kind& kind = *request.kind;
    const int height = kind.top_down ? -request.height : request.height;
    put(bytes, static_cast<std::uint32_t>(request.width), 4);
    put(bytes, static_cast<std::uint32_t>(height), 4);
    put(bytes, 1, 2);
    put(bytes, kind.bits, 2);
    for (const std::uint32_t field : {kind.compression, pixel_bytes, kPixelsPerMetre,
                                      kPixelsPerMetre, colors, std::uint32_t{0}})
        put(bytes, field, 4);
    if (kind.compression != kBitfields) return;
    const bool has_alpha_field = kind.header_bytes > 40;
    for (std::size_t i = 0; i < (has_alpha_field ? 4u : 3u); ++i)
        put(bytes, kind.masks[i], 4);
    if (!has_alpha_field) return;
    put(bytes, 0x73524742, 4);  // LCS_sRGB
    for (int i = 0; i < 12; ++i)
        put(bytes, 0, 4);  // end points and gamma, unused with sRGB
    if (kind.header_bytes < 124) return;
    for (const std::uint32_t field : {4u, 0u, 0u, 0u})  // LCS_GM_IMAGES, no profile
        put(bytes, field, 4);
}

Bytes make_headers(const Request& request, std::uint32_t pixel_bytes) {
    const Kind& kind = *request.kind;
    const std::vector<Color> palette = make_palette(kind.bits);
    const bool masks_behind = kind.compression == kBitfields && kind.header_bytes == 40;
    const auto colors = static_cast<std::uint32_t>(palette.size());
    const std::uint32_t offset = 14 + kind.header_bytes + (masks_behind ? 12 : 0) + 4 * colors;
    Bytes bytes = {'B', 'M'};
    for (const std::uint32_t field : {offset + pixel_bytes, 0u, offset, kind.header_bytes})
        put(bytes, field, 4);
    if (kind.header_bytes == 12) {
        put(bytes, static_cast<std::uint32_t>(request.width), 2);
        put(bytes, static_cast<std::uint32_t>(request.height), 2);
        put(bytes, 1, 2);
        put(bytes, kind.bits, 2);
    } else {
        put_info_header(bytes, request, pixel_bytes, colors);
    }
    for (const Color& color : palette)
        for (const int channel : {color.blue, color.green, color.red, 0})
            put(bytes, static_cast<std::uint32_t>(channel), 1);
    return bytes;
}

// ---- the program -------------------------------------------------------------------------------

void write(std::ofstream& file, const Bytes& bytes) {
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

// Row by row, so that memory does not grow with the picture.
void write_raw(std::ofstream& file, const Request& request, const Landscape& scene) {
    write(file, make_headers(request, static_cast<std::uint32_t>(raw_bytes(request))));
    Bytes row;
    for (int line = 0; line < request.height && file; ++line) {
        const int y = request.kind->top_down ? line : request.height - 1 - line;
        row.clear();
        put_row(row, *request.kind, scene, request.width, request.height, y);
        write(file, row);
    }
}

// Only the last row tells how long they get.
void write_run_lengths(std::ofstream& file, const Request& request, const Landscape& scene) {
    Bytes pixels;
    for (int y = request.height - 1; y >= 0; --y)
        put_run_lengths(pixels, *request.kind, index_row(*request.kind, scene, request.width, y));
    put(pixels, 0x0100, 2);  // end of bitmap
    write(file, make_headers(request, static_cast<std::uint32_t>(pixels.size())));
    write(file, pixels);
}

bool write_bitmap(const Request& request) {
    const Landscape scene(request.width, request.height);
    std::ofstream file(request.path, std::ios::binary | std::ios::trunc);
    if (has_run_lengths(*request.kind))
        write_run_lengths(file, request, scene);
    else
        write_raw(file, request, scene);
    file.close();
    return !file.fail();
}

std::optional<int> parse_side(std::string_view text) {
    constexpr int kSideMax = 65535;  // what a core header can say
    int side = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (side < 1 || side > kSideMax) return std::nullopt;
    return side;
}

std::optional<Request> parse(const std::vector<std::string_view>& arguments) {
    // With 4 bytes a pixel, or with run lengths at their worst, still far from the 4 GiB where the
    // header's numbers end.
    constexpr std::int64_t kPixelsMax = std::int64_t{1} << 29;
    if (arguments.size() != 3) return std::nullopt;
    const auto kind = std::ranges::find(kKinds, arguments[0], &Kind::name);
    const std::size_t cross = arguments[1].find('x');
    if (kind == kKinds.end() || cross == std::string_view::npos) return std::nullopt;
    const auto width = parse_side(arguments[1].substr(0, cross));
    const auto height = parse_side(arguments[1].substr(cross + 1));
    if (!width || !height || arguments[2].empty()) return std::nullopt;
    if (std::int64_t{*width} * *height > kPixelsMax) return std::nullopt;
    return Request{&*kind, *width, *height, std::string(arguments[2])};
}

void print_usage(std::ostream& out) {
    out << "usage: mapferry-make-bmp KIND WIDTHxHEIGHT OUT.bmp\n"
           "Renders a landscape, the same on every machine. Sides are 1 to 65535 pixels, the\n"
           "whole picture has at most 512 Mi. KIND is one of\n";
    for (const Kind& kind : kKinds)
        out << "  " << kind.name << "\n";
    out << "exit codes: 0 ok, 64 usage, 74 cannot write\n"
           "example: mapferry-make-bmp bgr24 3840x2160 /tmp/uhd.bmp\n";
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv + std::min(argc, 1), argv + argc);
    if (arguments.size() == 1 && (arguments[0] == "-h" || arguments[0] == "--help")) {
        print_usage(std::cout);
        return 0;
    }
    const auto request = parse(arguments);
    if (!request) {
        std::cerr << "mapferry-make-bmp: error: expected KIND WIDTHxHEIGHT OUT.bmp\n";
        print_usage(std::cerr);
        return kExitUsage;
    }
    if (write_bitmap(*request)) return 0;
    std::cerr << "mapferry-make-bmp: error: cannot write \"" << request->path << "\"\n";
    std::error_code ignored;  // half a picture is worse than none; a device stays
    if (std::filesystem::is_regular_file(request->path, ignored))
        std::filesystem::remove(request->path, ignored);
    return kExitIo;
}
