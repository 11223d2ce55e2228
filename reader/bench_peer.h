// What `doctor --bench` needs of the system: another process, and channels to it. One file for each
// system, the same functions in the same order.
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

// A file in `folder` that no other process finds and that goes with the last process that has it
// open. kIo, kPermission.
[[nodiscard]] Result<OpenFile> make_nameless_file(const std::string& folder);
// Folders for such files, the fastest first.
[[nodiscard]] std::vector<std::string> scratch_folders();
// Whether a section of so many bytes fits into shared memory.
[[nodiscard]] bool memory_has_room(std::uint64_t bytes);

// A way for bytes from another process to this one.
struct Channel {
    OpenFile ours;    // to read from
    OpenFile theirs;  // for the other process to write to
};
struct ChannelKind {
    const char* name;
    Result<Channel> (*open)();
};
[[nodiscard]] std::span<const ChannelKind> channel_kinds();
// What this system calls writing and reading a file.
[[nodiscard]] const char* file_way_name();

// Another process. Ended when this object is destroyed, and by the system when this process dies,
// each time with a moment to clean up where the system has such a thing. Start it from the main
// thread only.
class BenchPeer {
  public:
    // `program` is a path. Its standard error is this process's.
    [[nodiscard]] static Result<BenchPeer> start(const std::string& program,
                                                 const std::vector<std::string>& arguments,
                                                 const OpenFile& input, const OpenFile& output);
    BenchPeer(BenchPeer&&) noexcept;
    BenchPeer& operator=(BenchPeer&&) noexcept;
    ~BenchPeer();

    // Thread-safe beside wait(): ends it at once.
    void kill();
    // Whether it has ended otherwise than with 0; empty while it runs. Thread-safe beside wait().
    [[nodiscard]] std::optional<bool> failed() const;
    // Waits for its end. kPeerGone when it failed, or was killed.
    [[nodiscard]] Result<void> wait();

  private:
    struct Impl;
    explicit BenchPeer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// The paths of this very program, and of another one beside it or else in PATH. kNotFound.
[[nodiscard]] std::string own_program();
[[nodiscard]] Result<std::string> find_program(const std::string& name);

// "Linux", "Windows" or "Windows (Wine)".
[[nodiscard]] std::string system_label();

}  // namespace mapferry::cli
