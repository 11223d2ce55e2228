// SPDX-License-Identifier: Apache-2.0
#include "process/small_space.h"

#include <filesystem>

#include "mapferry/printable_text.h"
#include "support/host.h"

namespace mapferry::testing {

namespace {

constexpr const char* kUnshare = "/usr/bin/unshare";

std::string mount_command(const std::string& options, const std::string& folder) {
    return "mount -t tmpfs -o " + options + " none " + folder;
}

std::string in_quotes(const std::string& path) {
    return "'" + path + "'";
}

}  // namespace

std::optional<std::vector<std::string>> small_space_entry() {
    if (!has_mount_namespaces() || !std::filesystem::exists(kUnshare)) return std::nullopt;
    // As the superuser, or as superuser of a user namespace.
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"-m"}, std::vector<std::string>{"-r", "-m"}}) {
        std::vector<std::string> arguments = options;
        arguments.insert(arguments.end(), {"sh", "-c", mount_command("size=1m", "/dev/shm")});
        ChildProcess probe({.program = kUnshare, .arguments = arguments});
        if (probe.wait() == exited(0)) return options;
    }
    return std::nullopt;
}

Launch script_in_small_space(const std::string& folder, const std::string& script,
                             std::vector<std::string> words, const std::string& options) {
    Launch launch{.program = kUnshare, .arguments = small_space_entry().value()};
    launch.arguments.insert(
        launch.arguments.end(),
        {"sh", "-c", mount_command(options, in_quotes(folder)) + " || exit 99\n" + script, "sh"});
    launch.arguments.insert(launch.arguments.end(), words.begin(), words.end());
    return launch;
}

Launch in_small_space(const std::string& folder, std::vector<std::string> words,
                      const std::string& options) {
    return script_in_small_space(folder,
                                 "\"$@\"; code=$?; echo \"left: $(ls -A " + in_quotes(folder) +
                                     " | wc -l)\" >&2; exit $code",
                                 std::move(words), options);
}

}  // namespace mapferry::testing
