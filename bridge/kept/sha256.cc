// SPDX-License-Identifier: Apache-2.0
#include "bridge/kept/sha256.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

}  // namespace

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    bool good = context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1;

    State() = default;
    ~State() { EVP_MD_CTX_free(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> bytes) {
    if (state_->good)
        state_->good = EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1;
}

Result<std::string> Sha256::value() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    if (!state_->good || EVP_DigestFinal_ex(state_->context, digest.data(), &size) != 1)
        return fail(Code::kSystem, "the cryptographic library computes no SHA-256");
    return std::string(digest.begin(), digest.begin() + size);
}

Sha256Thread::Sha256Thread(std::span<const std::byte> bytes)
    : thread_([this, bytes]() mutable {
          // relaxed: the flag alone is the message
          while (!bytes.empty() && !stop_.load(std::memory_order_relaxed)) {
              const auto block = bytes.first(std::min(bytes.size(), kBlockBytes));
              hash_.update(block);
              bytes = bytes.subspan(block.size());
          }
          value_ = hash_.value();
      }) {}

Sha256Thread::~Sha256Thread() {
    stop_.store(true, std::memory_order_relaxed);
    if (thread_.joinable()) thread_.join();
}

Result<std::string> Sha256Thread::value() {
    if (thread_.joinable()) thread_.join();
    return value_;
}

}  // namespace mapferry::cli
