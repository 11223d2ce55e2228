// SPDX-License-Identifier: Apache-2.0
// What to say of a section's name that something else has: another user's section, or no section at
// all. Each message names it and one way out.
#pragma once

#include <string>

#include "mapferry/section.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"
#include "platform/place.h"

namespace mapferry::inline v1 {

// Names the section that the status's remedy is about.
[[nodiscard]] Status about(const SectionAddress& address, Status status);

// kPermission: it is another user's.
[[nodiscard]] Status of_another_user(const SectionAddress& address, const platform::Place& place);

// `failure` is why it could not be opened, or does not hold a section: with what has the name,
// whose that is unless `owners` makes no difference, and the way out.
[[nodiscard]] Status why_not_opened(const SectionAddress& address, Status failure,
                                    platform::Owners owners);

// What a writer says of a name that open_front() could not open: nothing where nobody has it any
// more; kCannotCreate, but kPermission where it is another user's.
[[nodiscard]] Result<void> taken_by_no_section(const SectionAddress& address, Status failure);

// An error of open_front() that waiting did not mend.
[[nodiscard]] Status still_no_section(Status failure, const Timeout& timeout);

}  // namespace mapferry::inline v1
