// SPDX-License-Identifier: Apache-2.0
// The processes of a benchmark: copies of this very program in another role.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mapferry::bench {

// This program again, with other arguments. Its standard output is kept. Killed with this object
// when it still runs, and by the system when this process dies.
class RoleProcess {
  public:
    explicit RoleProcess(const std::vector<std::string>& arguments);
    ~RoleProcess();
    RoleProcess(const RoleProcess&) = delete;
    RoleProcess& operator=(const RoleProcess&) = delete;

    // Waits for its end; what it printed. Ends this program when it failed.
    [[nodiscard]] std::string wait();

  private:
    std::int64_t process_;
    int output_;
};

// Becomes the program of these words; its path is the first. Gives up when it can't.
[[noreturn]] void become_program(const std::vector<std::string>& words);

// Keeps this process on the first or second of the processors that it may use (the only one, where
// there is only one). Two processes that are never busy at the same time are else often left on one
// processor, and then a wake-up lasts until the waker goes to sleep itself.
enum class Processor : std::uint8_t { kFirst, kSecond };
void stay_on(Processor processor);

// What the two processes of a round tell each other beside the frames, in a file that both map.
class Progress {
  public:
    // Creates the file if it is missing, with zeros.
    explicit Progress(const std::string& path);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    // Frames that the receiver has finished with.
    [[nodiscard]] std::uint64_t done() const;
    void set_done(std::uint64_t frames);
    // When the newest frame was sent. Here and not in the frame: to touch its first page again
    // would be a part of what is timed.
    [[nodiscard]] std::int64_t sent_ns() const;
    void set_sent_ns(std::int64_t ns);

  private:
    struct Shared {
        std::uint64_t done;
        std::int64_t sent_ns;
    };
    Shared* shared_;
};

// A folder that goes with this object.
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
