// SPDX-License-Identifier: Apache-2.0
// Why a writer gave up, in its own words: what its user reads, its readers read too.
#pragma once

#include <string>

#include "format/section_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// REQUIRES: the writer's state is stored afterwards, with release.
void put_abort_note(const SectionView& view, const Status& why);

// Fit for a terminal; empty when the writer said nothing. REQUIRES: its state was seen to be
// aborted, with acquire.
[[nodiscard]] std::string abort_note(const SectionView& view);

}  // namespace mapferry::inline v1
