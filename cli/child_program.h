// SPDX-License-Identifier: Apache-2.0
// Another program, and pipes to it. One file for each system, the same functions in the same order.
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

    // Some bytes; 0 at the end, which is also that of a pipe whose other side has gone.
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> target) const;
    // All of them. kIo.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes) const;
    // Back to the beginning, for all processes that have it.
    [[nodiscard]] Result<void> rewind() const;

  private:
    static constexpr std::intptr_t kNone = -1;
    std::intptr_t native_ = kNone;
};

// The standard streams of this process.
[[nodiscard]] OpenFile standard_input();
[[nodiscard]] OpenFile standard_output();
// From now on this is the standard input of this process, and what it was is closed.
[[nodiscard]] Result<void> become_standard_input(OpenFile file);

// A way for bytes from another process to this one.
struct Channel {
    OpenFile ours;    // to read from
    OpenFile theirs;  // for the other process to write to
};
// A pipe with room for `bytes` bytes, or for fewer where the system allows no more; 0: its default.
[[nodiscard]] Result<Channel> open_pipe(std::size_t bytes);

// How a program ended.
struct ProgramEnd {
    std::uint32_t status = 0;
    bool by_signal = false;  // `status` is the signal's number

    [[nodiscard]] bool good() const { return status == 0 && !by_signal; }
};

// A program's standard streams. Without `errors` its standard error is this process's.
struct ProgramStreams {
    const OpenFile& input;
    const OpenFile& output;
    const OpenFile* errors = nullptr;
};

enum class ProgramGroup : std::uint8_t {
    kOurs,
    // What the program starts ends with it, when it is this one that ends it. On a terminal the
    // program stays in the group that has it, which Ctrl-C reaches anyway: others may not read.
    kOwn,
};

// Another program. Ended when this object is destroyed, and by the system when this process dies,
// each time with a moment to clean up where the system has such a thing; one that has ended by
// itself has left what it left. Start it from the main thread only.
class ChildProgram {
  public:
    // words[0]: a path, or a name that the system looks for where it looks for programs (PATH).
    // kNotFound, kPermission, kSystem.
    [[nodiscard]] static Result<ChildProgram> start(const std::vector<std::string>& words,
                                                    const ProgramStreams& streams,
                                                    ProgramGroup group);
    ChildProgram(ChildProgram&&) noexcept;
    ChildProgram& operator=(ChildProgram&&) noexcept;
    ~ChildProgram();

    // Thread-safe beside ended(): ends it at once.
    void kill();
    // How it has ended; empty when it still runs after timeout_ms (negative: waits for its end).
    // Thread-safe beside itself.
    [[nodiscard]] std::optional<ProgramEnd> ended(std::int64_t timeout_ms) const;

  private:
    struct Impl;
    explicit ChildProgram(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::cli
