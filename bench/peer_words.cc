// SPDX-License-Identifier: Apache-2.0
#include "bench/peer_words.h"

#include <sstream>

namespace mapferry::bench {

std::string PeerWords::text(std::string_view key) const {
    for (const std::string& word : words_)
        if (word.size() > key.size() && word.starts_with(key) && word[key.size()] == '=')
            return word.substr(key.size() + 1);
    return {};
}

std::uint64_t PeerWords::number(std::string_view key) const {
    const std::string value = text(key);
    return value.empty() ? 0 : std::stoull(value);
}

std::vector<int> PeerWords::descriptors(std::string_view key) const {
    std::vector<int> numbers;
    std::istringstream list(text(key));
    for (std::string number; std::getline(list, number, ',');)
        numbers.push_back(std::stoi(number));
    return numbers;
}

}  // namespace mapferry::bench
