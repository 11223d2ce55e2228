// SPDX-License-Identifier: Apache-2.0
// The words by which a reader line and the writer communicate. Each has a ticket, which identifies
// one attachment of the line, beside the reader's phase (ReaderLine.attachment) or the writer's
// verdict (Admission.verdict). Both words are in the section, so they may have any value.
#pragma once

#include <algorithm>
#include <cstdint>

namespace mapferry::inline v1 {

// No line is attached to so often: a larger ticket comes from damage. It leaves room for the phase
// in a word.
inline constexpr std::uint64_t kTicketMax = std::uint64_t{1} << 48;

// `state`: a layout::kPhase... or layout::kVerdict...
[[nodiscard]] constexpr std::uint64_t line_word(std::uint64_t ticket, std::uint64_t state) {
    return ticket << 8 | state;
}

[[nodiscard]] constexpr std::uint64_t ticket_of(std::uint64_t word) {
    return word >> 8;
}

// The phase of an attachment, or the verdict of an answer.
[[nodiscard]] constexpr std::uint64_t phase_of(std::uint64_t word) {
    return word & 0xFF;
}

[[nodiscard]] constexpr bool is_ticket(std::uint64_t ticket) {
    return ticket != 0 && ticket <= kTicketMax;
}

// The ticket of a line's next reader. It is larger than those that the line and the writer know,
// and in any case differs from both, because the writer distinguishes readers by it.
[[nodiscard]] constexpr std::uint64_t next_ticket(std::uint64_t attachment, std::uint64_t verdict) {
    const auto known = [](std::uint64_t word) {
        return ticket_of(word) < kTicketMax ? ticket_of(word) : 0;
    };
    const std::uint64_t next = std::max(known(attachment), known(verdict)) + 1;
    // At the end of the range, which only damage can reach, it begins again at 1.
    return next == ticket_of(attachment) || next == ticket_of(verdict) ? 1 : next;
}

}  // namespace mapferry::inline v1
