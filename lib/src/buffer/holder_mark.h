// SPDX-License-Identifier: Apache-2.0
// The mark of a buffer's holder: set after the kernel has given the lock, cleared before it is
// given back. A mark that is set although the lock was free shows that its holder died.
#pragma once

#include <cstdint>

#include "format/layout.h"
#include "format/shared_access.h"

namespace mapferry::inline v1 {

// Returns whether the mark was set.
[[nodiscard]] inline bool set_mark(layout::BufferLine& line) {
    // not slept for; acq_rel: partner is the store in clear_mark; the holder's bytes come with it
    return shared::exchange(line.held, std::uint32_t{1}, std::memory_order_acq_rel) != 0;
}

// For those who may only read.
[[nodiscard]] inline bool sees_mark(const layout::BufferLine& line) {
    // not slept for; acquire: partner is the store in clear_mark
    return shared::load(line.held, std::memory_order_acquire) != 0;
}

inline void clear_mark(layout::BufferLine& line) {
    // not slept for; release: partners are set_mark and sees_mark; the bytes were written before
    shared::store(line.held, std::uint32_t{0}, std::memory_order_release);
}

}  // namespace mapferry::inline v1
