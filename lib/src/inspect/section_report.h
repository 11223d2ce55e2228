// SPDX-License-Identifier: Apache-2.0
// What onlookers are told of a section that is open already.
#pragma once

#include "mapferry/inspect.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

// inspect_section() without opening.
[[nodiscard]] Result<SectionReport> report_of(const MappedSection& section);

}  // namespace mapferry::inline v1
