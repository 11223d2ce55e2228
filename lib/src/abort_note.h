// Why a writer gave up, in its own words: what its user reads, its readers read too.
#pragma once

#include <string>

#include "mapferry/status.h"
#include "section_view.h"

namespace mapferry {

// REQUIRES: the writer's state is stored afterwards, with release.
void put_abort_note(const SectionView& view, const Status& why);

// Fit for a terminal; empty when the writer said nothing. REQUIRES: its state was seen to be
// aborted, with acquire.
[[nodiscard]] std::string abort_note(const SectionView& view);

}  // namespace mapferry
