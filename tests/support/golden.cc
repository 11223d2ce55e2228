// SPDX-License-Identifier: Apache-2.0
#include "support/golden.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "support/test_bytes.h"
#include "support/text_lines.h"

namespace mapferry::testing {

namespace {

constexpr std::size_t kRowBytes = 16;

std::string hex(std::size_t value, int digits) {
    std::array<char, 20> text{};
    (void)std::snprintf(text.data(), text.size(), "%0*zx", digits, value);
    return text.data();
}

std::string row_text(std::size_t offset, std::span<const std::byte> row) {
    std::string codes;
    std::string letters;
    for (std::size_t i = 0; i < kRowBytes; ++i) {
        if (i % 8 == 0) codes += ' ';
        codes += i < row.size() ? " " + hex(static_cast<std::size_t>(row[i]), 2) : "   ";
        if (i >= row.size()) continue;
        const char letter = static_cast<char>(row[i]);
        letters += letter >= ' ' && letter <= '~' ? letter : '.';
    }
    return hex(offset, 8) + codes + "  |" + letters + "|";
}

std::string difference(const std::string& golden, const std::string& actual) {
    const std::vector<std::string> before = lines_of(golden);
    const std::vector<std::string> now = lines_of(actual);
    std::string text;
    for (std::size_t i = 0; i < std::max(before.size(), now.size()); ++i) {
        if (i < before.size() && i < now.size() && before[i] == now[i]) continue;
        if (i < before.size()) text += "\n- " + before[i];
        if (i < now.size()) text += "\n+ " + now[i];
    }
    return text;
}

}  // namespace

std::string hex_dump(std::span<const std::byte> bytes) {
    std::string text;
    bool squeezing = false;
    for (std::size_t at = 0; at < bytes.size(); at += kRowBytes) {
        const auto row = bytes.subspan(at, std::min(kRowBytes, bytes.size() - at));
        const bool repeats = at != 0 && row.size() == kRowBytes &&
                             std::ranges::equal(row, bytes.subspan(at - kRowBytes, kRowBytes));
        if (!repeats) text += row_text(at, row) + "\n";
        if (repeats && !squeezing) text += "*\n";
        squeezing = repeats;
    }
    return text + hex(bytes.size(), 8) + "\n";
}

::testing::AssertionResult matches_golden(std::span<const std::byte> bytes,
                                          const std::string& name) {
    const std::string path = std::string(MAPFERRY_GOLDEN_PATH) + "/" + name;
    const std::string actual = hex_dump(bytes);
    if (std::getenv("MAPFERRY_WRITE_GOLDEN") != nullptr) {
        write_file(path, actual);
        return ::testing::AssertionSuccess();
    }
    if (!std::filesystem::exists(path)) return ::testing::AssertionFailure() << "no " << path;
    const std::string golden = read_text(path);
    if (golden == actual) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "the format has changed; - is " << name
                                         << ", + is now:" << difference(golden, actual);
}

}  // namespace mapferry::testing
