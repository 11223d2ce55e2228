// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/account_linux.h"

#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <limits>
#include <vector>

#include "base/fail.h"
#include "mapferry/detail/number_text.h"
#include "mapferry/printable_text.h"
#include "platform/account.h"

namespace mapferry::inline v1::platform {

namespace {

// glibc asks for 1 KiB. The entry of a group holds the names of all its members.
constexpr std::size_t kRoomFirst = 16'384;
constexpr std::size_t kRoomLast = std::size_t{4} << 20;

// An entry of the system's list of users or groups, with its texts.
template <typename Entry>
struct Account {
    Entry entry{};
    bool found = false;
    std::vector<char> room = std::vector<char>(kRoomFirst);
};

// `call` is one of the system's functions, without its first argument.
template <typename Entry, typename Call>
Account<Entry> look_up(Call call) {
    Account<Entry> account;
    while (true) {
        Entry* found = nullptr;
        const int error = call(&account.entry, account.room.data(), account.room.size(), &found);
        account.found = error == 0 && found != nullptr;
        if (error != ERANGE || account.room.size() >= kRoomLast) return account;
        account.room.resize(account.room.size() * 4);
    }
}

std::string with_number(const std::string& name, const std::string& number) {
    return name.empty() ? number : name + " (" + number + ")";
}

// The number of the group or user of this name; empty: there is none.
std::optional<std::uint32_t> number_of(ShareWith kind, const std::string& name) {
    if (kind == ShareWith::kGroup) {
        const auto group = look_up<struct group>(
            [&](auto... rest) { return ::getgrnam_r(name.c_str(), rest...); });
        return group.found ? std::optional(group.entry.gr_gid) : std::nullopt;
    }
    const auto user =
        look_up<passwd>([&](auto... rest) { return ::getpwnam_r(name.c_str(), rest...); });
    return user.found ? std::optional(user.entry.pw_uid) : std::nullopt;
}

}  // namespace

std::string account_text(std::uint32_t user) {
    const auto account =
        look_up<passwd>([user](auto... rest) { return ::getpwuid_r(user, rest...); });
    return with_number(account.found ? account.entry.pw_name : "", "uid " + std::to_string(user));
}

std::string group_text(std::uint32_t group) {
    const auto account =
        look_up<struct group>([group](auto... rest) { return ::getgrgid_r(group, rest...); });
    return "group " +
           with_number(account.found ? account.entry.gr_name : "", "gid " + std::to_string(group));
}

std::optional<std::uint32_t> account_number(const std::string& id) {
    const auto number = whole_number<std::uint32_t>(id);
    return number && *number != std::numeric_limits<std::uint32_t>::max() ? number : std::nullopt;
}

Result<std::string> account_id(ShareWith kind, const std::string& account) {
    auto number = number_of(kind, account);
    if (!number) number = account_number(account);
    if (number) return std::to_string(*number);
    const bool is_group = kind == ShareWith::kGroup;
    return fail(Code::kUsage,
                "there is no " + std::string(is_group ? "group " : "user ") + in_quotes(account),
                std::string("getent ") + (is_group ? "group" : "passwd") + " lists them");
}

}  // namespace mapferry::inline v1::platform
