// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): accounts of users and groups.
#pragma once

#include <string>

#include "mapferry/section_address.h"
#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

// REQUIRES: not kNobody. The Sharing::id of an account that is given by its name or by its id: a
// name that looks like an id is a name. kUsage: there is no such account.
[[nodiscard]] Result<std::string> account_id(ShareWith kind, const std::string& account);

}  // namespace mapferry::inline v1::platform
