// SPDX-License-Identifier: Apache-2.0
#include "bench/chart_svg.h"

#include <fmt/format.h>

#include <algorithm>

namespace mapferry::bench {

namespace {

// DejaVu Sans, the widest usual font, needs less for each letter.
constexpr double kLetterWidth = 0.6;
constexpr double kBoldLetterWidth = 0.67;
constexpr double kMarkerRadius = 4.5;

std::string escaped(std::string_view words) {
    std::string text;
    for (const char letter : words) {
        if (letter == '&')
            text += "&amp;";
        else if (letter == '<')
            text += "&lt;";
        else
            text += letter;
    }
    return text;
}

std::string_view anchor_name(Anchor anchor) {
    if (anchor == Anchor::kStart) return "start";
    return anchor == Anchor::kMiddle ? "middle" : "end";
}

// The corners of a marker around the origin.
std::string_view corners(Shape shape) {
    if (shape == Shape::kSquare) return "-4,-4 4,-4 4,4 -4,4";
    if (shape == Shape::kDiamond) return "0,-5.5 5.5,0 0,5.5 -5.5,0";
    if (shape == Shape::kTriangle) return "0,-5.5 5,4 -5,4";
    return "0,5.5 5,-4 -5,-4";
}

}  // namespace

double text_width(std::string_view text, const TextStyle& style) {
    const auto letters = std::ranges::count_if(
        text, [](unsigned char byte) { return (byte & 0xc0U) != 0x80U; });  // UTF-8
    const double each = style.weight == Weight::kBold ? kBoldLetterWidth : kLetterWidth;
    return static_cast<double>(letters) * each * style.size;
}

void Svg::text(Point at, std::string_view words, const TextStyle& style) {
    body_ += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:g}\" text-anchor=\"{}\"{} "
        "fill=\"{}\">{}</text>\n",
        at.x, at.y, style.size, anchor_name(style.anchor),
        style.weight == Weight::kBold ? " font-weight=\"bold\"" : "", style.colour, escaped(words));
}

void Svg::line(Point from, Point to, const Stroke& stroke) {
    body_ += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" "
        "stroke-width=\"{:g}\"{}/>\n",
        from.x, from.y, to.x, to.y, stroke.colour, stroke.width,
        stroke.dash.empty() ? "" : fmt::format(" stroke-dasharray=\"{}\"", stroke.dash));
}

void Svg::rectangle(Point corner, Point opposite, std::string_view colour) {
    body_ += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
        corner.x, corner.y, opposite.x - corner.x, opposite.y - corner.y, colour);
}

void Svg::marker(Point at, const Marker& marker) {
    const std::string look =
        fmt::format("fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"",
                    marker.fill == Fill::kFull ? marker.colour : "#ffffff", marker.colour);
    if (marker.shape == Shape::kCircle)
        body_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\" {}/>\n", at.x, at.y,
                             kMarkerRadius, look);
    else
        body_ += fmt::format("<polygon points=\"{}\" transform=\"translate({:.1f} {:.1f})\" {}/>\n",
                             corners(marker.shape), at.x, at.y, look);
}

std::string Svg::finished(double height, std::string_view title) const {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" "
        "viewBox=\"0 0 {0:g} {1:g}\" role=\"img\" "
        "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n"
        "<title>{2}</title>\n<rect width=\"{0:g}\" height=\"{1:g}\" fill=\"#ffffff\"/>\n{3}"
        "</svg>\n",
        width_, height, escaped(title), body_);
}

}  // namespace mapferry::bench
