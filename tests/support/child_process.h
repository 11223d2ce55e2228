// SPDX-License-Identifier: Apache-2.0
// Starting, watching and ending other programs. Nothing here waits for ever: whatever takes longer
// than kWatchdogMs fails the test and is killed.
#pragma once

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

// Nothing that a test waits for takes so long unless it hangs.
inline constexpr std::int64_t kWatchdogMs = 60'000;

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
        kFile,     // `path`; an output file is created if need be and written from its beginning
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

// What is started, and how.
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

// Move-only; one thread at a time. What still runs at destruction is killed. Start children from
// the test's main thread only: they die with the thread that started them.
class ChildProcess {
  public:
    explicit ChildProcess(const Launch& launch);
    ChildProcess(ChildProcess&&) noexcept;
    ChildProcess& operator=(ChildProcess&&) noexcept;
    ~ChildProcess();

    [[nodiscard]] bool is_running();
    // Waits for the end. A child that hangs is killed and fails the test.
    const Exit& wait();
    void send(Signal signal);
    [[nodiscard]] std::uint32_t process_id() const;

    // To the child's standard input. False when the child does not read any more.
    bool write_input(std::span<const std::byte> bytes);
    bool write_input(const std::string& text);
    void close_input();

    // From the child's standard output: waits for some bytes; 0 at the end.
    std::size_t read_output(std::span<std::byte> target);
    // read_output() to its end.
    std::string read_all_output();
    void close_output();

    // What the child wrote until now, where the stream is of kind kDefault.
    [[nodiscard]] std::string output() const;
    [[nodiscard]] std::string errors() const;

    // The most memory that it had resident. Only after wait().
    [[nodiscard]] std::uint64_t peak_resident_bytes() const;
    // Program and arguments, for messages.
    [[nodiscard]] const std::string& command() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Looks again and again until the condition holds. False, and a failed test, when the watchdog
// bites.
[[nodiscard]] bool eventually(const std::function<bool()>& condition);

}  // namespace mapferry::testing
