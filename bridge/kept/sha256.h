// SPDX-License-Identifier: Apache-2.0
// SHA-256, which other programs expect beside an object. Ours compare XXH3-128, which takes a tenth
// of the time, so SHA-256 is taken in a thread of its own.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <thread>

#include "mapferry/status.h"

namespace mapferry::cli {

// Over bytes that come in pieces. One thread at a time.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::span<const std::byte> bytes);
    // 32 bytes. Call once. kSystem: the cryptographic library refuses to compute it.
    [[nodiscard]] Result<std::string> value();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Over bytes that stay where they are. The destructor ends the work early.
class Sha256Thread {
  public:
    explicit Sha256Thread(std::span<const std::byte> bytes);
    ~Sha256Thread();
    Sha256Thread(const Sha256Thread&) = delete;
    Sha256Thread& operator=(const Sha256Thread&) = delete;

    // Waits for the value of all bytes.
    [[nodiscard]] Result<std::string> value();

  private:
    Sha256 hash_;
    std::atomic<bool> stop_{false};
    Result<std::string> value_;
    std::thread thread_;  // last: it uses the others
};

}  // namespace mapferry::cli
