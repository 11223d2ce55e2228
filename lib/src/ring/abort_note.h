// SPDX-License-Identifier: Apache-2.0
// Why a writer gave up, in its own words. The readers report the same text as the writer.
#pragma once

#include <string>

#include "format/section_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// REQUIRES: the caller stores the writer's state afterwards, with release or stronger.
void put_abort_note(const SectionView& view, const Status& why);

// Safe to print to a terminal; empty when the writer gave no reason. REQUIRES: the caller has seen
// the aborted state, with acquire or stronger.
[[nodiscard]] std::string abort_note(const SectionView& view);

}  // namespace mapferry::inline v1
