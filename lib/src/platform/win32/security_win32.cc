// SPDX-License-Identifier: Apache-2.0
#include "platform/win32/security_win32.h"

#include <aclapi.h>
#include <sddl.h>

#include <string_view>
#include <vector>

#include "base/fail.h"
#include "base/try.h"
#include "platform/handle.h"
#include "platform/native_error.h"
#include "platform/win32/account_win32.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

// What an entry of a list permits. Others read, write and wait, but give no permissions:
// READ_CONTROL, SYNCHRONIZE, and the bits that map a section, release a mutex and set an event.
constexpr const wchar_t* kEverything = L"GA";
constexpr const wchar_t* kUseObject = L"0x120007";
constexpr const wchar_t* kUseFile = L"GRGW";
// An entry with one of these rights lets its account change the object.
constexpr ACCESS_MASK kWrites = GENERIC_ALL | GENERIC_WRITE | WRITE_DAC | WRITE_OWNER |
                                FILE_WRITE_DATA;  // the same bit as SECTION_MAP_WRITE

// One fact of this process's token: TOKEN_USER, TOKEN_OWNER; empty when it can't be read.
std::vector<std::byte> token_fact(TOKEN_INFORMATION_CLASS which) {
    HANDLE raw = nullptr;
    if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &raw) == 0) return {};
    const Handle token(reinterpret_cast<std::intptr_t>(raw));
    DWORD bytes = 0;
    ::GetTokenInformation(raw, which, nullptr, 0, &bytes);
    std::vector<std::byte> fact(bytes);
    if (bytes == 0 || ::GetTokenInformation(raw, which, fact.data(), bytes, &bytes) == 0) return {};
    return fact;
}

// "S-1-5-21-..."; empty when the token can't be read.
std::wstring own_sid() {
    const auto user = token_fact(TokenUser);
    return user.empty() ? L""
                        : sid_text(reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid);
}

bool is_administrators(PSID sid) {
    return ::IsWellKnownSid(sid, WinBuiltinAdministratorsSid) != 0 ||
           ::IsWellKnownSid(sid, WinLocalSystemSid) != 0;
}

// Whether objects of this owner may be trusted like this user's own.
bool is_own(PSID owner) {
    const auto user = token_fact(TokenUser);
    if (!user.empty() &&
        ::EqualSid(owner, reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid) != 0)
        return true;
    const auto usual = token_fact(TokenOwner);
    if (!usual.empty() &&
        ::EqualSid(owner, reinterpret_cast<const TOKEN_OWNER*>(usual.data())->Owner) != 0)
        return true;
    return is_administrators(owner);
}

std::wstring entry(const wchar_t* rights, std::wstring_view sid) {
    return std::wstring(L"(A;;") + rights + L";;;" + std::wstring(sid) + L")";
}

// A list of these entries, protected from inheritance. Null when they make none.
PSECURITY_DESCRIPTOR make_list(const std::wstring& entries) {
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    if (::ConvertStringSecurityDescriptorToSecurityDescriptorW(
            (L"D:P" + entries).c_str(), SDDL_REVISION_1, &descriptor, nullptr) == 0)
        return nullptr;
    return descriptor;
}

// Null when the token can't be read.
PSECURITY_DESCRIPTOR make_owner_only() {
    const std::wstring sid = own_sid();
    return sid.empty() ? nullptr : make_list(entry(kEverything, sid));
}

// The owner of an object and its list. The members point into the first one.
struct ObjectSecurity {
    LocalPtr<void> descriptor;
    PSID owner = nullptr;
    PACL list = nullptr;

    // The accounts besides the owner and this user that may change the object.
    [[nodiscard]] std::vector<PSID> others() const {
        std::vector<PSID> accounts;
        for (DWORD i = 0; list != nullptr && i < list->AceCount; ++i) {
            void* found = nullptr;
            if (::GetAce(list, i, &found) == 0) break;
            auto* const allowed = static_cast<ACCESS_ALLOWED_ACE*>(found);
            if (allowed->Header.AceType != ACCESS_ALLOWED_ACE_TYPE) continue;
            PSID const account = &allowed->SidStart;
            const bool is_owner = owner != nullptr && ::EqualSid(owner, account) != 0;
            if ((allowed->Mask & kWrites) != 0 && !is_owner && !is_own(account))
                accounts.push_back(account);
        }
        return accounts;
    }
};

// Returns the system's error.
DWORD read_security(HANDLE handle, ObjectKind kind, ObjectSecurity& security) {
    PSECURITY_DESCRIPTOR raw = nullptr;
    const DWORD error =
        ::GetSecurityInfo(handle, kind == ObjectKind::kFile ? SE_FILE_OBJECT : SE_KERNEL_OBJECT,
                          OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &security.owner,
                          nullptr, &security.list, nullptr, &raw);
    security.descriptor.reset(raw);
    return error;
}

}  // namespace

SECURITY_ATTRIBUTES* owner_only() {
    static SECURITY_ATTRIBUTES attributes{.nLength = sizeof(SECURITY_ATTRIBUTES),
                                          .lpSecurityDescriptor = make_owner_only(),
                                          .bInheritHandle = FALSE};
    return attributes.lpSecurityDescriptor == nullptr ? nullptr : &attributes;
}

Result<AccessList> access_list_for(const Sharing& sharing, ObjectKind kind,
                                   const std::string& what) {
    if (sharing.with == ShareWith::kNobody) return AccessList();
    const auto account = sid_of(sharing.id);
    const std::wstring self = own_sid();
    AccessList list;
    if (account && !self.empty())
        list = AccessList(make_list(entry(kEverything, self) +
                                    entry(kind == ObjectKind::kFile ? kUseFile : kUseObject,
                                          sid_text(account.get()))),
                          LocalFreer());
    if (list) return list;
    return fail(Code::kUsage,
                "cannot share " + what + " with " + to_string(sharing) + ": it has no SID",
                "fill it with parse_sharing()");
}

AccessList access_list_like(HANDLE section) {
    ObjectSecurity security;
    if (read_security(section, ObjectKind::kKernelObject, security) != ERROR_SUCCESS) return {};
    std::wstring entries;
    for (PSID const account : security.others())
        entries += entry(kUseObject, sid_text(account));
    if (security.owner != nullptr && !is_own(security.owner))
        entries += entry(kEverything, sid_text(security.owner));
    if (entries.empty()) return {};
    return {make_list(entry(kEverything, own_sid()) + entries), LocalFreer()};
}

SECURITY_ATTRIBUTES attributes_with(const AccessList& list) {
    if (!list) return owner_only() == nullptr ? SECURITY_ATTRIBUTES{} : *owner_only();
    return {.nLength = sizeof(SECURITY_ATTRIBUTES),
            .lpSecurityDescriptor = list.get(),
            .bInheritHandle = FALSE};
}

Result<Ownership> ownership_of(HANDLE handle, ObjectKind kind, const SectionAddress& address) {
    ObjectSecurity security;
    const DWORD error = read_security(handle, kind, security);
    if (error != ERROR_SUCCESS)
        return std::unexpected(native_status("cannot learn the owner of " + to_string(address),
                                             static_cast<int>(error)));
    Ownership ownership;
    for (PSID const account : security.others())
        ownership.shared_with +=
            (ownership.shared_with.empty() ? "" : ", ") + account_with_kind(account);
    if (security.owner != nullptr && is_own(security.owner)) return ownership;
    ownership.other = security.owner == nullptr ? "nobody" : account_text(security.owner);
    const auto named = sid_of(address.sharing.id);
    ownership.trusted = address.sharing.with != ShareWith::kNobody && named &&
                        security.owner != nullptr && ::EqualSid(named.get(), security.owner) != 0;
    return ownership;
}

Result<void> check_owner(HANDLE handle, ObjectKind kind, const SectionAddress& address) {
    TRY_ASSIGN(const auto ownership, ownership_of(handle, kind, address));
    if (ownership.other.empty() || ownership.trusted) return {};
    return fail(Code::kPermission,
                to_string(address) + " belongs to another user: " + ownership.other,
                "choose another name", Remedy::kNameSharing);
}

}  // namespace mapferry::inline v1::platform
