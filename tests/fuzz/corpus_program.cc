// SPDX-License-Identifier: Apache-2.0
// Converts corpora between one file in the sources and the folder of files that libFuzzer uses.
//
//     mapferry_corpus unpack FILE FOLDER   writes a file for each input
//     mapferry_corpus pack FOLDER          prints the lines of all files there, shortest first
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/corpus_file.h"

namespace mapferry::testing {
namespace {

void unpack(const std::string& file, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    std::size_t number = 0;
    for (const FuzzBytes& input : read_corpus(file)) {
        std::ofstream target(folder / ("seed-" + std::to_string(number++)), std::ios::binary);
        std::ranges::copy(input, std::ostreambuf_iterator<char>(target));
    }
}

void pack(const std::filesystem::path& folder) {
    std::vector<FuzzBytes> corpus;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    std::ranges::sort(corpus, [](const FuzzBytes& a, const FuzzBytes& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    for (const FuzzBytes& input : corpus)
        std::cout << hex_line(input) << "\n";
}

int run(const std::vector<std::string>& words) {
    if (words.size() == 3 && words[0] == "unpack") {
        unpack(words[1], words[2]);
    } else if (words.size() == 2 && words[0] == "pack") {
        pack(words[1]);
    } else {
        std::cerr << "usage: mapferry_corpus unpack FILE FOLDER | pack FOLDER\n";
        return 64;
    }
    return 0;
}

}  // namespace
}  // namespace mapferry::testing

int main(int argc, char** argv) {
    return mapferry::testing::run(std::vector<std::string>(argv + 1, argv + argc));
}
