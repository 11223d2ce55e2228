// SPDX-License-Identifier: Apache-2.0
// What a reader of messages waits for, as a value: a thread that is not the reader's can look for
// it while the reader does something else.
#pragma once

#include <cstdint>
#include <optional>

#include "format/section_view.h"

namespace mapferry::inline v1 {

// A reader's line, and the number of its attachment there.
struct ReaderPlace {
    std::uint32_t line = 0;
    std::uint64_t ticket = 0;
};

class RingNews {
  public:
    // `place`: empty where readers need none (keep). `sequence`: of the message that comes next;
    // empty as long as the place was asked for and not given.
    RingNews(const SectionView& view, std::optional<ReaderPlace> place,
             std::optional<std::uint64_t> sequence)
        : view_(view), place_(place), sequence_(sequence) {}

    // Whether the reader would find a message or the writer's end, or that it was given up.
    [[nodiscard]] bool have_come() const;

  private:
    SectionView view_;
    std::optional<ReaderPlace> place_;
    std::optional<std::uint64_t> sequence_;
};

}  // namespace mapferry::inline v1
