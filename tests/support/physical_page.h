// SPDX-License-Identifier: Apache-2.0
// Which page of the machine's memory is behind an address. No GoogleTest here: programs that tests
// start use it too.
#pragma once

#include <string>

namespace mapferry::testing {

// The page's number where the system tells it (Linux: to the superuser), else the file's page that
// a shared mapping shows: two mappings of one page of one file are the same memory. Equal for equal
// pages, in all processes of this user. Empty where the system does not tell; the page must have
// been touched.
[[nodiscard]] std::string physical_page(const void* address);

}  // namespace mapferry::testing
