// SPDX-License-Identifier: Apache-2.0
#include "support/child_process.h"

#include <gtest/gtest.h>
#include <windows.h>
// After windows.h, which it needs.
#include <psapi.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <filesystem>
#include <future>
#include <stdexcept>

#include "platform/clock.h"
#include "platform/handle.h"
#include "platform/native_error.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"
#include "support/start_process_win32.h"
#include "support/utf8_path.h"

namespace mapferry::testing {

namespace {

using platform::Handle;
using platform::own;
using platform::raw;
using platform::wide_path;

constexpr std::int64_t kLookUs = 1000;
constexpr DWORD kPipeBytes = 65'536;  // what a pipe holds on Linux
constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
constexpr DWORD kControlCExit = 0xC000013A;  // STATUS_CONTROL_C_EXIT

std::int64_t now_ms() {
    return platform::monotonic_ns() / 1'000'000;
}

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error(platform::native_status(what).message);
}

struct Pipe {
    Handle out;  // to read from
    Handle in;   // to write to
};

Pipe make_pipe() {
    HANDLE out = nullptr;
    HANDLE in = nullptr;
    if (::CreatePipe(&out, &in, nullptr, kPipeBytes) == 0) give_up("CreatePipe");
    return {.out = own(out), .in = own(in)};
}

Handle open_or_die(const std::string& path, DWORD access, DWORD disposition, DWORD flags = 0) {
    Handle handle = own(::CreateFileW(wide_path(path).c_str(), access, kShareAll, nullptr,
                                      disposition, flags, nullptr));
    if (!handle.valid()) give_up("open " + path);
    return handle;
}

std::string read_from_start(const Handle& handle) {
    std::string text;
    std::array<char, 4096> piece{};
    while (handle.valid()) {
        OVERLAPPED place{};
        place.Offset = static_cast<DWORD>(text.size());
        DWORD got = 0;
        if (::ReadFile(raw(handle), piece.data(), piece.size(), &got, &place) == 0 || got == 0)
            break;
        text.append(piece.data(), got);
    }
    return text;
}

// One standard stream: the child's end, and the end that the test keeps.
struct Ends {
    Handle child;
    Handle test;
};

Ends open_input(const Stream& stream) {
    if (stream.kind == Stream::Kind::kFile)
        return {.child = open_or_die(stream.path, GENERIC_READ, OPEN_EXISTING), .test = {}};
    if (stream.kind == Stream::Kind::kDefault)
        return {.child = open_or_die("NUL", GENERIC_READ, OPEN_EXISTING), .test = {}};
    Pipe pipe = make_pipe();
    return {.child = std::move(pipe.out), .test = std::move(pipe.in)};
}

Ends open_output(const Stream& stream) {
    if (stream.kind == Stream::Kind::kFile)
        return {.child = open_or_die(stream.path, GENERIC_WRITE, OPEN_ALWAYS), .test = {}};
    if (stream.kind == Stream::Kind::kPipe) {
        Pipe pipe = make_pipe();
        return {.child = std::move(pipe.in), .test = std::move(pipe.out)};
    }
    // The file is opened twice, so that each handle has a position of its own. It is deleted when
    // the test's handle closes.
    const std::string name = "mapferry-out-" + std::to_string(platform::random_u64());
    const std::string path = text_of(std::filesystem::temp_directory_path() / name);
    Handle kept = open_or_die(path, GENERIC_READ | DELETE, CREATE_NEW,
                              FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE);
    Handle writing = open_or_die(path, GENERIC_WRITE, OPEN_EXISTING);
    return {.child = std::move(writing), .test = std::move(kept)};
}

// Calls a function of ntdll that no header declares: one stops all threads of a process, the other
// resumes them.
void call_on_process(const char* function, HANDLE process) {
    using Call = LONG(NTAPI*)(HANDLE);
    const FARPROC address = ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), function);
    const auto call = std::bit_cast<Call>(address);
    if (call == nullptr || call(process) < 0) ADD_FAILURE() << function << " failed";
}

bool put_all(HANDLE pipe, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        DWORD put = 0;
        const auto wanted = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), kPipeBytes));
        if (::WriteFile(pipe, bytes.data(), wanted, &put, nullptr) == 0) return false;
        bytes = bytes.subspan(put);
    }
    return true;
}

}  // namespace

int signal_number(Signal signal) {
    switch (signal) {
        case Signal::kInterrupt:
            return 2;
        case Signal::kTerminate:
            return 15;
        case Signal::kHangUp:
            return 1;
        case Signal::kKill:
            return 9;
        case Signal::kStop:
            return 19;
        case Signal::kContinue:
            return 18;
    }
    return 0;
}

std::ostream& operator<<(std::ostream& stream, const Exit& how) {
    if (how.code) return stream << "exit code " << *how.code;
    return stream << "signal " << how.signal;
}

struct ChildProcess::Impl {
    Handle process;
    std::string command;
    Handle input;
    Handle output;
    Handle errors;
    Stream::Kind output_kind = Stream::Kind::kDefault;
    std::optional<Exit> end;
    std::optional<Signal> asked_to_end;
    std::uint64_t peak_resident_bytes = 0;

    void start(const Launch& launch);
    bool collect(std::int64_t wait_ms);
    void measure();
    void kill();
    void hangs(const char* what);
};

void ChildProcess::Impl::start(const Launch& launch) {
    if (launch.file_bytes_limit || launch.open_files_limit || launch.address_bytes_limit)
        throw std::logic_error("a test must ask can_limit_resources() first");
    Ends in = open_input(launch.input);
    Ends out = open_output(launch.output);
    Ends err = open_output(launch.errors);
    command = launch.program;
    for (const std::string& word : launch.arguments)
        command.append(" ").append(word);
    process = start_process(launch, {raw(in.child), raw(out.child), raw(err.child)});
    input = std::move(in.test);
    output = std::move(out.test);
    errors = std::move(err.test);
    output_kind = launch.output.kind;
}

// True when the end is known.
bool ChildProcess::Impl::collect(std::int64_t wait_ms) {
    if (end) return true;
    measure();
    if (::WaitForSingleObject(raw(process), static_cast<DWORD>(wait_ms)) != WAIT_OBJECT_0)
        return false;
    DWORD code = 0;
    ::GetExitCodeProcess(raw(process), &code);
    measure();
    if (code == kKilledCode)
        end = ended_by(Signal::kKill);
    else if (code == kControlCExit && asked_to_end)
        end = ended_by(*asked_to_end);
    else
        end = exited(static_cast<int>(code));
    return true;
}

// Measured again and again, because Wine forgets the peak when the process ends.
void ChildProcess::Impl::measure() {
    PROCESS_MEMORY_COUNTERS counters{};
    if (::K32GetProcessMemoryInfo(raw(process), &counters, sizeof counters) != 0)
        peak_resident_bytes =
            std::max<std::uint64_t>(peak_resident_bytes, counters.PeakWorkingSetSize);
}

void ChildProcess::Impl::kill() {
    if (collect(0)) return;
    ::TerminateProcess(raw(process), kKilledCode);
    if (!collect(kWatchdogMs)) ADD_FAILURE() << "can't be ended: " << command;
}

void ChildProcess::Impl::hangs(const char* what) {
    ADD_FAILURE() << what << ": " << command << "\n" << read_from_start(errors);
    kill();
}

ChildProcess::ChildProcess(const Launch& launch) : impl_(std::make_unique<Impl>()) {
    impl_->start(launch);
}
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    if (this != &other) {
        if (impl_) impl_->kill();
        impl_ = std::move(other.impl_);
    }
    return *this;
}

ChildProcess::~ChildProcess() {
    if (impl_) impl_->kill();
}

bool ChildProcess::is_running() {
    return !impl_->collect(0);
}

const Exit& ChildProcess::wait() {
    const std::int64_t give_up_ms = now_ms() + kWatchdogMs;
    while (!impl_->collect(10)) {
        if (now_ms() < give_up_ms) continue;
        impl_->hangs("hangs");
        break;
    }
    if (!impl_->end) impl_->end = exited(static_cast<int>(STILL_ACTIVE));  // reported already
    return *impl_->end;
}

void ChildProcess::send(Signal signal) {
    if (impl_->collect(0)) return;
    if (signal == Signal::kKill) {
        ::TerminateProcess(raw(impl_->process), kKilledCode);
    } else if (signal == Signal::kStop) {
        call_on_process("NtSuspendProcess", raw(impl_->process));
    } else if (signal == Signal::kContinue) {
        call_on_process("NtResumeProcess", raw(impl_->process));
    } else {
        impl_->asked_to_end = signal;
        ChildProcess sender({.program = MAPFERRY_TEST_CONSOLE_EVENT_PATH,
                             .arguments = {std::to_string(process_id())}});
        if (sender.wait() != exited(0) && is_running())
            ADD_FAILURE() << "no Ctrl-C for " << command() << ": " << sender.wait();
    }
}

std::uint32_t ChildProcess::process_id() const {
    return ::GetProcessId(raw(impl_->process));
}

bool ChildProcess::write_input(std::span<const std::byte> bytes) {
    // Writes in a thread, because a write to an anonymous pipe can't be cancelled; killing the
    // reader ends it.
    auto done = std::async(std::launch::async, put_all, raw(impl_->input), bytes);
    if (done.wait_for(kWatchdog) != std::future_status::ready) impl_->hangs("cannot write to");
    impl_->measure();
    return done.get();
}

void ChildProcess::close_input() {
    impl_->input.close();
}

std::size_t ChildProcess::read_output(std::span<std::byte> target) {
    const HANDLE pipe = raw(impl_->output);
    const std::int64_t give_up_ms = now_ms() + kWatchdogMs;
    DWORD available = 0;
    while (::PeekNamedPipe(pipe, nullptr, 0, nullptr, &available, nullptr) != 0) {
        DWORD got = 0;
        const auto wanted = static_cast<DWORD>(std::min<std::size_t>(available, target.size()));
        if (available != 0)
            return ::ReadFile(pipe, target.data(), wanted, &got, nullptr) != 0 ? got : 0;
        if (now_ms() >= give_up_ms) {
            impl_->hangs("cannot read from");
            break;
        }
        platform::sleep_us(kLookUs);  // between two looks
    }
    return 0;
}

void ChildProcess::close_output() {
    impl_->output.close();
}

std::string ChildProcess::output() const {
    return impl_->output_kind == Stream::Kind::kDefault ? read_from_start(impl_->output) : "";
}

std::string ChildProcess::errors() const {
    return read_from_start(impl_->errors);
}

std::uint64_t ChildProcess::peak_resident_bytes() const {
    return impl_->peak_resident_bytes;
}

const std::string& ChildProcess::command() const {
    return impl_->command;
}

}  // namespace mapferry::testing
