// SPDX-License-Identifier: Apache-2.0
// Starting another program, with pipes to it. One file for each system, the same functions in the
// same order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mapferry/status.h"

namespace mapferry::cli {

// An open file or an end of a pipe. Move-only.
class OpenFile {
  public:
    OpenFile() = default;
    explicit OpenFile(std::intptr_t native) : native_(native) {}
    OpenFile(OpenFile&& other) noexcept : native_(std::exchange(other.native_, kNone)) {}
    OpenFile& operator=(OpenFile&& other) noexcept {
        std::swap(native_, other.native_);
        return *this;
    }
    ~OpenFile() { close(); }

    void close();
    [[nodiscard]] std::intptr_t native() const { return native_; }

    // Reads at least one byte; 0 at the end. The end of a pipe comes when its other side has closed
    // it. kIo.
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> target) const;
    // Writes all of `bytes`. kIo.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes) const;
    // Moves to the beginning of the file, for all processes that share this open file.
    [[nodiscard]] Result<void> rewind() const;

  private:
    static constexpr std::intptr_t kNone = -1;
    std::intptr_t native_ = kNone;
};

// Copies of this process's standard streams.
[[nodiscard]] OpenFile standard_input();
[[nodiscard]] OpenFile standard_output();
// Makes `file` the standard input of this process and closes the previous one.
[[nodiscard]] Result<void> become_standard_input(OpenFile file);

// A pipe from another process to this one.
struct Channel {
    OpenFile ours;    // this process reads from it
    OpenFile theirs;  // the other process writes to it
};
// Opens a pipe with room for `bytes` bytes; 0: the system's default. kSystem: the system allows no
// pipe of that size.
[[nodiscard]] Result<Channel> open_pipe(std::size_t bytes);

// How a program ended.
struct ProgramEnd {
    std::uint32_t status = 0;
    bool by_signal = false;  // `status` is the signal's number

    [[nodiscard]] bool good() const { return status == 0 && !by_signal; }
};

// A program's standard streams. Without `errors` the program uses the standard error of this
// process.
struct ProgramStreams {
    const OpenFile& input;
    const OpenFile& output;
    const OpenFile* errors = nullptr;
};

enum class ProgramGroup : std::uint8_t {
    kOurs,
    // When this process ends the program, it also ends the processes that the program started.
    // Linux: a program that is started in a terminal's foreground group stays in that group,
    // because other groups may not read from the terminal. Ctrl-C reaches that group anyway.
    kOwn,
};

// A running program. The destructor ends it; the system ends it when this process dies. On Linux
// the program gets a signal and time to clean up in both cases. When the program has ended by
// itself, the processes that it started live on; Windows ends them with this object. Start it from
// the main thread only.
class ChildProgram {
  public:
    // words[0]: a path, or a program name that the system searches for (PATH). kNotFound,
    // kPermission, kSystem.
    [[nodiscard]] static Result<ChildProgram> start(const std::vector<std::string>& words,
                                                    const ProgramStreams& streams,
                                                    ProgramGroup group);
    ChildProgram(ChildProgram&&) noexcept;
    ChildProgram& operator=(ChildProgram&&) noexcept;
    ~ChildProgram();

    // Ends the program and does not wait for its end. Linux: by a signal, so that it may clean up.
    // May be called while ended() waits in another thread.
    void kill();
    // How the program ended; empty when it still runs after timeout_ms. A negative timeout_ms waits
    // until it has ended. Several threads may call it at once.
    [[nodiscard]] std::optional<ProgramEnd> ended(std::int64_t timeout_ms) const;

  private:
    struct Impl;
    explicit ChildProgram(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::cli
