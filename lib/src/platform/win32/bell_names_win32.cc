// SPDX-License-Identifier: Apache-2.0
#include "platform/win32/bell_names_win32.h"

#include <windows.h>

#include <map>
#include <mutex>

#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

struct View {
    std::wstring id;
    AccessList access_list;
    std::uint64_t object_offset;
};

struct Views {
    std::mutex mutex;
    std::map<const void*, View> by_address;
};

// Never destroyed: views may be unmapped by destructors of other static objects.
Views& views() {
    static Views& all = *new Views;
    return all;
}

}  // namespace

void remember_view(const std::byte* view, const SharedObject& object, std::uint64_t object_offset) {
    Views& all = views();
    const std::lock_guard lock(all.mutex);
    all.by_address[view] = {.id = to_wide(object.id),
                            .access_list = object.access_list,
                            .object_offset = object_offset};
}

void forget_view(const std::byte* view) noexcept {
    Views& all = views();
    const std::lock_guard lock(all.mutex);
    all.by_address.erase(view);
}

Bell bell_of(const std::uint32_t& word, std::uint32_t value) {
    const auto* const address = reinterpret_cast<const std::byte*>(&word);
    Views& all = views();
    const std::lock_guard lock(all.mutex);
    auto after = all.by_address.upper_bound(address);
    if (after == all.by_address.begin()) return {};
    const auto& [begin, view] = *--after;
    const auto offset = view.object_offset +
                        static_cast<std::uint64_t>(address - static_cast<const std::byte*>(begin));
    return {view.id + L".bell." + std::to_wstring(offset) + L"." + std::to_wstring(value),
            view.access_list};
}

}  // namespace mapferry::inline v1::platform
