// SPDX-License-Identifier: Apache-2.0
#include "cli/size_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "mapferry/detail/number_text.h"

namespace mapferry::cli {

namespace {

struct Quantity {
    double number = 0;
    std::string unit;  // lower case
};

// A non-negative decimal number and the letters behind it.
std::optional<Quantity> split(std::string_view text) {
    Quantity quantity;
    // "inf", "nan", a sign and exponents are numbers too, but no quantities.
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    std::string_view number = text.substr(0, digits);
    if (!take_number(number, quantity.number)) return std::nullopt;
    for (const char at : text.substr(digits - number.size())) {
        const char letter = at >= 'A' && at <= 'Z' ? static_cast<char>(at - 'A' + 'a') : at;
        if (letter < 'a' || letter > 'z') return std::nullopt;
        quantity.unit += letter;
    }
    return quantity;
}

std::optional<double> plain_number(std::string_view text) {
    const auto quantity = split(text);
    if (!quantity || !quantity->unit.empty()) return std::nullopt;
    return quantity->number;
}

bool fits(double number) {
    return number <= std::numeric_limits<std::uint32_t>::max();
}

// The simplest fraction within a billionth of `number`, by its continued fraction: 2997/100 for
// 29.97.
std::optional<Ratio> simplest_ratio(double number) {
    constexpr double kClose = 1e-9;
    double rest = number;
    double numerator = std::floor(number);
    double denominator = 1;
    double last_numerator = 1;
    double last_denominator = 0;
    while (std::abs(numerator / denominator - number) > number * kClose) {
        rest = 1 / (rest - std::floor(rest));
        const double step = std::floor(rest);
        last_numerator = std::exchange(numerator, step * numerator + last_numerator);
        last_denominator = std::exchange(denominator, step * denominator + last_denominator);
        if (!fits(numerator) || !fits(denominator)) return std::nullopt;
    }
    return Ratio{.numerator = static_cast<std::uint32_t>(numerator),
                 .denominator = static_cast<std::uint32_t>(denominator)};
}

std::optional<double> size_unit(std::string_view unit) {
    constexpr std::string_view kPrefixes = "kmgt";
    if (unit.empty() || unit == "b") return 1.0;
    const std::size_t power = kPrefixes.find(unit.front());
    if (power == std::string_view::npos) return std::nullopt;
    const std::string_view rest = unit.substr(1);
    if (rest.empty() || rest == "ib") return std::pow(1024.0, static_cast<double>(power + 1));
    if (rest == "b") return std::pow(1000.0, static_cast<double>(power + 1));
    return std::nullopt;
}

std::optional<double> time_unit_ms(std::string_view unit) {
    if (unit == "ms") return 1.0;
    if (unit.empty() || unit == "s") return 1000.0;
    if (unit == "m" || unit == "min") return 60'000.0;
    if (unit == "h") return 3'600'000.0;
    if (unit == "d") return 86'400'000.0;
    return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
    // Plain numbers keep all their digits.
    if (const auto exact = whole_number<std::uint64_t>(text)) {
        if (*exact >> 63 != 0) return std::nullopt;
        return exact;
    }
    const auto quantity = split(text);
    if (!quantity) return std::nullopt;
    const auto unit = size_unit(quantity->unit);
    if (!unit) return std::nullopt;
    const double bytes = std::round(quantity->number * *unit);
    if (!(bytes < 9.2e18)) return std::nullopt;
    return static_cast<std::uint64_t>(bytes);
}

std::optional<Ratio> parse_rate(std::string_view text) {
    constexpr double kMost = 1e6;
    const std::size_t slash = text.find('/');
    const auto number = plain_number(text.substr(0, slash));
    const auto divisor =
        slash == std::string_view::npos ? std::optional(1.0) : plain_number(text.substr(slash + 1));
    if (!number || !divisor || *divisor == 0 || !(*number / *divisor <= kMost)) return std::nullopt;
    const auto is_whole = [](double value) { return fits(value) && value == std::floor(value); };
    if (is_whole(*number) && is_whole(*divisor))
        return Ratio{.numerator = static_cast<std::uint32_t>(*number),
                     .denominator = static_cast<std::uint32_t>(*divisor)};
    return simplest_ratio(*number / *divisor);
}

std::optional<std::int64_t> parse_time_ms(std::string_view text) {
    const auto quantity = split(text);
    if (!quantity) return std::nullopt;
    const auto unit = time_unit_ms(quantity->unit);
    if (!unit) return std::nullopt;
    const double milliseconds = std::round(quantity->number * *unit);
    if (!(milliseconds <= static_cast<double>(kTimeMostMs))) return std::nullopt;
    // A short time must not become 0, which means "do not wait".
    if (milliseconds == 0 && quantity->number > 0) return 1;
    return static_cast<std::int64_t>(milliseconds);
}

std::optional<Timeout> parse_timeout(std::string_view text) {
    if (text == "never") return std::optional<Timeout>(std::in_place, kForever);
    const auto time_ms = parse_time_ms(text);
    if (!time_ms) return std::nullopt;
    return std::chrono::milliseconds(*time_ms);
}

}  // namespace mapferry::cli
