// SPDX-License-Identifier: Apache-2.0
/// \file
/// For the programs of this project; no promise (docs/decisions/0044-what-is-public.md).
///
/// Facts about what is at a path. Paths are in UTF-8 (Linux: any bytes).
#pragma once

#include <optional>
#include <string>

#include "mapferry/payload.h"

namespace mapferry::inline v1 {

/// True when `path` is an existing folder, links followed.
[[nodiscard]] bool is_folder(const std::string& path);

/// The identity of the file at `path`, links not followed. Empty: there is no such file, or the
/// system has no answer.
[[nodiscard]] std::optional<FileIdentity> identity_of(const std::string& path);

}  // namespace mapferry::inline v1
