// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sections for several users. Both sides say so by name: the one that creates the section names
/// the users who may use it, and the others name whom they trust. What each side can still do to
/// the other is in SECURITY.md.
///
///     mapferry::Result<std::uint64_t> count_for(const std::string& name,
///                                               const std::string& group) {  // "group:video"
///         auto sharing = mapferry::parse_sharing(group);
///         if (!sharing) return std::unexpected(sharing.error());
///         auto buffer = mapferry::SharedBuffer::open_or_create(
///             {.address = {.name = name, .sharing = *sharing}, .size_bytes = 8});
///         if (!buffer) return std::unexpected(buffer.error());
///         auto lock = buffer->lock(std::chrono::seconds(5));
///         if (!lock) return std::unexpected(lock.error());
///         std::byte& count = lock->writable_bytes()[0];
///         count = std::byte(std::to_integer<int>(count) + 1);
///         return std::to_integer<std::uint64_t>(count);
///     }
#pragma once

#include <string_view>

#include "mapferry/section_address.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Looks the account up once, for any number of sections. `text` is "group:" or "user:" and a name
/// or a number, "group:video" or "user:1001"; Windows: a name or a SID, "user:S-1-5-21-...".
/// kUsage: it is neither, or there is no such account.
[[nodiscard]] Result<Sharing> parse_sharing(std::string_view text);

}  // namespace mapferry::inline v1
