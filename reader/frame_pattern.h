// SPDX-License-Identifier: Apache-2.0
// Names of numbered files: frame-%06d.png.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mapferry::cli {

// A path with exactly one %d or %0Nd, where N is 1 to 9. %% stands for a percent sign.
class FramePattern {
  public:
    // Empty: the text is an ordinary path, not a pattern.
    [[nodiscard]] static std::optional<FramePattern> parse(std::string_view text);

    // The number has leading zeros up to N digits; larger numbers have more digits.
    [[nodiscard]] std::string path(std::uint64_t number) const;

  private:
    std::string before_;
    std::string behind_;
    std::size_t digits_ = 0;
};

}  // namespace mapferry::cli
