// SPDX-License-Identifier: Apache-2.0
// What a reader of messages waits for, as a value. Another thread can look for it while the
// reader's own thread does something else.
#pragma once

#include <cstdint>
#include <optional>

#include "format/section_view.h"

namespace mapferry::inline v1 {

// A reader's line, and the ticket of its attachment there.
struct ReaderPlace {
    std::uint32_t line = 0;
    std::uint64_t ticket = 0;
};

class RingNews {
  public:
    // `place`: empty where readers take no line (keep). `sequence`: of the next message; empty
    // until the writer has admitted the reader.
    RingNews(const SectionView& view, std::optional<ReaderPlace> place,
             std::optional<std::uint64_t> sequence)
        : view_(view), place_(place), sequence_(sequence) {}

    // Whether the reader would find a message or the writer's end, or would find itself given up.
    [[nodiscard]] bool have_come() const;

  private:
    SectionView view_;
    std::optional<ReaderPlace> place_;
    std::optional<std::uint64_t> sequence_;
};

}  // namespace mapferry::inline v1
