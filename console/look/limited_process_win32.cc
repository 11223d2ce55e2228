// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>
#include <utility>

#include <windows.h>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/short_names.h"
#include "console/look/limited_process.h"

namespace mapferry::cli {

namespace {

constexpr DWORD kSliceMs = 100;
constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
constexpr DWORD kEndedByUs = 0xC000013A;  // STATUS_CONTROL_C_EXIT
constexpr std::int64_t kTicksPerMs = 10'000;

Status os_failure(const char* what) {
    return {Code::kSystem, std::string("cannot ") + what, {}, static_cast<int>(GetLastError())};
}

class Owned {
  public:
    Owned() = default;
    explicit Owned(HANDLE handle) : handle_(handle) {}
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() { close(); }
    void close() {
        if (handle_ != nullptr) CloseHandle(std::exchange(handle_, nullptr));
    }
    [[nodiscard]] HANDLE get() const { return handle_; }
    [[nodiscard]] HANDLE* place() { return &handle_; }

  private:
    HANDLE handle_ = nullptr;
};

// A pipe. The child inherits one of its ends.
struct Pipe {
    Owned read_end;
    Owned write_end;
    bool open(bool child_reads) {
        SECURITY_ATTRIBUTES inherited{
            .nLength = sizeof inherited, .lpSecurityDescriptor = nullptr, .bInheritHandle = TRUE};
        if (CreatePipe(read_end.place(), write_end.place(), &inherited, 0) == 0) return false;
        const HANDLE ours = child_reads ? write_end.get() : read_end.get();
        return SetHandleInformation(ours, HANDLE_FLAG_INHERIT, 0) != 0;
    }
};

// Makes a job whose processes end when its last handle is closed.
bool make_job(Owned& job, const ProcessLimits& limits) {
    *job.place() = CreateJobObjectW(nullptr, nullptr);
    if (job.get() == nullptr) return false;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION info{};
    info.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_PROCESS_MEMORY | JOB_OBJECT_LIMIT_PROCESS_TIME |
        JOB_OBJECT_LIMIT_ACTIVE_PROCESS | JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
        JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    info.BasicLimitInformation.PerProcessUserTimeLimit.QuadPart = limits.time_ms * kTicksPerMs;
    info.BasicLimitInformation.ActiveProcessLimit = 1;
    info.ProcessMemoryLimit = static_cast<SIZE_T>(limits.memory_bytes);
    return SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &info,
                                   sizeof info) != 0;
}

std::wstring own_path() {
    std::wstring path(32'768, L'\0');
    const DWORD units = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
    path.resize(units);
    return path;
}

// Starts the child suspended, and resumes it when it is in its job.
bool start_child(Owned& process, const std::string& argument, HANDLE input, HANDLE output,
                 HANDLE job) {
    const std::wstring program = own_path();
    std::wstring line = L"\"" + program + L"\" " + std::wstring(argument.begin(), argument.end());
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = input;
    startup.hStdOutput = output;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    PROCESS_INFORMATION made{};
    if (CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, CREATE_SUSPENDED,
                       nullptr, nullptr, &startup, &made) == 0)
        return false;
    *process.place() = made.hProcess;
    const Owned thread(made.hThread);
    const bool held = AssignProcessToJobObject(job, made.hProcess) != 0;
    if (!held || ResumeThread(thread.get()) == static_cast<DWORD>(-1)) {
        TerminateProcess(made.hProcess, kEndedByUs);
        return false;
    }
    return true;
}

void give(HANDLE pipe, std::span<const std::byte> input) {
    while (!input.empty()) {
        const auto piece = static_cast<DWORD>(std::min(input.size(), kPieceBytes));
        DWORD written = 0;
        // A child that stops reading already knows its answer.
        if (WriteFile(pipe, input.data(), piece, &written, nullptr) == 0) return;
        input = input.subspan(written);
    }
}

std::vector<std::byte> take(HANDLE pipe, std::uint64_t bytes_max) {
    std::vector<std::byte> answer;
    while (answer.size() <= bytes_max) {
        const std::size_t before = answer.size();
        answer.resize(before + kPieceBytes);
        DWORD count = 0;
        const bool read = ReadFile(pipe, answer.data() + before, kPieceBytes, &count, nullptr) != 0;
        answer.resize(before + count);
        if (!read || count == 0) break;
    }
    return answer;
}

// Ends the process at its deadline or when `stop` is raised. Its end closes both pipes.
void watch(HANDLE process, std::int64_t time_ms, const std::atomic<int>& stop) {
    const double end_s = clock_s() + static_cast<double>(time_ms) / 1000;
    while (WaitForSingleObject(process, kSliceMs) == WAIT_TIMEOUT) {
        if (!is_stopped(stop) && clock_s() < end_s) continue;
        TerminateProcess(process, kEndedByUs);
        return;
    }
}

}  // namespace

Result<std::vector<std::byte>> ask_limited_process(const std::string& argument,
                                                   std::span<const std::byte> input,
                                                   const ProcessLimits& limits,
                                                   const std::atomic<int>& stop) {
    Pipe to;
    Pipe from;
    Owned job;
    Owned process;
    if (!to.open(true) || !from.open(false)) return std::unexpected(os_failure("make a pipe"));
    if (!make_job(job, limits)) return std::unexpected(os_failure("limit the decoding process"));
    if (!start_child(process, argument, to.read_end.get(), from.write_end.get(), job.get()))
        return std::unexpected(os_failure("start the decoding process"));
    to.read_end.close();
    from.write_end.close();
    std::thread watcher(watch, process.get(), limits.time_ms, std::cref(stop));
    give(to.write_end.get(), input);
    to.write_end.close();
    std::vector<std::byte> answer = take(from.read_end.get(), limits.answer_bytes);
    from.read_end.close();
    watcher.join();
    DWORD code = 1;
    GetExitCodeProcess(process.get(), &code);
    if (is_stopped(stop)) return interrupted();
    if (answer.size() > limits.answer_bytes)
        return fail(Code::kCorrupt, "the decoding process said too much and was ended");
    if (code == 0) return answer;
    return fail(Code::kCorrupt, code == kEndedByUs
                                    ? "the decoding process took too long and was ended"
                                    : "the decoding process failed");
}

Result<void> give_up_rights(const ProcessLimits& limits) {
    (void)limits;  // the job has these limits
    return {};
}

void end_at_once(int code) {
    TerminateProcess(GetCurrentProcess(), static_cast<UINT>(code));
    std::_Exit(code);  // not reached
}

}  // namespace mapferry::cli
