// SPDX-License-Identifier: Apache-2.0
// What went wrong, in one type. Every fallible function of the library returns Result<T>; the
// library never prints, never exits and throws nothing across its surface. Memory that is not to be
// had is a kSystem "out of memory". Functions that return a text or a list and no Result need
// memory for it, and throw std::bad_alloc as the standard library does.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace mapferry {

// The causes that a caller can tell apart. The values are those of sysexits(3), so a program may
// exit with them unchanged; they are also what a section's abort_cause and detach_cause carry, so
// they never change their meaning. The three below 64 never leave a program as exit codes.
enum class Code : std::uint32_t {
    kNotReady = 1,       // the section exists but its creator has not finished it: wait, retry
    kBusy = 2,           // another process holds the role that was asked for
    kInterrupted = 3,    // the caller's stop flag was raised
    kUsage = 64,         // an argument makes no sense
    kCorrupt = 65,       // a checksum or a field is wrong
    kNotFound = 66,      // no such input file or section
    kPeerGone = 69,      // the process on the other side died, gave up or aborted
    kSystem = 71,        // the operating system refused for a reason not listed here
    kCannotCreate = 73,  // the name is taken, or the output exists
    kIo = 74,            // reading, writing or reserving space failed
    kTimedOut = 75,      // nothing happened before the deadline
    kVersion = 76,       // the section speaks another format version
    kPermission = 77,    // not allowed, or owned by somebody else
};

// One failure. `message` names the object and the cause ("cannot open section \"x\": ..."), in
// lower case without a full stop; `hint` says the way out and is empty when there is none;
// `os_error` is errno or GetLastError(), 0 when the system was not involved.
struct [[nodiscard]] Status {
    Code code = Code::kSystem;
    std::string message;
    std::string hint = {};
    int os_error = 0;
};

template <typename T>
using Result = std::expected<T, Status>;

// Makes the error side of a Result.
[[nodiscard]] inline std::unexpected<Status> fail(Code code, std::string message,
                                                  std::string hint = {}) {
    return std::unexpected<Status>(Status{code, std::move(message), std::move(hint), 0});
}

// Passes an error on to a Result of another type.
[[nodiscard]] inline std::unexpected<Status> pass(Status status) {
    return std::unexpected<Status>(std::move(status));
}

// The message with its operating system error, without the hint:
//     cannot open section "frame-7": no such object (os error 2)
[[nodiscard]] std::string describe(const Status& status);

// A short name of the cause for machines and for logs: "timed-out", "corrupt", ...
[[nodiscard]] std::string_view code_name(Code code);

}  // namespace mapferry
