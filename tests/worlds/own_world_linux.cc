// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <filesystem>

#include "process/small_space.h"
#include "worlds/own_world.h"

namespace mapferry::testing {

namespace {

constexpr const char* kSetpriv = "/usr/bin/setpriv";

constexpr const char* kWords = R"sh(
writer=$1 reader=$2 mapferry=$3 started=
become() {
    user=${1%%:*} groups=--clear-groups
    case $1 in *:*) groups=--groups=${1#*:};; esac
}
as() {
    become "$1"; shift
    setpriv --reuid="$user" --regid="$user" "$groups" "$@"
}
start() {
    become "$1"; shift
    setpriv --reuid="$user" --regid="$user" "$groups" "$@" &
    started="$started $!"
}
read_only() {
    unshare -m --propagation private sh -c 'mount --bind /dev/shm /dev/shm &&
        mount -o remount,ro,bind /dev/shm && exec "$@"' sh "$@"
}
try() {
    label=$1; shift
    echo "try $label"
    code=0
    "$@" 2>&1 || code=$?
    echo; echo "$label: $code"
}
appeared() {
    for name; do
        until [ -e "/dev/shm/mapferry.$name" ]; do sleep 0.01; done  # between two looks
    done
}
trap 'for pid in $started; do kill -KILL $pid 2>/dev/null; done' EXIT
cd /dev/shm || exit 99
)sh";

}  // namespace

void OwnWorld::SetUp() {
    if (::geteuid() != 0 || !std::filesystem::exists(kSetpriv) || !small_space_entry())
        GTEST_SKIP() << "needs the superuser, unshare and setpriv";
}

Ended OwnWorld::run(const std::string& script) {
    ChildProcess child(script_in_small_space(
        "/dev/shm", kWords + script,
        {MAPFERRY_WRITER_PATH, MAPFERRY_READER_PATH, MAPFERRY_CONSOLE_PATH}, "size=64m,mode=1777"));
    const Exit exit = child.wait();
    return {.exit = exit,
            .output = child.output(),
            .errors = child.errors(),
            .command = child.command()};
}

std::string OwnWorld::tried(const Ended& ended, const std::string& label) {
    const std::size_t begin = ended.output.find("try " + label + "\n");
    const std::size_t end = ended.output.find("\n" + label + ": ", begin);
    if (begin == std::string::npos || end == std::string::npos) return {};
    return ended.output.substr(begin, ended.output.find('\n', end + 1) - begin);
}

void OwnWorld::expect(const Ended& ended, const std::string& label, int code, const Words& parts) {
    const std::string text = tried(ended, label);
    EXPECT_TRUE(text.ends_with("\n" + label + ": " + std::to_string(code)))
        << code << " is not the code of:\n"
        << (text.empty() ? label + "\n" + ended.output : text) << ended.errors;
    expect_parts(ended, label, parts);
}

void OwnWorld::expect_parts(const Ended& ended, const std::string& label, const Words& parts) {
    const std::string text = tried(ended, label);
    for (const std::string& part : parts)
        EXPECT_TRUE(contains(text, part)) << part << " is not in:\n" << text;
}

}  // namespace mapferry::testing
