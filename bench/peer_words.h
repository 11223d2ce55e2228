// SPDX-License-Identifier: Apache-2.0
// What a process of a run is told: words like "source=/dev/shm/x". No library reads them: how fast
// a process starts is a part of what is measured.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry::bench {

class PeerWords {
  public:
    PeerWords(int count, char** words) : words_(words, words + count) {}
    [[nodiscard]] std::string text(std::string_view key) const;      // "" where it is missing
    [[nodiscard]] std::uint64_t number(std::string_view key) const;  // 0 where it is missing
    [[nodiscard]] bool flag(std::string_view key) const { return number(key) != 0; }
    [[nodiscard]] std::vector<int> descriptors(std::string_view key) const;  // "10,11,12"

  private:
    std::vector<std::string> words_;
};

// The descriptor by which a sender tells its digest and a receiver hears of it, where the words
// don't name another one; and the one by which a receiver tells its figure.
inline constexpr int kNoteDescriptor = 3;
inline constexpr int kFigureDescriptor = 4;

// The roles. Each returns the exit code of its process.
int send_stream(const PeerWords& words);
int receive_stream(const PeerWords& words);
int send_payloads(const PeerWords& words);
int receive_payloads(const PeerWords& words);

}  // namespace mapferry::bench
