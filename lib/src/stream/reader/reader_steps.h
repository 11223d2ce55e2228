// SPDX-License-Identifier: Apache-2.0
// What receive() and verify_section() do with a reader that its users can't: they are fast by it,
// and it is easy to misuse.
#pragma once

#include <cstddef>

#include "mapferry/reader.h"

namespace mapferry::inline v1 {

struct ReaderSteps {
    // From now on read() and read_piece() leave the bytes of the last `count` calls as they are,
    // each in a buffer of its own; 1 at first. next() counts as such a call. kSystem: no memory.
    [[nodiscard]] static Result<void> keep_blocks(Reader& reader, std::size_t count);

    // As read(), but checks the bytes where they are and returns only their count; 0 at the
    // payload's end.
    [[nodiscard]] static Result<std::size_t> verify(Reader& reader);
};

}  // namespace mapferry::inline v1
