// SPDX-License-Identifier: Apache-2.0
// Starts, watches and ends other programs. Nothing here waits for ever: an action that takes longer
// than kWatchdogMs fails the test, and its process is killed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mapferry::testing {

// A test waits this long only for a process that hangs.
inline constexpr std::int64_t kWatchdogMs = 60'000;
inline constexpr std::chrono::milliseconds kWatchdog{kWatchdogMs};

enum class Signal : std::uint8_t { kInterrupt, kTerminate, kHangUp, kKill, kStop, kContinue };

// The system's number of a signal.
[[nodiscard]] int signal_number(Signal signal);

// How a process ended: with an exit code, or by a signal.
struct Exit {
    std::optional<int> code;
    int signal = 0;
    friend bool operator==(const Exit&, const Exit&) = default;
};
[[nodiscard]] inline Exit exited(int code) {
    return {.code = code, .signal = 0};
}
[[nodiscard]] inline Exit ended_by(Signal signal) {
    return {.code = std::nullopt, .signal = signal_number(signal)};
}
std::ostream& operator<<(std::ostream& stream, const Exit& how);

// Where a standard stream of a child leads.
struct Stream {
    enum class Kind : std::uint8_t {
        kDefault,  // input: empty; output and errors: kept for output() and errors()
        kFile,     // `path`; an output file is created if needed and written from its beginning
        kPipe,     // to or from the test
    };
    Kind kind = Kind::kDefault;
    std::string path = {};
};
[[nodiscard]] inline Stream file_stream(std::string path) {
    return {.kind = Stream::Kind::kFile, .path = std::move(path)};
}
[[nodiscard]] inline Stream pipe_stream() {
    return {.kind = Stream::Kind::kPipe};
}

// The program to start, and how to start it.
struct Launch {
    std::string program = {};  // a path
    std::vector<std::string> arguments = {};
    Stream input = {};
    Stream output = {};
    Stream errors = {};
    std::string folder = {};                                            // empty: the test's own
    std::vector<std::pair<std::string, std::string>> environment = {};  // added to the test's own
    std::optional<std::uint64_t> file_bytes_limit = {};
    std::optional<std::uint64_t> open_files_limit = {};
    std::optional<std::uint64_t> address_bytes_limit = {};
};

// Move-only; one thread at a time. The destructor kills a process that still runs. Start children
// from the test's main thread only: they die with the thread that started them.
class ChildProcess {
  public:
    explicit ChildProcess(const Launch& launch);
    ChildProcess(ChildProcess&&) noexcept;
    ChildProcess& operator=(ChildProcess&&) noexcept;
    ~ChildProcess();

    [[nodiscard]] bool is_running();
    // Waits for the end. Kills a child that hangs, and fails the test.
    const Exit& wait();
    void send(Signal signal);
    [[nodiscard]] std::uint32_t process_id() const;

    // Writes to the child's standard input. False when the child has stopped reading.
    bool write_input(std::span<const std::byte> bytes);
    bool write_input(const std::string& text);
    void close_input();

    // Reads from the child's standard output: waits for some bytes; 0 at the end.
    std::size_t read_output(std::span<std::byte> target);
    // Calls read_output() until the end.
    std::string read_all_output();
    void close_output();

    // The bytes that the child has written so far, where the stream is of kind kDefault.
    [[nodiscard]] std::string output() const;
    [[nodiscard]] std::string errors() const;

    // The peak of its resident memory. Only after wait().
    [[nodiscard]] std::uint64_t peak_resident_bytes() const;
    // Program and arguments, for messages.
    [[nodiscard]] const std::string& command() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Checks the condition again and again until it holds. When the watchdog bites: false, and the test
// fails.
[[nodiscard]] bool eventually(const std::function<bool()>& condition);

}  // namespace mapferry::testing
