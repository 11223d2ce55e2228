// SPDX-License-Identifier: Apache-2.0
#include "support/host.h"

#include <windows.h>
// After windows.h, which they need.
#include <aclapi.h>
#include <winioctl.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "platform/native_error.h"
#include "platform/win32/account_win32.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"
#include "support/utf8_path.h"

namespace mapferry::testing {

namespace {

using platform::own;
using platform::raw;
using platform::to_wide;
using platform::wide_path;

// FILETIME counts steps of 100 ns since 1601.
constexpr std::int64_t kStepNs = 100;
constexpr std::int64_t kUnixEpochSteps = 116'444'736'000'000'000;

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error(platform::native_status(what).message);
}

platform::Handle open_or_die(const std::string& path, DWORD access, DWORD sharing) {
    auto handle = own(::CreateFileW(wide_path(path).c_str(), access, sharing, nullptr,
                                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    if (!handle.valid()) give_up("open " + path);
    return handle;
}

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

// Rounds down to whole steps, also before 1970.
std::int64_t steps_of(std::int64_t unix_ns) {
    return unix_ns / kStepNs - (unix_ns % kStepNs < 0 ? 1 : 0);
}

bool make_link(const std::string& target, const std::string& path) {
    constexpr DWORD kWithoutPrivilege = 2;  // SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE
    const bool folder = std::filesystem::is_directory(path_of(target));
    const DWORD flags = kWithoutPrivilege | (folder ? SYMBOLIC_LINK_FLAG_DIRECTORY : 0);
    (void)::CreateSymbolicLinkW(wide_path(path).c_str(), wide_path(target).c_str(), flags);
    // Wine reports success but makes no link.
    const DWORD attributes = ::GetFileAttributesW(wide_path(path).c_str());
    return attributes != INVALID_FILE_ATTRIBUTES &&
           (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
}

}  // namespace

bool is_superuser() {
    return false;  // permissions bind administrators too
}

bool has_permission_bits() {
    return false;
}

bool has_fifos() {
    return false;
}

bool has_symlinks() {
    static const bool works = [] {
        const auto path = std::filesystem::temp_directory_path() /
                          to_wide("mapferry-link-" + std::to_string(platform::random_u64()));
        const bool made = make_link("no-such-file", text_of(path));
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
        return made;
    }();
    return works;
}

bool has_object_files() {
    return false;
}

bool sections_outlive_processes() {
    return false;
}

// False under Wine 8: it does not show in one view the pages that were committed through another.
bool can_count_reserved_memory() {
    constexpr DWORD kBytes = 65'536;
    static const bool can = [] {
        const auto section = own(::CreateFileMappingW(
            INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE | SEC_RESERVE, 0, kBytes, nullptr));
        void* const one = ::MapViewOfFile(raw(section), FILE_MAP_WRITE, 0, 0, kBytes);
        void* const other = ::MapViewOfFile(raw(section), FILE_MAP_WRITE, 0, 0, kBytes);
        (void)::VirtualAlloc(one, kBytes, MEM_COMMIT, PAGE_READWRITE);
        MEMORY_BASIC_INFORMATION region{};
        const SIZE_T told = ::VirtualQuery(other, &region, sizeof region);
        ::UnmapViewOfFile(one);
        ::UnmapViewOfFile(other);
        return told != 0 && region.State == MEM_COMMIT;
    }();
    return can;
}

// False under Wine 8: it makes the access list from the file's Linux mode.
bool can_tell_who_opens_files() {
    static const bool can = [] {
        const std::string name = "mapferry-list-" + std::to_string(platform::random_u64());
        const SectionAddress address{
            .name = name, .backing_path = text_of(std::filesystem::temp_directory_path() / name)};
        const auto object = platform::create_object(address, 1);
        return object && is_owners_only(*object);
    }();
    return can;
}

bool has_mount_namespaces() {
    return false;
}

bool can_limit_resources() {
    return false;
}

bool is_emulated() {
    return false;
}

std::uint64_t thread_sleeps() {
    return 0;
}

std::uint64_t open_handles() {
    DWORD count = 0;
    ::GetProcessHandleCount(::GetCurrentProcess(), &count);
    return count;
}

// False under Wine 8: it ends such a program with exit code 0.
bool early_interrupts_are_told() {
    return false;
}

bool can_name_a_file(const std::string& name) {
    const bool only_good_letters = std::ranges::all_of(name, [](char letter) {
        return static_cast<unsigned char>(letter) >= ' ' &&
               std::string_view("<>:\"/\\|?*").find(letter) == std::string_view::npos;
    });
    if (name.empty() || !only_good_letters || name.back() == '.' || name.back() == ' ')
        return false;
    if (platform::to_utf8(to_wide(name)) != name) return false;  // no UTF-8
    constexpr std::string_view kDevices[] = {"CON", "PRN", "AUX", "NUL"};
    return std::ranges::count(kDevices, name) == 0;
}

UmaskGuard::UmaskGuard(std::uint32_t mask) : old_(mask) {}

UmaskGuard::~UmaskGuard() = default;

std::string object_file(const SectionAddress& address) {
    if (address.backing_path.empty()) throw std::logic_error("a section in memory is no file");
    return address.backing_path;
}

ForeignObject::ForeignObject(const SectionAddress& address) : path_(address.backing_path) {
    if (!path_.empty()) {
        std::filesystem::create_directory(path_);
        return;
    }
    handle_ = own(::CreateEventW(nullptr, TRUE, FALSE, platform::cell_name(address).c_str()));
    if (!handle_.valid()) give_up("create an event called " + address.name);
}

ForeignObject::~ForeignObject() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

namespace {

// Whether the object lets in this user and `other`, which may be null, and nobody else.
bool lets_in_only(const platform::SharedObject& object, PSID other) {
    PACL list = nullptr;
    PSID owner = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    const bool in_memory = object.address.backing_path.empty();
    const DWORD error =
        ::GetSecurityInfo(raw(object.handle), in_memory ? SE_KERNEL_OBJECT : SE_FILE_OBJECT,
                          OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner, nullptr,
                          &list, nullptr, &descriptor);
    if (error != ERROR_SUCCESS) {
        ::SetLastError(error);
        give_up("read the security descriptor");
    }
    HANDLE token = nullptr;
    std::byte user[256];
    DWORD bytes = 0;
    const bool known = ::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token) != 0 &&
                       ::GetTokenInformation(token, TokenUser, user, sizeof user, &bytes) != 0;
    const platform::Handle closer = own(token);
    PSID const self = known ? reinterpret_cast<const TOKEN_USER*>(user)->User.Sid : nullptr;
    // Without a list all users could open the object; with an empty list none could.
    bool only_these = known && list != nullptr && list->AceCount != 0;
    bool other_is_there = other == nullptr;
    for (DWORD i = 0; only_these && i < list->AceCount; ++i) {
        void* entry = nullptr;
        only_these = ::GetAce(list, i, &entry) != 0;
        auto* const allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
        if (!only_these || allowed->Header.AceType != ACCESS_ALLOWED_ACE_TYPE) continue;
        const bool is_other = other != nullptr && ::EqualSid(&allowed->SidStart, other) != 0;
        other_is_there = other_is_there || is_other;
        only_these = is_other || ::EqualSid(&allowed->SidStart, self) != 0;
    }
    ::LocalFree(descriptor);
    return only_these && other_is_there;
}

}  // namespace

bool is_owners_only(const platform::SharedObject& object) {
    return lets_in_only(object, nullptr);
}

std::string group_of_this_user() {
    return "group:S-1-5-32-545";
}

std::string another_user() {
    return "user:S-1-5-21-1-2-3-4711";
}

// Wine lets everybody give objects away.
bool give_away(const platform::SharedObject& object, const Sharing& user) {
    const auto sid = platform::sid_of(user.id);
    if (!object.address.backing_path.empty()) return false;
    for (const platform::Handle* const part : {&object.handle, &object.name_cell})
        if (::SetSecurityInfo(raw(*part), SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, sid.get(),
                              nullptr, nullptr, nullptr) != ERROR_SUCCESS)
            return false;
    return true;
}

bool is_shared_with(const platform::SharedObject& object, const Sharing& group) {
    const auto sid = platform::sid_of(group.id);
    return sid && lets_in_only(object, sid.get());
}

LockedAway::LockedAway(const std::string& path)
    : path_(path), handle_(open_or_die(path, GENERIC_READ, 0)), holds_(true) {}

LockedAway::~LockedAway() = default;

bool give_away(const std::string&) {
    return false;
}

// On Windows a file has no holes unless its creator asks for them.
void make_reserved_file(const std::string& path, std::uint64_t count) {
    std::ofstream(path_of(path)).close();
    std::filesystem::resize_file(path_of(path), count);
}

void make_fifo(const std::string& path) {
    throw std::logic_error("no named pipe can be made at " + path);
}

void make_symlink(const std::string& target, const std::string& path) {
    if (!make_link(target, path)) throw std::runtime_error("cannot link " + path);
}

std::string null_device() {
    return "NUL";
}

// Windows has no such device; Wine shows the one of its host.
std::string full_device() {
    const std::string path = "/dev/full";
    const auto device = own(::CreateFileW(to_wide(path).c_str(), GENERIC_WRITE, kShareAll, nullptr,
                                          OPEN_EXISTING, 0, nullptr));
    return device.valid() ? path : "";
}

std::int64_t mtime_unix_ns(const std::string& path) {
    const platform::Handle file = open_or_die(path, FILE_READ_ATTRIBUTES, kShareAll);
    FILETIME time{};
    if (::GetFileTime(raw(file), nullptr, nullptr, &time) == 0) give_up("times of " + path);
    const auto steps = static_cast<std::int64_t>(
        static_cast<std::uint64_t>(time.dwHighDateTime) << 32 | time.dwLowDateTime);
    return (steps - kUnixEpochSteps) * kStepNs;
}

void set_mtime_unix_ns(const std::string& path, std::int64_t unix_ns) {
    const platform::Handle file = open_or_die(path, FILE_WRITE_ATTRIBUTES, kShareAll);
    const auto steps = static_cast<std::uint64_t>(steps_of(unix_ns) + kUnixEpochSteps);
    const FILETIME time{.dwLowDateTime = static_cast<DWORD>(steps),
                        .dwHighDateTime = static_cast<DWORD>(steps >> 32)};
    if (::SetFileTime(raw(file), nullptr, &time, &time) == 0) give_up("times of " + path);
}

std::int64_t kept_unix_ns(std::int64_t unix_ns) {
    return steps_of(unix_ns) * kStepNs;
}

std::uint32_t permission_bits(const std::string&) {
    return 0;
}

void set_permission_bits(const std::string&, std::uint32_t) {}

}  // namespace mapferry::testing
