#include <algorithm>
#include <array>
#include <atomic>

#include <windows.h>

#include "reader/bench_peer.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr DWORD kPipeBytes = 1 << 16;  // as a pipe of Linux has it
constexpr UINT kEndedByUs = 1;

Status os_failure(const std::string& what, Code code = Code::kSystem) {
    return {code, "cannot " + what, {}, static_cast<int>(GetLastError())};
}

HANDLE handle_of(const OpenFile& file) {
    return reinterpret_cast<HANDLE>(file.native());
}

OpenFile own(HANDLE handle) {
    return OpenFile(reinterpret_cast<std::intptr_t>(handle));
}

std::wstring to_wide(const std::string& text) {
    const int bytes = static_cast<int>(text.size());
    const int units = MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(std::max(units, 0)), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), units);
    return wide;
}

std::string to_utf8(const std::wstring& wide) {
    const int units = static_cast<int>(wide.size());
    const int bytes =
        WideCharToMultiByte(CP_UTF8, 0, wide.data(), units, nullptr, 0, nullptr, nullptr);
    std::string text(static_cast<std::size_t>(std::max(bytes, 0)), '\0');
    WideCharToMultiByte(CP_UTF8, 0, wide.data(), units, text.data(), bytes, nullptr, nullptr);
    return text;
}

std::wstring temporary_folder() {
    std::wstring path(MAX_PATH + 1, L'\0');
    path.resize(GetTempPathW(static_cast<DWORD>(path.size()), path.data()));
    return path;
}

Result<Channel> open_anonymous_pipe() {
    HANDLE read_end = nullptr;
    HANDLE write_end = nullptr;
    if (CreatePipe(&read_end, &write_end, nullptr, kPipeBytes) == 0)
        return pass(os_failure("make a pipe"));
    return Channel{own(read_end), own(write_end)};
}

Result<Channel> open_named_pipe() {
    static std::atomic<unsigned> count{0};
    // relaxed: only its being different counts
    const unsigned number = count.fetch_add(1, std::memory_order_relaxed);
    const std::wstring name = L"\\\\.\\pipe\\mapferry-doctor." +
                              std::to_wstring(GetCurrentProcessId()) + L"." +
                              std::to_wstring(number);
    const HANDLE server = CreateNamedPipeW(
        name.c_str(), PIPE_ACCESS_INBOUND | FILE_FLAG_FIRST_PIPE_INSTANCE,
        PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, kPipeBytes, 0, nullptr);
    if (server == INVALID_HANDLE_VALUE) return pass(os_failure("make a named pipe"));
    Channel channel{own(server), {}};
    const HANDLE client =
        CreateFileW(name.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    if (client == INVALID_HANDLE_VALUE) return pass(os_failure("open a named pipe"));
    channel.theirs = own(client);
    return channel;
}

constexpr std::array kChannelKinds = {ChannelKind{"anonymous pipe", open_anonymous_pipe},
                                      ChannelKind{"named pipe", open_named_pipe}};

// A job whose processes end with its last handle.
HANDLE make_job() {
    const HANDLE job = CreateJobObjectW(nullptr, nullptr);
    if (job == nullptr) return nullptr;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION info{};
    info.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (SetInformationJobObject(job, JobObjectExtendedLimitInformation, &info, sizeof info) != 0)
        return job;
    CloseHandle(job);
    return nullptr;
}

// Lets the next process inherit the handle, for as long as this lives.
class Inherited {
  public:
    explicit Inherited(HANDLE handle) : handle_(handle) {
        SetHandleInformation(handle_, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    }
    ~Inherited() { SetHandleInformation(handle_, HANDLE_FLAG_INHERIT, 0); }
    Inherited(const Inherited&) = delete;
    Inherited& operator=(const Inherited&) = delete;

  private:
    HANDLE handle_;
};

OpenFile copy_of_standard(DWORD which) {
    const HANDLE self = GetCurrentProcess();
    HANDLE copy = INVALID_HANDLE_VALUE;
    DuplicateHandle(self, GetStdHandle(which), self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    return own(copy);
}

}  // namespace

void OpenFile::close() {
    if (native_ != kNone) CloseHandle(reinterpret_cast<HANDLE>(std::exchange(native_, kNone)));
}

Result<std::size_t> OpenFile::read(std::span<std::byte> target) const {
    const auto most = static_cast<DWORD>(std::min(target.size(), kPieceBytes));
    DWORD got = 0;
    if (ReadFile(handle_of(*this), target.data(), most, &got, nullptr) != 0)
        return static_cast<std::size_t>(got);
    if (GetLastError() == ERROR_BROKEN_PIPE) return std::size_t{0};
    return pass(os_failure("read", Code::kIo));
}

Result<void> OpenFile::write(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
        const auto most = static_cast<DWORD>(std::min(bytes.size(), kPieceBytes));
        DWORD put = 0;
        if (WriteFile(handle_of(*this), bytes.data(), most, &put, nullptr) == 0)
            return pass(os_failure("write", Code::kIo));
        bytes = bytes.subspan(put);
    }
    return {};
}

Result<void> OpenFile::rewind() const {
    if (SetFilePointerEx(handle_of(*this), LARGE_INTEGER{}, nullptr, FILE_BEGIN) != 0) return {};
    return pass(os_failure("go to a file's beginning"));
}

OpenFile standard_input() {
    return copy_of_standard(STD_INPUT_HANDLE);
}

OpenFile standard_output() {
    return copy_of_standard(STD_OUTPUT_HANDLE);
}

Result<OpenFile> make_nameless_file(const std::string& folder) {
    std::wstring path(MAX_PATH + 1, L'\0');
    if (GetTempFileNameW(to_wide(folder).c_str(), L"mfb", 0, path.data()) == 0)
        return pass(os_failure("make a file in " + folder, Code::kIo));
    const HANDLE file =
        CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_DELETE, nullptr,
                    CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    if (file == INVALID_HANDLE_VALUE) {
        const Status failure = os_failure("make a file in " + folder, Code::kIo);
        DeleteFileW(path.c_str());
        return pass(failure);
    }
    return own(file);
}

std::vector<std::string> scratch_folders() {
    return {to_utf8(temporary_folder())};
}

bool memory_has_room(std::uint64_t bytes) {
    MEMORYSTATUSEX memory{};
    memory.dwLength = sizeof memory;
    return GlobalMemoryStatusEx(&memory) == 0 || memory.ullAvailPageFile >= bytes;
}

std::span<const ChannelKind> channel_kinds() {
    return kChannelKinds;
}

const char* file_way_name() {
    return "file, WriteFile and ReadFile";
}

struct BenchPeer::Impl {
    OpenFile job;
    OpenFile process;
};

BenchPeer::BenchPeer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BenchPeer::BenchPeer(BenchPeer&&) noexcept = default;
BenchPeer& BenchPeer::operator=(BenchPeer&&) noexcept = default;

BenchPeer::~BenchPeer() {
    if (impl_ == nullptr) return;
    kill();
    WaitForSingleObject(handle_of(impl_->process), INFINITE);
}

Result<BenchPeer> BenchPeer::start(const std::string& program,
                                   const std::vector<std::string>& arguments, const OpenFile& input,
                                   const OpenFile& output) {
    std::wstring line = L"\"" + to_wide(program) + L"\"";
    for (const std::string& argument : arguments)
        line += L" \"" + to_wide(argument) + L"\"";
    auto impl = std::make_unique<Impl>();
    const HANDLE job = make_job();
    if (job == nullptr) return pass(os_failure("make a job"));
    impl->job = own(job);
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = handle_of(input);
    startup.hStdOutput = handle_of(output);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    const Inherited inherited_input(startup.hStdInput);
    const Inherited inherited_output(startup.hStdOutput);
    PROCESS_INFORMATION made{};
    if (CreateProcessW(to_wide(program).c_str(), line.data(), nullptr, nullptr, TRUE,
                       CREATE_SUSPENDED, nullptr, nullptr, &startup, &made) == 0)
        return pass(os_failure("start " + program));
    impl->process = own(made.hProcess);
    const OpenFile thread = own(made.hThread);
    // Stopped until its job holds it.
    if (AssignProcessToJobObject(job, made.hProcess) == 0 ||
        ResumeThread(made.hThread) == static_cast<DWORD>(-1)) {
        const Status failure = os_failure("start " + program);
        TerminateProcess(made.hProcess, kEndedByUs);
        return pass(failure);
    }
    return BenchPeer(std::move(impl));
}

void BenchPeer::kill() {
    TerminateProcess(handle_of(impl_->process), kEndedByUs);
}

std::optional<bool> BenchPeer::failed() const {
    if (WaitForSingleObject(handle_of(impl_->process), 0) == WAIT_TIMEOUT) return std::nullopt;
    DWORD code = 1;
    GetExitCodeProcess(handle_of(impl_->process), &code);
    return code != 0;
}

Result<void> BenchPeer::wait() {
    WaitForSingleObject(handle_of(impl_->process), INFINITE);
    if (failed() == false) return {};
    return fail(Code::kPeerGone, "the sending process failed");
}

std::string own_program() {
    std::wstring path(32'768, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return to_utf8(path);
}

Result<std::string> find_program(const std::string& name) {
    const std::string self = own_program();
    const std::string beside = self.substr(0, self.find_last_of("\\/") + 1) + name + ".exe";
    if (GetFileAttributesW(to_wide(beside).c_str()) != INVALID_FILE_ATTRIBUTES) return beside;
    std::wstring path(32'768, L'\0');
    const DWORD units = SearchPathW(nullptr, to_wide(name).c_str(), L".exe",
                                    static_cast<DWORD>(path.size()), path.data(), nullptr);
    path.resize(std::min<std::size_t>(units, path.size()));
    if (!path.empty()) return to_utf8(path);
    return fail(Code::kNotFound, name + ".exe is neither beside this program nor in PATH",
                "install both programs in one folder");
}

std::string system_label() {
    // Only Wine's has it.
    const bool wine = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
    return wine ? "Windows (Wine)" : "Windows";
}

}  // namespace mapferry::cli
