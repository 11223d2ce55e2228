// SPDX-License-Identifier: Apache-2.0
// Sections as the C interface writes them: "NAME", "file:PATH", "global:NAME".
#pragma once

#include "mapferry/section_address.h"
#include "mapferry/status.h"

namespace mapferry::capi {

// kUsage: `section` is NULL, or no such text. The label of a file is empty.
[[nodiscard]] Result<SectionAddress> parse_section(const char* section);

}  // namespace mapferry::capi
