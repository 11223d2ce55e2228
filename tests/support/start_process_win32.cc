// SPDX-License-Identifier: Apache-2.0
#include "support/start_process_win32.h"

#include <cwchar>
#include <map>
#include <stdexcept>
#include <string>

#include "mapferry/printable_text.h"
#include "platform/native_error.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"
#include "support/utf8_path.h"

namespace mapferry::testing {

namespace {

using platform::own;
using platform::to_wide;

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error(platform::native_status(what).message);
}

// Quotes a word so that CommandLineToArgvW and the C runtime read it back: a backslash is an
// ordinary letter unless it stands before a quotation mark.
std::wstring in_quotes(const std::wstring& word) {
    std::wstring text = L"\"";
    std::size_t backslashes = 0;
    for (const wchar_t letter : word) {
        if (letter == L'"') text.append(backslashes + 1, L'\\');
        backslashes = letter == L'\\' ? backslashes + 1 : 0;
        text += letter;
    }
    return text.append(backslashes, L'\\') + L"\"";
}

std::wstring command_line(const Launch& launch) {
    std::wstring line = in_quotes(to_wide(launch.program));
    for (const std::string& word : launch.arguments)
        line += L" " + in_quotes(to_wide(word));
    return line;
}

// The system ignores case in the names of variables, and wants them sorted.
struct IgnoringCase {
    bool operator()(const std::wstring& a, const std::wstring& b) const {
        return ::_wcsicmp(a.c_str(), b.c_str()) < 0;
    }
};

std::wstring environment_with(const std::vector<std::pair<std::string, std::string>>& added) {
    std::map<std::wstring, std::wstring, IgnoringCase> variables;
    wchar_t* const own_block = ::GetEnvironmentStringsW();
    for (const wchar_t* entry = own_block; *entry != L'\0'; entry += std::wcslen(entry) + 1) {
        const std::wstring text = entry;
        const std::size_t equals = text.find(L'=', 1);  // "=C:" is a name too
        if (equals != std::wstring::npos)
            variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
    ::FreeEnvironmentStringsW(own_block);
    for (const auto& [name, value] : added)
        variables[to_wide(name)] = to_wide(value);
    std::wstring block;
    for (const auto& [name, value] : variables)
        block.append(name).append(L"=").append(value).append(1, L'\0');
    return block.append(1, L'\0');
}

// Children belong to a job. It ends, and ends them, when its last handle closes: at the end of the
// test.
HANDLE family() {
    static const HANDLE job = [] {
        const HANDLE made = ::CreateJobObjectW(nullptr, nullptr);
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
        if (made == nullptr || ::SetInformationJobObject(made, JobObjectExtendedLimitInformation,
                                                         &limits, sizeof limits) == 0)
            give_up("make a job");
        return made;
    }();
    return job;
}

// Lets a child inherit its three streams and nothing else from the test.
class Inheritance {
  public:
    explicit Inheritance(const std::array<HANDLE, 3>& streams) : streams_(streams) {
        for (const HANDLE stream : streams_)
            if (::SetHandleInformation(stream, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) == 0)
                give_up("make a stream inheritable");
        SIZE_T bytes = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &bytes);
        memory_.resize(bytes);
        if (::InitializeProcThreadAttributeList(list(), 1, 0, &bytes) == 0 ||
            ::UpdateProcThreadAttribute(list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                        static_cast<void*>(streams_.data()), sizeof streams_,
                                        nullptr, nullptr) == 0)
            give_up("list the streams to inherit");
    }
    ~Inheritance() { ::DeleteProcThreadAttributeList(list()); }
    Inheritance(const Inheritance&) = delete;
    Inheritance& operator=(const Inheritance&) = delete;

    [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST list() {
        return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
    }

  private:
    std::array<HANDLE, 3> streams_;
    std::vector<std::byte> memory_;
};

}  // namespace

platform::Handle start_process(const Launch& launch, const std::array<HANDLE, 3>& streams) {
    Inheritance inheritance(streams);
    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof startup;
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = streams[0];
    startup.StartupInfo.hStdOutput = streams[1];
    startup.StartupInfo.hStdError = streams[2];
    startup.lpAttributeList = inheritance.list();
    const std::wstring program = path_of(launch.program).make_preferred().native();
    const std::wstring folder = to_wide(launch.folder);
    std::wstring line = command_line(launch);
    std::wstring environment = environment_with(launch.environment);
    constexpr DWORD kFlags = CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT |
                             EXTENDED_STARTUPINFO_PRESENT;
    PROCESS_INFORMATION made{};
    if (::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, kFlags,
                         environment.data(), folder.empty() ? nullptr : folder.c_str(),
                         &startup.StartupInfo, &made) == 0)
        give_up("cannot start " + launch.program);
    platform::Handle process = own(made.hProcess);
    const platform::Handle thread = own(made.hThread);
    // The child stays suspended until it belongs to the job.
    if (::AssignProcessToJobObject(family(), made.hProcess) == 0 ||
        ::ResumeThread(made.hThread) == static_cast<DWORD>(-1)) {
        ::TerminateProcess(made.hProcess, kKilledCode);
        give_up("cannot start " + launch.program);
    }
    return process;
}

}  // namespace mapferry::testing
