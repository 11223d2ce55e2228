// SPDX-License-Identifier: Apache-2.0
#include "platform/caches.h"

#include <windows.h>

#include <algorithm>
#include <vector>

namespace mapferry::inline v1::platform {

std::size_t last_cache_bytes() {
    DWORD answer_bytes = 0;
    ::GetLogicalProcessorInformation(nullptr, &answer_bytes);
    using Entry = SYSTEM_LOGICAL_PROCESSOR_INFORMATION;
    std::vector<Entry> entries(answer_bytes / sizeof(Entry));
    if (entries.empty() || ::GetLogicalProcessorInformation(entries.data(), &answer_bytes) == 0)
        return 0;
    std::size_t largest = 0;
    for (const Entry& entry : entries)
        if (entry.Relationship == RelationCache && entry.Cache.Level == 3)
            largest = std::max<std::size_t>(largest, entry.Cache.Size);
    return largest;
}

}  // namespace mapferry::inline v1::platform
