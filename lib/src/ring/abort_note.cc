// SPDX-License-Identifier: Apache-2.0
#include "ring/abort_note.h"

#include <algorithm>
#include <cstring>

#include "format/shared_access.h"
#include "mapferry/printable_text.h"

namespace mapferry::inline v1 {

void put_abort_note(const SectionView& view, const Status& why) {
    layout::AbortNote note{};
    const std::size_t bytes = std::min<std::size_t>(why.message.size(), layout::kAbortTextBytes);
    note.text_bytes = static_cast<std::uint32_t>(bytes);
    std::memcpy(note.text, why.message.data(), bytes);
    shared::put(view.abort_note(), note);
}

std::string abort_note(const SectionView& view) {
    const layout::AbortNote note = shared::snapshot(view.abort_note());
    // The length comes from the section, so it is bounded before it is used.
    const std::size_t bytes = std::min(note.text_bytes, layout::kAbortTextBytes);
    return escape_for_terminal(std::string(reinterpret_cast<const char*>(note.text), bytes));
}

}  // namespace mapferry::inline v1
