// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without a fuzzer, so that every compiler builds and tests it. Runs every input
// of its corpus, all shorter beginnings of each, and then inputs made from them by a generator that
// is the same everywhere. MAPFERRY_SOAK_SECONDS sets a duration instead of the fixed number of
// inputs.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>

#include "fuzz/corpus_file.h"
#include "fuzz/fuzz_input.h"
#include "support/soak_time.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kShortInputs = 20'000;
constexpr std::uint64_t kInputsBetweenLooks = 1000;
constexpr std::size_t kInputBytesMax = 4096;
constexpr std::size_t kShortenedMax = 300;

void execute(const FuzzBytes& input) {
    // The copy has exactly the input's size, so that a read past its end is detected.
    const FuzzBytes copy(input.begin(), input.end());
    LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

class Mutator {
  public:
    explicit Mutator(const std::vector<FuzzBytes>& corpus) : corpus_(&corpus) {}

    FuzzBytes next() {
        FuzzBytes input = (*corpus_)[random_() % corpus_->size()];
        for (auto rounds = 1 + random_() % 4; rounds > 0; --rounds)
            mutate(input);
        return input;
    }

  private:
    void mutate(FuzzBytes& input) {
        static constexpr std::uint8_t kEdges[] = {0, 1, 0x7F, 0x80, 0xFF};
        const std::size_t at = input.empty() ? 0 : random_() % input.size();
        switch (input.empty() ? 4u : static_cast<unsigned>(random_() % 6)) {
            case 0:
                input[at] ^= static_cast<std::uint8_t>(1u << random_() % 8);
                break;
            case 1:
                input[at] = static_cast<std::uint8_t>(random_());
                break;
            case 2:
                input[at] = kEdges[random_() % std::size(kEdges)];
                break;
            case 3:
                input.resize(at);
                break;
            case 4:
                append_other(input);
                break;
            default:
                input.insert(input.begin() + static_cast<std::ptrdiff_t>(at),
                             static_cast<std::uint8_t>(random_()));
        }
        if (input.size() > kInputBytesMax) input.resize(kInputBytesMax);
    }
    void append_other(FuzzBytes& input) {
        const FuzzBytes& other = (*corpus_)[random_() % corpus_->size()];
        input.insert(input.end(), other.begin(), other.end());
    }

    const std::vector<FuzzBytes>* corpus_;
    std::minstd_rand random_{20'260'101};
};

std::uint64_t replay(const std::vector<FuzzBytes>& corpus) {
    std::uint64_t count = 0;
    for (const FuzzBytes& input : corpus) {
        const std::size_t step = input.size() / kShortenedMax + 1;
        for (std::size_t bytes = 0; bytes < input.size(); bytes += step, ++count)
            execute({input.begin(), input.begin() + static_cast<std::ptrdiff_t>(bytes)});
        execute(input);
        ++count;
    }
    return count;
}

std::uint64_t mutate(const std::vector<FuzzBytes>& corpus, std::chrono::seconds seconds) {
    Mutator mutator(corpus);
    const auto until = std::chrono::steady_clock::now() + seconds;
    std::uint64_t count = 0;
    while (count < kShortInputs || std::chrono::steady_clock::now() < until)
        for (std::uint64_t i = 0; i < kInputsBetweenLooks; ++i, ++count)
            execute(mutator.next());
    return count;
}

int run(const std::string& target) {
    const std::chrono::seconds seconds(soak_seconds());
    auto corpus = read_corpus(std::string(MAPFERRY_CORPUS_PATH) + "/" + target + ".hex");
    if (corpus.empty()) throw std::runtime_error(target + " has no corpus");
    corpus.emplace_back();
    const std::uint64_t replayed = replay(corpus);
    const std::uint64_t made = mutate(corpus, seconds);
    print_figure("fuzz corpus replayed, " + target, replayed + made, " executions, ", corpus.size(),
                 " inputs in its corpus");
    return 0;
}

}  // namespace
}  // namespace mapferry::testing

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " TARGET\n";
        return 64;
    }
    return mapferry::testing::run(argv[1]);
}
