// SPDX-License-Identifier: Apache-2.0
// Makes a section as a writer does, but without a writer.
#pragma once

#include "section/mapped_section.h"

namespace mapferry::testing {

[[nodiscard]] inline Result<MappedSection> create_section(const SectionAddress& address,
                                                          const Geometry& geometry,
                                                          ReserveNow reserve) {
    auto section = prepare_section(address, geometry, reserve);
    if (!section) return section;
    if (auto named = publish_section(section->object); !named)
        return std::unexpected(named.error());
    return section;
}

}  // namespace mapferry::testing
