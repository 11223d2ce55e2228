// SPDX-License-Identifier: Apache-2.0
#include "support/test_bytes.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "support/utf8_path.h"

namespace mapferry::testing {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

// SplitMix64 by Sebastiano Vigna: https://prng.di.unimi.it/splitmix64.c
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x632BE59BD9B4E019u) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
        z = (z ^ z >> 27) * 0x94D049BB133111EBu;
        return z ^ z >> 31;
    }

    void fill(std::span<std::byte> target) {
        while (!target.empty()) {
            const std::uint64_t word = next();
            const std::size_t count = std::min(target.size(), sizeof word);
            std::memcpy(target.data(), &word, count);
            target = target.subspan(count);
        }
    }

  private:
    std::uint64_t state_;
};

// Streams that throw on failure.
template <typename Stream>
Stream open(const std::string& path, std::ios::openmode mode) {
    Stream stream(path_of(path), mode | std::ios::binary);
    if (!stream) throw std::runtime_error("cannot open " + path);
    stream.exceptions(std::ios::badbit);
    return stream;
}

void put(std::ostream& stream, std::span<const std::byte> bytes) {
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

Bytes random_bytes(std::size_t count, std::uint64_t seed) {
    Bytes bytes(count);
    Random(seed).fill(bytes);
    return bytes;
}

Bytes bytes_of(const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

void write_file(const std::string& path, std::span<const std::byte> bytes) {
    auto stream = open<std::ofstream>(path, std::ios::trunc);
    put(stream, bytes);
}

void write_file(const std::string& path, const std::string& text) {
    write_file(path, std::as_bytes(std::span(text)));
}

void write_random_file(const std::string& path, std::uint64_t count, std::uint64_t seed) {
    auto stream = open<std::ofstream>(path, std::ios::trunc);
    Random random(seed);
    Bytes piece(kPieceBytes);
    while (count != 0) {
        const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(count, kPieceBytes));
        random.fill(std::span(piece).first(bytes));
        put(stream, std::span(piece).first(bytes));
        count -= bytes;
    }
}

void make_sparse_file(const std::string& path, std::uint64_t count) {
    write_file(path, std::span<const std::byte>());
    std::filesystem::resize_file(path_of(path), count);
}

void flip_bit(const std::string& path, std::uint64_t offset) {
    auto stream = open<std::fstream>(path, std::ios::in | std::ios::out);
    stream.seekg(static_cast<std::streamoff>(offset));
    const int old = stream.get();
    stream.seekp(static_cast<std::streamoff>(offset));
    stream.put(static_cast<char>(old ^ 1));
    if (old < 0 || !stream) throw std::runtime_error("cannot change " + path);
}

Bytes read_file(const std::string& path) {
    return bytes_of(read_text(path));
}

std::string read_text(const std::string& path) {
    auto stream = open<std::ifstream>(path, std::ios::in);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

bool same_content(const std::string& a, const std::string& b) {
    if (std::filesystem::file_size(path_of(a)) != std::filesystem::file_size(path_of(b)))
        return false;
    auto first = open<std::ifstream>(a, std::ios::in);
    auto second = open<std::ifstream>(b, std::ios::in);
    std::vector<char> from_first(kPieceBytes);
    std::vector<char> from_second(kPieceBytes);
    while (first) {
        first.read(from_first.data(), static_cast<std::streamsize>(from_first.size()));
        second.read(from_second.data(), static_cast<std::streamsize>(from_second.size()));
        if (first.gcount() != second.gcount()) return false;
        if (!std::equal(from_first.begin(), from_first.begin() + first.gcount(),
                        from_second.begin()))
            return false;
    }
    return true;
}

}  // namespace mapferry::testing
