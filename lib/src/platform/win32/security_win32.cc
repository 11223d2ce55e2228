// SPDX-License-Identifier: Apache-2.0
#include "platform/win32/security_win32.h"

#include <aclapi.h>
#include <sddl.h>

#include <array>
#include <memory>
#include <vector>

#include "base/fail.h"
#include "base/try.h"
#include "platform/handle.h"
#include "platform/native_error.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

struct LocalFreer {
    void operator()(void* memory) const { ::LocalFree(memory); }
};
template <typename T>
using LocalPtr = std::unique_ptr<T, LocalFreer>;

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

// The user's name, or the number where the system knows no name.
std::string account_text(PSID user) {
    std::array<wchar_t, 257> name{};
    std::array<wchar_t, 257> domain{};
    auto name_size = static_cast<DWORD>(name.size());
    auto domain_size = static_cast<DWORD>(domain.size());
    SID_NAME_USE use{};
    if (::LookupAccountSidW(nullptr, user, name.data(), &name_size, domain.data(), &domain_size,
                            &use) != 0)
        return to_utf8(name.data());
    wchar_t* text = nullptr;
    if (::ConvertSidToStringSidW(user, &text) == 0) return "an unknown one";
    const LocalPtr<wchar_t> number(text);
    return to_utf8(number.get());
}

// Null when the token can't be read.
PSECURITY_DESCRIPTOR make_owner_only() {
    const auto user = token_fact(TokenUser);
    wchar_t* text = nullptr;
    if (user.empty() || ::ConvertSidToStringSidW(
                            reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid, &text) == 0)
        return nullptr;
    const LocalPtr<wchar_t> sid(text);
    const std::wstring sddl = std::wstring(L"D:P(A;;GA;;;") + sid.get() + L")";
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    if (::ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl.c_str(), SDDL_REVISION_1,
                                                               &descriptor, nullptr) == 0)
        return nullptr;
    return descriptor;
}

}  // namespace

SECURITY_ATTRIBUTES* owner_only() {
    static SECURITY_ATTRIBUTES attributes{.nLength = sizeof(SECURITY_ATTRIBUTES),
                                          .lpSecurityDescriptor = make_owner_only(),
                                          .bInheritHandle = FALSE};
    return attributes.lpSecurityDescriptor == nullptr ? nullptr : &attributes;
}

Result<std::string> other_owner(HANDLE handle, ObjectKind kind, const std::string& what) {
    PSID owner = nullptr;
    PSECURITY_DESCRIPTOR raw = nullptr;
    const DWORD error =
        ::GetSecurityInfo(handle, kind == ObjectKind::kFile ? SE_FILE_OBJECT : SE_KERNEL_OBJECT,
                          OWNER_SECURITY_INFORMATION, &owner, nullptr, nullptr, nullptr, &raw);
    if (error != ERROR_SUCCESS)
        return std::unexpected(
            native_status("cannot learn the owner of " + what, static_cast<int>(error)));
    const LocalPtr<void> descriptor(raw);
    if (owner != nullptr && is_own(owner)) return std::string();
    return owner == nullptr ? "nobody" : account_text(owner);
}

Result<void> check_owner(HANDLE handle, ObjectKind kind, const std::string& what) {
    TRY_ASSIGN(auto owner, other_owner(handle, kind, what));
    if (owner.empty()) return {};
    return fail(Code::kPermission, what + " belongs to another user: " + owner, Remedy::kOtherName);
}

}  // namespace mapferry::inline v1::platform
