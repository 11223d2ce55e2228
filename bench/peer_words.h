// SPDX-License-Identifier: Apache-2.0
// The arguments of a process of a run: words like "source=/dev/shm/x". No library parses them,
// because the start of a process is a part of the measurement.
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

// kNoteDescriptor: a sender writes its digest to it and a receiver reads it there, unless the words
// name other descriptors. kFigureDescriptor: a receiver writes its figure to it.
inline constexpr int kNoteDescriptor = 3;
inline constexpr int kFigureDescriptor = 4;

// The roles. Each returns the exit code of its process.
int send_stream(const PeerWords& words);
int receive_stream(const PeerWords& words);
int send_payloads(const PeerWords& words);
int receive_payloads(const PeerWords& words);

}  // namespace mapferry::bench
