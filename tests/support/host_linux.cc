// SPDX-License-Identifier: Apache-2.0
#include "support/host.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "platform/linux/paths_linux.h"

namespace mapferry::testing {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

void require(int result, const std::string& what) {
    if (result != 0) throw std::runtime_error(what + ": " + std::strerror(errno));
}

}  // namespace

bool is_superuser() {
    return ::geteuid() == 0;
}

bool has_permission_bits() {
    return true;
}

bool has_fifos() {
    return true;
}

bool has_symlinks() {
    return true;
}

bool has_object_files() {
    return true;
}

bool sections_outlive_processes() {
    return true;
}

bool can_count_reserved_memory() {
    return true;
}

bool can_tell_who_opens_files() {
    return true;
}

bool has_mount_namespaces() {
    return true;
}

bool can_limit_resources() {
    return true;
}

bool is_emulated() {
    return std::getenv("MAPFERRY_TEST_EMULATOR") != nullptr;  // scripts/with_emulator.sh
}

std::uint64_t thread_sleeps() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return static_cast<std::uint64_t>(usage.ru_nvcsw);
}

std::uint64_t open_handles() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::uint64_t>(std::distance(begin(all), end(all)));
}

bool early_interrupts_are_told() {
    return true;
}

bool can_name_a_file(const std::string& name) {
    return !name.empty() && name.find('/') == std::string::npos;
}

UmaskGuard::UmaskGuard(std::uint32_t mask) : old_(::umask(mask)) {}

UmaskGuard::~UmaskGuard() {
    ::umask(old_);
}

std::string object_file(const SectionAddress& address) {
    return platform::object_path(address);
}

ForeignObject::ForeignObject(const SectionAddress& address) : path_(object_file(address)) {
    std::filesystem::create_directory(path_);
}

ForeignObject::~ForeignObject() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

bool is_owners_only(const platform::SharedObject& object) {
    struct stat facts{};
    require(::fstat(static_cast<int>(object.handle.get()), &facts), "fstat");
    return facts.st_uid == ::geteuid() && (facts.st_mode & 07777u) == 0600;
}

std::string group_of_this_user() {
    return "group:" + std::to_string(::getegid());
}

std::string another_user() {
    return "user:65534";
}

bool give_away(const platform::SharedObject& object, const Sharing& user) {
    const auto number = static_cast<uid_t>(std::stoul(user.id));
    return ::fchown(static_cast<int>(object.handle.get()), number, static_cast<gid_t>(-1)) == 0;
}

bool is_shared_with(const platform::SharedObject& object, const Sharing& group) {
    struct stat facts{};
    require(::fstat(static_cast<int>(object.handle.get()), &facts), "fstat");
    return facts.st_uid == ::geteuid() && (facts.st_mode & 07777u) == 0660 &&
           std::to_string(facts.st_gid) == group.id;
}

LockedAway::LockedAway(const std::string& path) : path_(path), holds_(!is_superuser()) {
    set_permission_bits(path_, 0);
}

LockedAway::~LockedAway() {
    (void)::chmod(path_.c_str(), 0600);
}

bool give_away(const std::string& path) {
    constexpr uid_t kNobody = 65534;
    return ::chown(path.c_str(), kNobody, kNobody) == 0;
}

void make_reserved_file(const std::string& path, std::uint64_t count) {
    const platform::Handle file(
        ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    // posix_fallocate returns an error instead of setting errno.
    errno = ::posix_fallocate(static_cast<int>(file.get()), 0, static_cast<off_t>(count));
    require(errno, "cannot reserve " + path);
}

void make_fifo(const std::string& path) {
    require(::mkfifo(path.c_str(), 0600), "mkfifo " + path);
}

void make_symlink(const std::string& target, const std::string& path) {
    require(::symlink(target.c_str(), path.c_str()), "symlink " + path);
}

std::string null_device() {
    return "/dev/null";
}

std::string full_device() {
    return std::filesystem::exists("/dev/full") ? "/dev/full" : "";
}

std::int64_t mtime_unix_ns(const std::string& path) {
    struct stat facts{};
    require(::stat(path.c_str(), &facts), "stat " + path);
    return static_cast<std::int64_t>(facts.st_mtim.tv_sec) * kSecond + facts.st_mtim.tv_nsec;
}

void set_mtime_unix_ns(const std::string& path, std::int64_t unix_ns) {
    timespec time{.tv_sec = unix_ns / kSecond, .tv_nsec = static_cast<long>(unix_ns % kSecond)};
    if (time.tv_nsec < 0) {
        time.tv_nsec += kSecond;
        --time.tv_sec;
    }
    const timespec times[2] = {time, time};
    require(::utimensat(AT_FDCWD, path.c_str(), times, 0), "utimensat " + path);
}

std::int64_t kept_unix_ns(std::int64_t unix_ns) {
    return unix_ns;
}

std::uint32_t permission_bits(const std::string& path) {
    struct stat facts{};
    require(::stat(path.c_str(), &facts), "stat " + path);
    return facts.st_mode & 07777u;
}

void set_permission_bits(const std::string& path, std::uint32_t bits) {
    require(::chmod(path.c_str(), bits), "chmod " + path);
}

}  // namespace mapferry::testing
