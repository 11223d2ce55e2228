// SPDX-License-Identifier: Apache-2.0
// The memory for frames that are held: all of them together have a limit.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace mapferry::cli {

class MemoryBudget {
  public:
    explicit MemoryBudget(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}
    MemoryBudget(const MemoryBudget&) = delete;
    MemoryBudget& operator=(const MemoryBudget&) = delete;

    [[nodiscard]] std::uint64_t limit_bytes() const { return limit_bytes_; }
    // relaxed: a count, which protects nothing
    [[nodiscard]] std::uint64_t used_bytes() const {
        return used_bytes_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] bool is_over() const { return used_bytes() > limit_bytes_; }

  private:
    friend class MemoryShare;
    std::uint64_t limit_bytes_;
    std::atomic<std::uint64_t> used_bytes_ = 0;
};

// Bytes that count until its destruction. Move-only.
class MemoryShare {
  public:
    MemoryShare() = default;
    MemoryShare(MemoryBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) {
        // relaxed: see MemoryBudget
        budget.used_bytes_.fetch_add(bytes, std::memory_order_relaxed);
    }
    MemoryShare(MemoryShare&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    MemoryShare& operator=(MemoryShare&& other) noexcept {
        std::swap(budget_, other.budget_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~MemoryShare() {
        // relaxed: see MemoryBudget
        if (budget_ != nullptr) budget_->used_bytes_.fetch_sub(bytes_, std::memory_order_relaxed);
    }

  private:
    MemoryBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
};

}  // namespace mapferry::cli
