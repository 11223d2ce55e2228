// SPDX-License-Identifier: Apache-2.0
// Errors for a section's name that something else has: another user's section, or no section at
// all. Each names that thing and one way out.
#pragma once

#include <string>

#include "mapferry/section.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"
#include "platform/place.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1 {

// Sets the section that the status's remedy is about.
[[nodiscard]] Status about(const SectionAddress& address, Status status);

// kPermission: it belongs to another user, and `address` does not trust it.
[[nodiscard]] Status of_another_user(const SectionAddress& address, const platform::Place& place);

// `failure` is the reason why the section could not be removed. The result adds its owner, where
// that is another user.
[[nodiscard]] Status not_removed(const SectionAddress& address, const platform::Place& place,
                                 Status failure);

// `failure` is the reason why it could not be opened or holds no section. The result adds what has
// the name, its owner (where `owners` makes a difference), and the way out.
[[nodiscard]] Status why_not_opened(const SectionAddress& address, Status failure,
                                    platform::Owners owners);

// Removes a section that nobody can use any more, so that its name is free. kPermission: it belongs
// to another user, and the system lets only that one remove it.
[[nodiscard]] Result<void> clear_remains(const platform::SharedObject& object);

// What a writer returns for a name that open_front() could not open. Success: nothing has the name
// any more. Otherwise kCannotCreate, or kPermission where it is another user's.
[[nodiscard]] Result<void> taken_by_no_section(const SectionAddress& address, Status failure);

// The error for a reader whose section is missing: kNotFound without a wait, else kTimedOut.
[[nodiscard]] Status did_not_appear(const SectionAddress& address, const Timeout& timeout);

// The error for a failure of open_front() that lasted through a wait.
[[nodiscard]] Status still_no_section(Status failure, const Timeout& timeout);

}  // namespace mapferry::inline v1
