#include "support/host.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "platform/paths_linux.h"

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

UmaskGuard::UmaskGuard(std::uint32_t mask) : old_(::umask(mask)) {}

UmaskGuard::~UmaskGuard() {
    ::umask(old_);
}

std::string object_file(const SectionAddress& address) {
    return platform::object_path(address);
}

void make_fifo(const std::string& path) {
    require(::mkfifo(path.c_str(), 0600), "mkfifo " + path);
}

std::int64_t mtime_unix_ns(const std::string& path) {
    struct stat facts{};
    require(::stat(path.c_str(), &facts), "stat " + path);
    return static_cast<std::int64_t>(facts.st_mtim.tv_sec) * kSecond + facts.st_mtim.tv_nsec;
}

void set_mtime_unix_ns(const std::string& path, std::int64_t unix_ns) {
    timespec time{.tv_sec = unix_ns / kSecond, .tv_nsec = unix_ns % kSecond};
    if (time.tv_nsec < 0) {
        time.tv_nsec += kSecond;
        --time.tv_sec;
    }
    const timespec times[2] = {time, time};
    require(::utimensat(AT_FDCWD, path.c_str(), times, 0), "utimensat " + path);
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
