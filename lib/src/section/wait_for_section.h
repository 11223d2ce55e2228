// SPDX-License-Identifier: Apache-2.0
// Waiting for events that ring no bell: a section appears, or goes.
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

// Paces a loop that looks for a section: often at first, because the other side is usually started
// at the same moment, then a hundred times a second.
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

    // Sleeps until the next look is due. False: the time is up. kInterrupted: `stop` is raised.
    [[nodiscard]] Result<bool> next_look() const;

  private:
    std::int64_t began_ns_;
    std::int64_t timeout_us_;
    const std::atomic<int>* stop_;
};

// Takes the role of the first free reader line that `suits`, into section.role. Empty: no such line
// is free.
[[nodiscard]] Result<std::optional<std::uint32_t>> take_reader_line(
    MappedSection& section, const std::function<bool(std::uint32_t line)>& suits);

// The error when each line is taken. kBusy for a look, kTimedOut at the end of a wait. `remedy`:
// where the writer can make the section with more lines.
[[nodiscard]] Status all_lines_taken(const SectionAddress& address, Code code,
                                     Remedy remedy = Remedy::kNone);

// Returns when the section's name is gone, `is_consumed`, or `timeout` has passed. kInterrupted.
[[nodiscard]] Result<LingerEnd> linger_for(const platform::SharedObject& object,
                                           const Timeout& timeout, const std::atomic<int>* stop,
                                           const std::function<bool()>& is_consumed);

}  // namespace mapferry::inline v1
