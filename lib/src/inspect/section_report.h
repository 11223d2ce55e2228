// SPDX-License-Identifier: Apache-2.0
// The report for onlookers on a section that is open already.
#pragma once

#include "mapferry/inspect.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

// inspect_section() for an open section.
[[nodiscard]] Result<SectionReport> report_of(const MappedSection& section);

}  // namespace mapferry::inline v1
