// SPDX-License-Identifier: Apache-2.0
// The few shapes that charts need, as SVG text.
#pragma once

#include <string>
#include <string_view>

namespace mapferry::bench {

struct Point {
    double x = 0;
    double y = 0;
};

enum class Anchor { kStart, kMiddle, kEnd };
enum class Weight { kNormal, kBold };
struct TextStyle {
    double size = 12;
    Anchor anchor = Anchor::kStart;
    Weight weight = Weight::kNormal;
    std::string_view colour = "#1f2328";
};

struct Stroke {
    std::string_view colour;
    double width = 1;
    std::string_view dash = {};  // as SVG's stroke-dasharray; empty: a solid line
};

enum class Shape { kCircle, kSquare, kDiamond, kTriangle, kTriangleDown };
enum class Fill { kFull, kHollow };
struct Marker {
    Shape shape = Shape::kCircle;
    Fill fill = Fill::kFull;
    std::string_view colour = "#1f2328";
};

// The largest width of `text` in the sans-serif fonts that a browser may choose.
[[nodiscard]] double text_width(std::string_view text, const TextStyle& style);

class Svg {
  public:
    explicit Svg(double width) : width_(width) {}
    void text(Point at, std::string_view words, const TextStyle& style = {});
    void line(Point from, Point to, const Stroke& stroke);
    void rectangle(Point corner, Point opposite, std::string_view colour);
    void marker(Point at, const Marker& marker);
    // The whole picture on a white background. `title` is for readers who can't see the picture.
    [[nodiscard]] std::string finished(double height, std::string_view title) const;

  private:
    double width_;
    std::string body_ = {};
};

}  // namespace mapferry::bench
