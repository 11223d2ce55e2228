// SPDX-License-Identifier: Apache-2.0
// The pages of the machine's memory. This file uses no GoogleTest: programs that tests start use
// it too.
#pragma once

#include <cstddef>
#include <string>

namespace mapferry::testing {

// Names the page behind a shared mapping by the page of its file: two mappings of one page of one
// file are the same memory. Where the system shows it (Linux: to the superuser), the number of the
// page frame follows. Equal for equal pages, in all processes of this user. Empty for private
// memory, and on Windows. The page must have been touched.
[[nodiscard]] std::string physical_page(const void* address);

// The size of a page.
[[nodiscard]] std::size_t page_bytes();

}  // namespace mapferry::testing
