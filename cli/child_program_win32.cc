// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <windows.h>

#include "cli/child_program.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::size_t kPipeBytes = std::size_t{1} << 16;  // as on Linux
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

std::wstring wide_word(const std::string& text) {
    const int bytes = static_cast<int>(text.size());
    const int units = MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(std::max(units, 0)), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), units);
    return wide;
}

// Quotes `word` so that CommandLineToArgvW and the C runtime parse it back: a backslash is an
// ordinary letter unless it stands before a quotation mark.
std::wstring as_argument(const std::wstring& word) {
    std::wstring text = L"\"";
    std::size_t backslashes = 0;
    for (const wchar_t letter : word) {
        if (letter == L'"') text.append(backslashes + 1, L'\\');
        backslashes = letter == L'\\' ? backslashes + 1 : 0;
        text += letter;
    }
    return text.append(backslashes, L'\\') + L"\"";
}

std::wstring command_line(const std::vector<std::string>& words) {
    std::wstring line;
    for (const std::string& word : words)
        line += (line.empty() ? L"" : L" ") + as_argument(wide_word(word));
    return line;
}

// A job whose processes end when its last handle is closed.
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

// Lets new processes inherit the handle as long as this object lives.
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

Status start_failure(const std::string& program) {
    const DWORD error = GetLastError();
    Code code = Code::kSystem;
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) code = Code::kNotFound;
    if (error == ERROR_ACCESS_DENIED) code = Code::kPermission;
    return {code, "cannot start " + in_quotes(program), {}, static_cast<int>(error)};
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
    return std::unexpected(os_failure("read", Code::kIo));
}

Result<void> OpenFile::write(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
        const auto most = static_cast<DWORD>(std::min(bytes.size(), kPieceBytes));
        DWORD put = 0;
        if (WriteFile(handle_of(*this), bytes.data(), most, &put, nullptr) == 0)
            return std::unexpected(os_failure("write", Code::kIo));
        bytes = bytes.subspan(put);
    }
    return {};
}

Result<void> OpenFile::rewind() const {
    if (SetFilePointerEx(handle_of(*this), LARGE_INTEGER{}, nullptr, FILE_BEGIN) != 0) return {};
    return std::unexpected(os_failure("go to a file's beginning"));
}

OpenFile standard_input() {
    return copy_of_standard(STD_INPUT_HANDLE);
}

OpenFile standard_output() {
    return copy_of_standard(STD_OUTPUT_HANDLE);
}

Result<void> become_standard_input(OpenFile file) {
    static OpenFile kept;  // SetStdHandle() does not own the handle
    if (SetStdHandle(STD_INPUT_HANDLE, handle_of(file)) == 0)
        return std::unexpected(os_failure("set standard input"));
    kept = std::move(file);
    return {};
}

Result<Channel> open_pipe(std::size_t bytes) {
    HANDLE read_end = nullptr;
    HANDLE write_end = nullptr;
    const auto most = static_cast<DWORD>(bytes == 0 ? kPipeBytes : bytes);
    if (CreatePipe(&read_end, &write_end, nullptr, most) == 0)
        return std::unexpected(os_failure("make a pipe"));
    return Channel{own(read_end), own(write_end)};
}

struct ChildProgram::Impl {
    OpenFile job;
    OpenFile process;
};

ChildProgram::ChildProgram(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ChildProgram::ChildProgram(ChildProgram&&) noexcept = default;
ChildProgram& ChildProgram::operator=(ChildProgram&&) noexcept = default;

ChildProgram::~ChildProgram() {
    if (impl_ == nullptr) return;
    kill();
    WaitForSingleObject(handle_of(impl_->process), INFINITE);
}

// Every program is in a job of its own, whatever its group.
Result<ChildProgram> ChildProgram::start(const std::vector<std::string>& words,
                                         const ProgramStreams& streams, ProgramGroup) {
    std::wstring line = command_line(words);
    auto impl = std::make_unique<Impl>();
    const HANDLE job = make_job();
    if (job == nullptr) return std::unexpected(os_failure("make a job"));
    impl->job = own(job);
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = handle_of(streams.input);
    startup.hStdOutput = handle_of(streams.output);
    startup.hStdError =
        streams.errors ? handle_of(*streams.errors) : GetStdHandle(STD_ERROR_HANDLE);
    const Inherited inherited_input(startup.hStdInput);
    const Inherited inherited_output(startup.hStdOutput);
    const Inherited inherited_errors(streams.errors ? startup.hStdError : startup.hStdOutput);
    PROCESS_INFORMATION made{};
    // Without an application name the system searches for the first word of the line.
    if (CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, CREATE_SUSPENDED, nullptr,
                       nullptr, &startup, &made) == 0)
        return std::unexpected(start_failure(words[0]));
    impl->process = own(made.hProcess);
    const OpenFile thread = own(made.hThread);
    // The process stays suspended until it is in its job.
    if (AssignProcessToJobObject(job, made.hProcess) == 0 ||
        ResumeThread(made.hThread) == static_cast<DWORD>(-1)) {
        const Status failure = start_failure(words[0]);
        TerminateProcess(made.hProcess, kEndedByUs);
        return std::unexpected(failure);
    }
    return ChildProgram(std::move(impl));
}

void ChildProgram::kill() {
    TerminateProcess(handle_of(impl_->process), kEndedByUs);
}

std::optional<ProgramEnd> ChildProgram::ended(std::int64_t timeout_ms) const {
    const DWORD most = timeout_ms < 0 ? INFINITE : static_cast<DWORD>(timeout_ms);
    if (WaitForSingleObject(handle_of(impl_->process), most) == WAIT_TIMEOUT) return std::nullopt;
    DWORD code = 1;
    GetExitCodeProcess(handle_of(impl_->process), &code);
    return ProgramEnd{.status = code};
}

}  // namespace mapferry::cli
