// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "console/doctor/bench_peer.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kTunedPipeBytes = 1 << 20;  // the maximum for an ordinary user
constexpr const char* kShmFolder = "/dev/shm";

Status peer_failure(const std::string& what, Code code = Code::kSystem) {
    return {code, "cannot " + what, {}, errno};
}

bool may_make_files(const char* folder) {
    return ::access(folder, W_OK | X_OK) == 0;
}

Result<Channel> open_usual_pipe() {
    return open_pipe(0);
}
Result<Channel> open_tuned_pipe() {
    return open_pipe(kTunedPipeBytes);
}

constexpr std::array kChannelKinds = {ChannelKind{"pipe", open_usual_pipe},
                                      ChannelKind{"pipe of 1 MiB", open_tuned_pipe}};

}  // namespace

Result<OpenFile> make_nameless_file(const std::string& folder) {
    OpenFile file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file.native() >= 0) return file;
    // This file system has no nameless files: make a file with a name, and remove the name at once.
    std::string path = folder + "/mapferry-doctor.XXXXXX";
    OpenFile named(::mkostemp(path.data(), O_CLOEXEC));
    if (named.native() < 0)
        return std::unexpected(peer_failure("make a file in " + folder, Code::kIo));
    ::unlink(path.c_str());
    return named;
}

std::vector<std::string> scratch_folders() {
    std::error_code error;
    const auto temporary = std::filesystem::temp_directory_path(error);
    std::vector<std::string> folders{error ? "/tmp" : temporary.string()};
    if (may_make_files(kShmFolder)) folders.insert(folders.begin(), kShmFolder);
    return folders;
}

bool memory_has_room(std::uint64_t bytes) {
    std::error_code error;
    const auto space = std::filesystem::space(kShmFolder, error);
    return !error && space.available >= bytes && may_make_files(kShmFolder);
}

std::span<const ChannelKind> channel_kinds() {
    return kChannelKinds;
}

const char* file_way_name() {
    return "file, write() and read()";
}

std::string own_program() {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

std::string system_label() {
    return "Linux";
}

}  // namespace mapferry::cli
