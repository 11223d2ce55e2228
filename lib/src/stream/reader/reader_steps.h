// SPDX-License-Identifier: Apache-2.0
// What receive() and verify_section() can do with a reader, and library users can't: it makes both
// fast, and it is easy to misuse.
#pragma once

#include <cstddef>

#include "mapferry/reader.h"

namespace mapferry::inline v1 {

struct ReaderSteps {
    // From now on the bytes of the last `count` calls of read() and read_piece() stay as they are,
    // each in a buffer of its own; without this call, those of one. next() counts as such a call.
    // kOutOfMemory.
    [[nodiscard]] static Result<void> keep_blocks(Reader& reader, std::size_t count);

    // Like read(), but checks the bytes in place and returns only their number; 0 at the payload's
    // end.
    [[nodiscard]] static Result<std::size_t> verify(Reader& reader);
};

}  // namespace mapferry::inline v1
