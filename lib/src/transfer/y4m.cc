// SPDX-License-Identifier: Apache-2.0
// The format: the manual page yuv4mpeg(5) of mjpegtools. Names with a p, as 420p10, and XCOLORRANGE
// are ffmpeg's.
#include "mapferry/y4m.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "mapferry/detail/number_text.h"
#include "mapferry/printable_text.h"

namespace mapferry::inline v1 {

namespace {

struct ColorFormat {
    std::string_view name;
    std::uint32_t fourcc;
    ChromaSite site = ChromaSite::kUnknown;
};
// Of two names for one format and site, the first is written.
constexpr std::array kColorFormats = {
    ColorFormat{"420jpeg", kFourccI420, ChromaSite::kCenter},
    ColorFormat{"420mpeg2", kFourccI420, ChromaSite::kLeft},
    ColorFormat{"420paldv", kFourccI420, ChromaSite::kTopLeft},
    ColorFormat{"420", kFourccI420, ChromaSite::kCenter},
    ColorFormat{"422", kFourccI422},
    ColorFormat{"444", kFourccI444},
    ColorFormat{"mono", kFourccGray8},
    ColorFormat{"mono10", kFourccGray10},
    ColorFormat{"mono12", kFourccGray12},
    ColorFormat{"mono16", kFourccGray16},
    ColorFormat{"420p10", kFourccS010},
    ColorFormat{"422p10", kFourccS210},
    ColorFormat{"444p10", kFourccS410},
    ColorFormat{"420p12", kFourccS012},
    ColorFormat{"422p12", kFourccS212},
    ColorFormat{"444p12", kFourccS412},
    ColorFormat{"420p16", kFourccS016},
    ColorFormat{"422p16", kFourccS216},
    ColorFormat{"444p16", kFourccS416},
};

struct ScanLetter {
    char letter;
    Scan scan;
};
constexpr std::array kScanLetters = {
    ScanLetter{'?', Scan::kUnknown},       ScanLetter{'p', Scan::kProgressive},
    ScanLetter{'t', Scan::kTopFieldFirst}, ScanLetter{'b', Scan::kBottomFieldFirst},
    ScanLetter{'m', Scan::kMixed},
};

constexpr std::string_view kRangeTag = "COLORRANGE=";
constexpr std::string_view kOldFormatTag = "YSCSS=";
constexpr const char* kFormatHint = "let ffmpeg convert it: -pix_fmt yuv420p";

std::unexpected<Status> damaged_y4m(std::string_view parameter) {
    return fail(Code::kCorrupt, "the YUV4MPEG2 header is damaged: " + in_quotes(parameter));
}

bool read_side(std::string_view text, std::uint32_t& side) {
    return take_number(text, side) && text.empty() && side != 0;
}

// "30000:1001". A zero on either side: not known.
bool read_ratio(std::string_view text, Ratio& ratio) {
    Ratio read;
    if (!take_number(text, read.numerator) || !text.starts_with(':')) return false;
    text.remove_prefix(1);
    if (!take_number(text, read.denominator) || !text.empty()) return false;
    ratio = read.numerator == 0 || read.denominator == 0 ? Ratio{} : read;
    return true;
}

bool read_scan(std::string_view text, Scan& scan) {
    if (text.size() != 1) return false;
    const auto known = std::ranges::find(kScanLetters, text[0], &ScanLetter::letter);
    if (known == kScanLetters.end()) return false;
    scan = known->scan;
    return true;
}

struct Parameters {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    StreamFacts facts;
    std::string format;
    std::string old_format;  // of programs before there was C
    ColorRange range = ColorRange::kUnknown;
};

// Behind an X every program writes what it likes.
void read_extension(std::string_view text, Parameters& stream) {
    if (text == std::string(kRangeTag) + "FULL") stream.range = ColorRange::kFull;
    if (text == std::string(kRangeTag) + "LIMITED") stream.range = ColorRange::kLimited;
    if (!text.starts_with(kOldFormatTag)) return;
    stream.old_format = text.substr(kOldFormatTag.size());
    std::ranges::transform(stream.old_format, stream.old_format.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
}

bool read_parameter(std::string_view parameter, Parameters& stream) {
    const std::string_view text = parameter.substr(1);
    switch (parameter.front()) {
        case 'W':
            return read_side(text, stream.width);
        case 'H':
            return read_side(text, stream.height);
        case 'F':
            return read_ratio(text, stream.facts.frame_rate);
        case 'A':
            return read_ratio(text, stream.facts.pixel_aspect);
        case 'I':
            return read_scan(text, stream.facts.scan);
        case 'C':
            stream.format = text;
            return true;
        case 'X':
            read_extension(text, stream);
            return true;
        default:
            return true;  // a parameter of a later time
    }
}

Result<Y4mHeader> describe(const Parameters& stream) {
    std::string_view name = stream.format.empty() ? stream.old_format : stream.format;
    if (name.empty()) name = kColorFormats.front().name;
    const auto format = std::ranges::find(kColorFormats, name, &ColorFormat::name);
    if (format == kColorFormats.end())
        return fail(Code::kUsage, "the colour format " + in_quotes(name) + " is not known",
                    kFormatHint);
    TRY_ASSIGN(auto image,
               describe_raw_image(stream.width, stream.height, pixel_format_name(format->fourcc)));
    image.color.range = stream.range;
    image.color.chroma_site = format->site;
    return Y4mHeader{.image = image, .facts = stream.facts};
}

std::string ratio_text(char letter, const Ratio& ratio) {
    if (ratio.numerator == 0 || ratio.denominator == 0) return {};
    return std::string(" ") + letter + std::to_string(ratio.numerator) + ":" +
           std::to_string(ratio.denominator);
}

// The colour format in which an image is written. Only 8 bits of 4:2:0 have names for several
// sites; those of other sites go as the usual one.
const ColorFormat* format_of(const ImageDescription& image) {
    const std::uint32_t fourcc = image.fourcc == kFourccYv12 ? kFourccI420 : image.fourcc;
    const auto same = [&](const ColorFormat& format) {
        return format.fourcc == fourcc && format.site == image.color.chroma_site;
    };
    auto found = std::ranges::find_if(kColorFormats, same);
    if (found == kColorFormats.end())
        found = std::ranges::find(kColorFormats, fourcc, &ColorFormat::fourcc);
    return found == kColorFormats.end() ? nullptr : &*found;
}

}  // namespace

Result<Y4mHeader> parse_y4m_header(std::string_view line) {
    return guarded([&]() -> Result<Y4mHeader> {
        if (!line.starts_with(kY4mMagic)) return fail(Code::kCorrupt, "it is no YUV4MPEG2 stream");
        Parameters stream;
        std::string_view rest = line.substr(kY4mMagic.size());
        while (!rest.empty()) {
            const std::string_view parameter = rest.substr(0, rest.find(' '));
            rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
            if (!parameter.empty() && !read_parameter(parameter, stream))
                return damaged_y4m(parameter);
        }
        if (stream.width == 0 || stream.height == 0) return damaged_y4m("no width and height");
        return describe(stream);
    });
}

bool is_y4m_frame_line(std::string_view line) {
    constexpr std::string_view kWord = kY4mFrameLine.substr(0, kY4mFrameLine.size() - 1);
    return line.starts_with(kWord) && (line.size() == kWord.size() || line[kWord.size()] == ' ');
}

Result<std::string> make_y4m_header(const Y4mHeader& stream) {
    return guarded([&]() -> Result<std::string> {
        const ImageDescription& image = stream.image;
        const ColorFormat* const format = format_of(image);
        if (format == nullptr)
            return fail(Code::kUsage,
                        "YUV4MPEG2 has no images of " + pixel_format_name(image.fourcc));
        std::string line(kY4mMagic);
        line += "W" + std::to_string(image.width) + " H" + std::to_string(image.height);
        line += ratio_text('F', stream.facts.frame_rate);
        const auto scan = std::ranges::find(kScanLetters, stream.facts.scan, &ScanLetter::scan);
        if (scan != kScanLetters.end() && scan->scan != Scan::kUnknown)
            line += std::string(" I") + scan->letter;
        line += ratio_text('A', stream.facts.pixel_aspect) + " C" + std::string(format->name);
        if (image.color.range != ColorRange::kUnknown)
            line += std::string(" X") + std::string(kRangeTag) +
                    (image.color.range == ColorRange::kFull ? "FULL" : "LIMITED");
        return line + "\n";
    });
}

}  // namespace mapferry::inline v1
