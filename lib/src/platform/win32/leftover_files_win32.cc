// SPDX-License-Identifier: Apache-2.0
#include "platform/win32/leftover_files_win32.h"

#include <windows.h>

#include <cstdint>
#include <string_view>

#include "platform/place.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

// A file older than this is no longer being made.
constexpr std::int64_t kLeftoverAgeNs = 60'000'000'000;

std::int64_t age_ns(const FILETIME& time) {
    FILETIME now{};
    ::GetSystemTimeAsFileTime(&now);
    const auto ticks = [](const FILETIME& value) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(value.dwHighDateTime) << 32 |
                                         value.dwLowDateTime);
    };
    return (ticks(now) - ticks(time)) * 100;
}

// A search in a folder, which ends with this object.
class FoundFiles {
  public:
    FoundFiles(const std::wstring& pattern, WIN32_FIND_DATAW& first)
        : search_(::FindFirstFileW(pattern.c_str(), &first)) {}
    ~FoundFiles() {
        if (valid()) ::FindClose(search_);
    }
    FoundFiles(const FoundFiles&) = delete;
    FoundFiles& operator=(const FoundFiles&) = delete;

    [[nodiscard]] bool valid() const { return search_ != INVALID_HANDLE_VALUE; }
    [[nodiscard]] bool next(WIN32_FIND_DATAW& found) const {
        return ::FindNextFileW(search_, &found) != 0;
    }

  private:
    HANDLE search_;
};

// Calls `act` with the path of each file in the folder whose name has this beginning.
template <typename Act>
void for_each_file(const std::string& folder, std::string_view prefix, const Act& act) {
    const std::string pattern = folder + "/" + std::string(prefix) + "*";
    WIN32_FIND_DATAW found{};
    const FoundFiles search(wide_path(pattern), found);
    if (!search.valid()) return;
    do {
        act(folder + "/" + to_utf8(found.cFileName), found);
    } while (search.next(found));
}

}  // namespace

void remove_leftovers(const std::string& folder) {
    for_each_file(folder, kTemporaryPrefix, [](const std::string& path, const auto& found) {
        if (age_ns(found.ftLastWriteTime) > kLeftoverAgeNs) (void)remove_leftover(path);
    });
    for_each_file(folder, kRemovedPrefix, [](const std::string& path, const auto&) {
        ::DeleteFileW(wide_path(path).c_str());
    });
}

}  // namespace mapferry::inline v1::platform
