// SPDX-License-Identifier: Apache-2.0
// The processes of a benchmark: copies of this program in other roles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mapferry::bench {

// A process of this program with other arguments. Its standard output is kept. The destructor kills
// the process if it still runs, and the system kills it when this process dies.
class RoleProcess {
  public:
    explicit RoleProcess(const std::vector<std::string>& arguments);
    ~RoleProcess();
    RoleProcess(const RoleProcess&) = delete;
    RoleProcess& operator=(const RoleProcess&) = delete;

    [[nodiscard]] const std::string& printed() const { return printed_; }

    // Waits for the end of all these processes, or until one of them has failed. Returns the exit
    // code of that one, or 0. Gives up when a signal ended a process or the wait.
    [[nodiscard]] static int wait_for(std::vector<RoleProcess*> processes);

  private:
    // Waits for output. False: there is no more, because the process has ended.
    bool read_some();
    int exit_code();
    std::int64_t process_;
    int output_;
    std::string printed_;
};

// Replaces this process by the program of these words; the first word is its path. Gives up when
// that fails.
[[noreturn]] void become_program(const std::vector<std::string>& words);

// Keeps this process on the first or second of the processors that it may use, or on the only one.
// Otherwise the system often leaves two processes that are never busy at the same time on one
// processor, and then a wake-up lasts until the waker itself goes to sleep.
enum class Processor : std::uint8_t { kFirst, kSecond };
void stay_on(Processor processor);

// The facts that the two processes of a round exchange beside the frames, in a file that both map.
class Progress {
  public:
    // Creates the file if it is missing, with zeros.
    explicit Progress(const std::string& path);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    // The number of frames that the receiver has finished with.
    [[nodiscard]] std::uint64_t done() const;
    void set_done(std::uint64_t frames);
    // When the newest frame was sent. The frame does not hold this time, because a second access to
    // its first page would be a part of the measured time.
    [[nodiscard]] std::int64_t sent_ns() const;
    void set_sent_ns(std::int64_t ns);

  private:
    struct Shared {
        std::uint64_t done;
        std::int64_t sent_ns;
    };
    Shared* shared_;
};

// A folder that the destructor removes.
class BenchFolder {
  public:
    BenchFolder();
    ~BenchFolder();
    BenchFolder(const BenchFolder&) = delete;
    BenchFolder& operator=(const BenchFolder&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace mapferry::bench
