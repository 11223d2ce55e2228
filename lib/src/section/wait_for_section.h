// SPDX-License-Identifier: Apache-2.0
// Waiting for what can't be slept for: a section that is to appear, or to go.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "mapferry/section.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

// Paces a loop that looks for a section: often at first, since the other side is usually started at
// the same moment, then each hundredth of a second.
//
//     SectionWait wait(timeout, stop);
//     while (true) {
//         ... look, and return what was found ...
//         TRY_ASSIGN(const bool in_time, wait.next_look());
//         if (!in_time) return fail(...);
//     }
class SectionWait {
  public:
    SectionWait(const Timeout& timeout, const std::atomic<int>* stop);

    // Sleeps until it is time for another look. False at once: the time is up. kInterrupted: `stop`
    // is raised.
    [[nodiscard]] Result<bool> next_look() const;

  private:
    std::int64_t began_ns_;
    std::int64_t timeout_us_;
    const std::atomic<int>* stop_;
};

// Takes the role of the first free reader line that `suits`, into section.role. Empty: all that
// suit are taken.
[[nodiscard]] Result<std::optional<std::uint32_t>> take_reader_line(
    MappedSection& section, const std::function<bool(std::uint32_t line)>& suits);

// Stays until the section's name is gone, `is_consumed` or `timeout` has passed. kInterrupted.
[[nodiscard]] Result<LingerEnd> linger_for(const platform::SharedObject& object,
                                           const Timeout& timeout, const std::atomic<int>* stop,
                                           const std::function<bool()>& is_consumed);

}  // namespace mapferry::inline v1
