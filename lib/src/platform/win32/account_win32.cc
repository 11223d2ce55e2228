// SPDX-License-Identifier: Apache-2.0
#include "platform/win32/account_win32.h"

#include <sddl.h>

#include <array>
#include <cstddef>

#include "base/fail.h"
#include "mapferry/printable_text.h"
#include "platform/account.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

bool is_group(SID_NAME_USE use) {
    return use == SidTypeGroup || use == SidTypeAlias || use == SidTypeWellKnownGroup;
}

struct NamedAccount {
    std::wstring name;
    SID_NAME_USE use = SidTypeUnknown;
};

// An empty name: the system knows none.
NamedAccount look_up(PSID account) {
    std::array<wchar_t, 257> name{};
    std::array<wchar_t, 257> domain{};
    auto name_size = static_cast<DWORD>(name.size());
    auto domain_size = static_cast<DWORD>(domain.size());
    NamedAccount found;
    if (::LookupAccountSidW(nullptr, account, name.data(), &name_size, domain.data(), &domain_size,
                            &found.use) != 0)
        found.name = name.data();
    return found;
}

}  // namespace

std::wstring sid_text(PSID account) {
    wchar_t* text = nullptr;
    if (::ConvertSidToStringSidW(account, &text) == 0) return {};
    const LocalPtr<wchar_t> owned(text);
    return owned.get();
}

LocalPtr<void> sid_of(const std::string& text) {
    PSID sid = nullptr;
    if (text.empty() || ::ConvertStringSidToSidW(to_wide(text).c_str(), &sid) == 0) return nullptr;
    return LocalPtr<void>(sid);
}

std::string account_text(PSID account) {
    const NamedAccount found = look_up(account);
    return to_utf8(found.name.empty() ? sid_text(account) : found.name);
}

std::string account_with_kind(PSID account) {
    return (is_group(look_up(account).use) ? "group " : "user ") + account_text(account);
}

Result<std::string> account_id(ShareWith kind, const std::string& account) {
    std::array<std::byte, SECURITY_MAX_SID_SIZE> sid{};
    std::array<wchar_t, 257> domain{};
    auto sid_size = static_cast<DWORD>(sid.size());
    auto domain_size = static_cast<DWORD>(domain.size());
    SID_NAME_USE use{};
    const bool wants_group = kind == ShareWith::kGroup;
    const bool known = ::LookupAccountNameW(nullptr, to_wide(account).c_str(), sid.data(),
                                            &sid_size, domain.data(), &domain_size, &use) != 0;
    if (known && (wants_group ? is_group(use) : use == SidTypeUser))
        return to_utf8(sid_text(sid.data()));
    if (sid_of(account)) return account;
    return fail(Code::kUsage,
                "there is no " + std::string(wants_group ? "group " : "user ") + in_quotes(account),
                "give its name or its SID (S-1-5-...)");
}

}  // namespace mapferry::inline v1::platform
