// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/logout_linux.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <sstream>
#include <string_view>
#include <vector>

#include "platform/linux/descriptors_linux.h"

namespace mapferry::inline v1::platform {

namespace {

namespace fs = std::filesystem;

// As logind counts users: those below are the system's, and lose nothing.
constexpr std::uint32_t kFirstPersonId = 1000;
constexpr std::uint32_t kNobodyId = 65534;

// From the weakest to the strongest.
constexpr std::array<std::string_view, 4> kFolders = {"/usr/lib/systemd", "/usr/local/lib/systemd",
                                                      "/run/systemd", "/etc/systemd"};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// The setting in one file; empty if it has none that logind would understand.
std::optional<bool> setting_in(const fs::path& path) {
    constexpr std::array<std::string_view, 5> kYes = {"yes", "true", "1", "on", "y"};
    constexpr std::array<std::string_view, 5> kNo = {"no", "false", "0", "off", "n"};
    std::istringstream file(read_system_file(path.c_str()));
    std::optional<bool> setting;
    bool in_login = false;
    for (std::string line; std::getline(file, line);) {
        const std::string_view text = trimmed(line);
        if (text.starts_with('[')) in_login = text == "[Login]";
        const std::size_t equals = text.find('=');
        if (!in_login || equals == std::string_view::npos) continue;
        if (trimmed(text.substr(0, equals)) != "RemoveIPC") continue;
        const std::string_view value = trimmed(text.substr(equals + 1));
        if (std::ranges::find(kYes, value) != kYes.end()) setting = true;
        if (std::ranges::find(kNo, value) != kNo.end()) setting = false;
    }
    return setting;
}

// Drop-ins count in the order of their names, whatever folder they are in. A file in a stronger
// folder hides the file of the same name in a weaker one.
std::vector<fs::path> drop_ins(const std::string& root) {
    std::map<std::string, fs::path> by_name;
    for (const std::string_view folder : kFolders) {
        const fs::path drops = root + std::string(folder) + "/logind.conf.d";
        for (const std::string& name : names_in_folder(drops.c_str()))
            if (name.ends_with(".conf")) by_name[name] = drops / name;
    }
    std::vector<fs::path> paths;
    paths.reserve(by_name.size());
    for (auto& [name, path] : by_name)
        paths.push_back(std::move(path));
    return paths;
}

bool removes_at_logout(const std::string& root) {
    fs::path main;
    std::error_code none;
    for (const std::string_view folder : kFolders) {
        const fs::path path = root + std::string(folder) + "/logind.conf";
        if (fs::exists(path, none)) main = path;
    }
    bool removes = setting_in(main).value_or(true);  // logind's own default
    for (const fs::path& path : drop_ins(root))
        removes = setting_in(path).value_or(removes);
    return removes;
}

}  // namespace

std::optional<MachineFact> logout_fact(const std::string& root, const LoginUser& user) {
    std::error_code none;
    if (!fs::is_directory(root + "/run/systemd/seats", none)) return std::nullopt;
    const auto stay = [](const char* why) {
        return MachineFact{"logout", std::string("sections stay (") + why + ")"};
    };
    if (user.user_id < kFirstPersonId || user.user_id == kNobodyId) return stay("a system user");
    if (!removes_at_logout(root)) return stay("RemoveIPC=no");
    if (fs::exists(root + "/var/lib/systemd/linger/" + user.name, none)) return stay("lingering");
    return MachineFact{
        "logout", "the last session's end removes sections (RemoveIPC=yes)", Severity::kWarning,
        "loginctl enable-linger " + user.name + ", or RemoveIPC=no in /etc/systemd/logind.conf",
        Remedy::kUseBackingFile};
}

std::optional<MachineFact> logout_fact() {
    LoginUser user{.user_id = ::geteuid(), .name = {}};
    std::array<char, 4096> space{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(user.user_id, &entry, space.data(), space.size(), &found) == 0 &&
        found != nullptr)
        user.name = found->pw_name;
    return logout_fact({}, user);
}

}  // namespace mapferry::inline v1::platform
