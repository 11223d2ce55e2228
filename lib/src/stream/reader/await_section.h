// SPDX-License-Identifier: Apache-2.0
// A reader's arrival: waits for a section that this reader can use, and takes the role that it
// needs there.
#pragma once

#include "mapferry/reader.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

struct Arrival {
    MappedSection section;
    std::uint32_t line = 0;  // stream: index of the reader line whose role `section` holds
};

// As Reader::open() describes it, but the reader does not take part in the stream yet.
[[nodiscard]] Result<Arrival> await_section(const ReaderOptions& options);

}  // namespace mapferry::inline v1
