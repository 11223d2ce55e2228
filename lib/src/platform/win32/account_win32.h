// SPDX-License-Identifier: Apache-2.0
// Users and groups by their names and security identifiers (SIDs).
#pragma once

#include <windows.h>

#include <memory>
#include <string>

namespace mapferry::inline v1::platform {

struct LocalFreer {
    void operator()(void* memory) const { ::LocalFree(memory); }
};
// For memory that the system's functions allocate.
template <typename T>
using LocalPtr = std::unique_ptr<T, LocalFreer>;

// "alice", or the number where the system knows no name.
[[nodiscard]] std::string account_text(PSID account);
// "user alice", "group Users".
[[nodiscard]] std::string account_with_kind(PSID account);

// "S-1-5-32-545"; empty when there is no memory for it.
[[nodiscard]] std::wstring sid_text(PSID account);
// The reverse. Null: it is none.
[[nodiscard]] LocalPtr<void> sid_of(const std::string& text);

}  // namespace mapferry::inline v1::platform
