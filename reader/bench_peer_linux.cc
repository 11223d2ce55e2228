#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <thread>

#include "reader/bench_peer.h"

namespace mapferry::cli {

namespace {

constexpr int kTunedPipeBytes = 1 << 20;  // the most that an ordinary user may ask for
constexpr const char* kShmFolder = "/dev/shm";
constexpr int kCleanUpMs = 2000;

Status os_failure(const std::string& what, Code code = Code::kSystem) {
    return {code, "cannot " + what, {}, errno};
}

int descriptor_of(const OpenFile& file) {
    return static_cast<int>(file.native());
}

Result<Channel> open_pipe(int bytes) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return pass(os_failure("make a pipe"));
    Channel channel{OpenFile(ends[0]), OpenFile(ends[1])};
    if (bytes > 0 && ::fcntl(ends[0], F_SETPIPE_SZ, bytes) < 0)
        return pass(os_failure("enlarge a pipe"));
    return channel;
}

Result<Channel> open_usual_pipe() {
    return open_pipe(0);
}
Result<Channel> open_tuned_pipe() {
    return open_pipe(kTunedPipeBytes);
}

constexpr std::array kChannelKinds = {ChannelKind{"pipe", open_usual_pipe},
                                      ChannelKind{"pipe of 1 MiB", open_tuned_pipe}};

// In the new process; nothing here may allocate.
[[noreturn]] void become(char* const* words, int input, int output, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    // The parent may have died before that.
    if (::getppid() != parent) ::_exit(127);
    if (::dup2(input, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0) ::_exit(127);
    ::execv(words[0], words);
    ::_exit(127);
}

// How a process has ended; empty while it runs and `flags` has WNOHANG. It stays to be reaped, so
// that its number is nobody else's.
std::optional<siginfo_t> look_at_end(pid_t process, int flags) {
    siginfo_t end{};
    while (::waitid(P_PID, static_cast<id_t>(process), &end, WEXITED | WNOWAIT | flags) != 0) {
        if (errno != EINTR) return end;  // not ours: as if it had failed
    }
    if (end.si_pid == 0) return std::nullopt;
    return end;
}

bool is_failure(const siginfo_t& end) {
    return end.si_code != CLD_EXITED || end.si_status != 0;
}

}  // namespace

void OpenFile::close() {
    if (native_ != kNone) ::close(static_cast<int>(std::exchange(native_, kNone)));
}

Result<std::size_t> OpenFile::read(std::span<std::byte> target) const {
    while (true) {
        const ssize_t got = ::read(descriptor_of(*this), target.data(), target.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return pass(os_failure("read", Code::kIo));
    }
}

Result<void> OpenFile::write(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
        const ssize_t put = ::write(descriptor_of(*this), bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR) return pass(os_failure("write", Code::kIo));
        if (put > 0) bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

Result<void> OpenFile::rewind() const {
    if (::lseek(descriptor_of(*this), 0, SEEK_SET) == 0) return {};
    return pass(os_failure("go to a file's beginning"));
}

OpenFile standard_input() {
    return OpenFile(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
}

OpenFile standard_output() {
    return OpenFile(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
}

Result<OpenFile> make_nameless_file(const std::string& folder) {
    OpenFile file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file.native() >= 0) return file;
    // A file system without such files: one whose name is taken away at once.
    std::string path = folder + "/mapferry-doctor.XXXXXX";
    OpenFile named(::mkostemp(path.data(), O_CLOEXEC));
    if (named.native() < 0) return pass(os_failure("make a file in " + folder, Code::kIo));
    ::unlink(path.c_str());
    return named;
}

std::vector<std::string> scratch_folders() {
    std::error_code error;
    const auto temporary = std::filesystem::temp_directory_path(error);
    return {kShmFolder, error ? "/tmp" : temporary.string()};
}

bool memory_has_room(std::uint64_t bytes) {
    std::error_code error;
    const auto space = std::filesystem::space(kShmFolder, error);
    return !error && space.available >= bytes;
}

std::span<const ChannelKind> channel_kinds() {
    return kChannelKinds;
}

const char* file_way_name() {
    return "file, write() and read()";
}

struct BenchPeer::Impl {
    pid_t process = 0;
};

BenchPeer::BenchPeer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BenchPeer::BenchPeer(BenchPeer&&) noexcept = default;
BenchPeer& BenchPeer::operator=(BenchPeer&&) noexcept = default;

BenchPeer::~BenchPeer() {
    if (impl_ == nullptr) return;
    ::kill(impl_->process, SIGTERM);
    for (int waited_ms = 0; waited_ms < kCleanUpMs && !failed(); ++waited_ms)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ::kill(impl_->process, SIGKILL);
    while (::waitpid(impl_->process, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Result<BenchPeer> BenchPeer::start(const std::string& program,
                                   const std::vector<std::string>& arguments, const OpenFile& input,
                                   const OpenFile& output) {
    std::vector<char*> words = {const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    auto impl = std::make_unique<Impl>();
    const pid_t parent = ::getpid();
    impl->process = ::fork();
    if (impl->process < 0) return pass(os_failure("start " + program));
    if (impl->process == 0)
        become(words.data(), descriptor_of(input), descriptor_of(output), parent);
    return BenchPeer(std::move(impl));
}

void BenchPeer::kill() {
    ::kill(impl_->process, SIGTERM);
}

std::optional<bool> BenchPeer::failed() const {
    const auto end = look_at_end(impl_->process, WNOHANG);
    if (!end) return std::nullopt;
    return is_failure(*end);
}

Result<void> BenchPeer::wait() {
    const auto end = look_at_end(impl_->process, 0);
    if (end && !is_failure(*end)) return {};
    return fail(Code::kPeerGone, "the sending process failed");
}

std::string own_program() {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

Result<std::string> find_program(const std::string& name) {
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    if (const auto beside = folder / name; ::access(beside.c_str(), X_OK) == 0)
        return beside.string();
    const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): only read
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string one; std::getline(folders, one, ':');) {
        const auto there = std::filesystem::path(one.empty() ? "." : one) / name;
        if (::access(there.c_str(), X_OK) == 0) return there.string();
    }
    return fail(Code::kNotFound, name + " is neither beside this program nor in PATH",
                "install both programs in one folder");
}

std::string system_label() {
    return "Linux";
}

}  // namespace mapferry::cli
