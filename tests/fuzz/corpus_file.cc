// SPDX-License-Identifier: Apache-2.0
#include "fuzz/corpus_file.h"

#include <fstream>
#include <stdexcept>

namespace mapferry::testing {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

std::uint8_t digit(char character, const std::string& path) {
    const std::size_t value = kDigits.find(character);
    if (value == std::string_view::npos)
        throw std::runtime_error(path + ": \"" + character + "\" is no hex digit");
    return static_cast<std::uint8_t>(value);
}

}  // namespace

std::vector<FuzzBytes> read_corpus(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::vector<FuzzBytes> corpus;
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with('#')) continue;
        if (line.size() % 2 != 0) throw std::runtime_error(path + ": half a byte");
        FuzzBytes input;
        for (std::size_t i = 0; i < line.size(); i += 2)
            input.push_back(
                static_cast<std::uint8_t>(digit(line[i], path) << 4 | digit(line[i + 1], path)));
        corpus.push_back(std::move(input));
    }
    return corpus;
}

std::string hex_line(const FuzzBytes& input) {
    std::string line;
    for (const std::uint8_t byte : input) {
        line += kDigits[byte >> 4];
        line += kDigits[byte & 15];
    }
    return line;
}

}  // namespace mapferry::testing
