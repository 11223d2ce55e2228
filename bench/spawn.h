// SPDX-License-Identifier: Apache-2.0
// The processes of one run of a way, and the channels between them. No shell is involved.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mapferry::bench {

// Ends this process with a message that names the cause in errno.
[[noreturn]] void give_up_for_errno(const std::string& what);

// An open file of this process. A started process gets it only when its command names it.
class Descriptor {
  public:
    Descriptor() = default;
    // Takes over `native`; gives up when it is the -1 of a failed call.
    Descriptor(int native, const std::string& what);
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : native_(std::exchange(other.native_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(native_, other.native_);
        return *this;
    }
    [[nodiscard]] int get() const { return native_; }
    void close();

  private:
    int native_ = -1;
};

struct Channel {
    Descriptor from;  // its reading end
    Descriptor to;    // its writing end
};

enum class PipeSize : std::uint8_t { kDefault, k1MiB };
[[nodiscard]] Channel make_pipe(PipeSize size = PipeSize::kDefault);
enum class SocketKind : std::uint8_t { kStream, kSeqpacket };
[[nodiscard]] Channel make_socket(SocketKind kind);

enum class OpenFor : std::uint8_t { kReading, kOverwriting, kCreating };
[[nodiscard]] Descriptor open_file(const std::string& path, OpenFor purpose);

// A program to start, and the descriptors that it gets from this process. Descriptors that are not
// named are inherited (0, 1 and 2) or closed.
struct Command {
    std::vector<std::string> words;  // the first is the program's path, or its name in PATH
    std::vector<std::pair<int, int>> descriptors = {};  // the program's number, ours
};

// The end of all processes of a run together.
struct Ending {
    // 0: every process ended with 0; kWrongBytes: a process ended with it; others: the first
    // failure.
    int exit_code = 0;
    std::string who = {};          // the program that failed
    std::uint64_t peak_bytes = 0;  // resident memory: the sum of the peaks of all processes
};

// The exit code of a receiver when the bytes are not those that were sent (EX_DATAERR).
inline constexpr int kWrongBytes = 65;

enum class Start : std::uint8_t {
    kSpawn,      // as fast as the system can
    kOwnMemory,  // by fork, so that this process's memory does not count in the other's peak
};
enum class Errors : std::uint8_t { kShow, kHide };

class ProcessGroup {
  public:
    ProcessGroup(Start start, Errors errors) : start_(start), errors_(errors) {}
    ~ProcessGroup();
    ProcessGroup(const ProcessGroup&) = delete;
    ProcessGroup& operator=(const ProcessGroup&) = delete;

    // Gives up when the program can't be started.
    void start(const Command& command);
    // Waits for all started processes. The result covers all waits of this group. When a process
    // has failed, the others have 3 s to notice; then they are killed.
    Ending wait();

  private:
    struct Process {
        int id;
        std::string name;
    };
    void note(int id, int status, std::uint64_t peak_bytes);
    Start start_;
    Errors errors_;
    std::vector<Process> running_;
    Ending ending_;
};

}  // namespace mapferry::bench
