// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "bridge/options/credentials.h"
#include "cli/short_names.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kBytesMost = 65536;

class OpenedFile {
  public:
    explicit OpenedFile(const std::string& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~OpenedFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    OpenedFile(const OpenedFile&) = delete;
    OpenedFile& operator=(const OpenedFile&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }

  private:
    int descriptor_;
};

std::unexpected<Status> failed(const std::string& path, int error) {
    const Code code = error == ENOENT                     ? Code::kNotFound
                      : error == EACCES || error == EPERM ? Code::kPermission
                                                          : Code::kIo;
    return std::unexpected(
        Status{.code = code, .message = "cannot read " + in_quotes(path), .os_error = error});
}

Result<void> check_privacy(const std::string& path, const struct stat& facts) {
    if (facts.st_uid != ::geteuid())
        return fail(Code::kPermission, in_quotes(path) + " belongs to another user");
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(Code::kPermission, "others may use the secret in " + in_quotes(path),
                    "chmod 600 it");
    return {};
}

}  // namespace

Result<std::string> read_small_file(const std::string& path, Privacy privacy) {
    const OpenedFile file(path);
    struct stat facts = {};
    if (file.get() < 0 || ::fstat(file.get(), &facts) != 0) return failed(path, errno);
    if (!S_ISREG(facts.st_mode)) return fail(Code::kUsage, in_quotes(path) + " is no file");
    if (privacy == Privacy::kRequired)
        if (const auto sound = check_privacy(path, facts); !sound)
            return std::unexpected(sound.error());
    if (static_cast<std::size_t>(facts.st_size) > kBytesMost)
        return fail(Code::kUsage, in_quotes(path) + " is too large");
    std::string text;
    std::array<char, 4096> block = {};
    while (text.size() <= kBytesMost) {
        const ssize_t got = ::read(file.get(), block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed(path, errno);
        if (got == 0) break;
        text.append(block.data(), static_cast<std::size_t>(got));
    }
    return text;
}

}  // namespace mapferry::cli
