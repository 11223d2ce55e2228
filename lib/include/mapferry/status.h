// SPDX-License-Identifier: Apache-2.0
/// \file
/// What went wrong, in one type. Every fallible function of the library returns Result<T>; the
/// library never prints, never exits and throws nothing across its surface. Failing to allocate is
/// kOutOfMemory. Functions that return a text or a list and no Result need
/// memory for it, and throw std::bad_alloc as the standard library does.
///
///     mapferry::Result<bool> is_there(const std::string& name) {
///         if (name.empty()) return mapferry::fail(mapferry::Code::kUsage, "the name is empty");
///         auto report = mapferry::inspect_section({.name = name});
///         if (report) return true;
///         if (report.error().code == mapferry::Code::kNotFound) return false;
///         std::fprintf(stderr, "%s\n", mapferry::describe(report.error()).c_str());
///         return mapferry::pass(report.error());
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace mapferry::inline v1 {

/// The causes that a caller can tell apart, one meaning each. The numbers are of this process
/// alone: programs have exit codes of their own, and sections carry values that their format
/// defines.
enum class Code : std::uint8_t {
    kUsage = 1,     ///< an argument makes no sense
    kNotFound,      ///< no such input file or section
    kNotReady,      ///< what has the name is no section, or its creator has not finished it: retry
    kBusy,          ///< another process holds the role that was asked for
    kStillFilling,  ///< the section's writer is still filling it: wait, retry
    kTimedOut,      ///< nothing happened before the deadline
    kInterrupted,   ///< the caller's stop flag was raised
    kPeerGone,      ///< the process on the other side died, gave up or aborted
    kEvicted,       ///< the writer gave this reader up, because it made no progress
    kCorrupt,       ///< a checksum or a field is wrong
    kVersion,       ///< the section speaks another format version
    kPermission,    ///< not allowed, or owned by somebody else
    kCannotCreate,  ///< the name is taken, or the output exists
    kIo,            ///< reading, writing or reserving space failed
    kOutOfMemory,   ///< no memory, or no room in the address space, for this process
    kSystem,        ///< the operating system refused for a reason not listed here
};

/// What can be done about a failure. Each program and each binding words these in its own terms:
/// the options of its command line, the arguments of its functions.
enum class Remedy : std::uint8_t {
    kNone,                ///< nothing that has a name here
    kOtherName,           ///< choose another name for the section
    kRemoveSection,       ///< remove the section, or what has its name
    kConsumeOrRemove,     ///< receive and consume what the section holds, or remove it
    kRemoveAsOwner,       ///< its owner or the superuser can remove it, by force
    kRemoveAnyway,        ///< remove it by force, though it is in use
    kCollectGarbage,      ///< remove what dead writers left
    kFindRemover,         ///< find out what removes sections: a user, a logout, another library
    kUseSectionFile,      ///< give a file that holds a section
    kOtherSectionFile,    ///< choose another file for the section
    kUseBackingFile,      ///< put the section into a file instead of memory
    kOtherBackingFolder,  ///< put the section's file into another folder
    kStayInSession,       ///< do without a section that all login sessions see
    kStartWriter,         ///< start a writer of payloads with this section's name, or wait longer
    kRestartWriter,       ///< start the writer again, with the same name
    kWaitForSection,      ///< wait until the section is there
    kStartReaders,        ///< start readers of payloads with this section's name, or wait longer
    kStartFrameReaders,   ///< start readers of frames with this section's name
    kStartMoreReaders,    ///< the writer may wait for more readers: start them
    kRaiseTimeout,        ///< wait longer
    kRaiseStallTimeout,   ///< let the writer wait longer for a reader, or without end
    kReceivePayloads,     ///< receive the section's payloads
    kReceiveFrames,       ///< receive the section's frames
    kReceiveToVerify,     ///< receive it and discard the bytes, which verifies them
    kReadBuffer,          ///< read the section as a buffer
    kCreateBuffer,        ///< make the buffer, by giving its size
    kKeepPayload,         ///< let the writer keep the payloads for readers that come later
    kSendAsStream,        ///< send as a stream, and do not keep it
    kMoreSlots,           ///< make the section with more slots
    kSmallerSlots,        ///< make the section with smaller slots
    kLargerFrames,        ///< make the section for larger frames
    kMoreReaders,         ///< make the section for more readers at once, or end one of them
    kAddChecksums,        ///< let the writer give every frame a checksum
    kSendArchive,         ///< send the folder as an archive
    kReplaceOutput,       ///< allow the existing file to be replaced
    kWriteInPlace,        ///< overwrite the existing file where it is
    kNameOutput,          ///< name the file or folder to write to
    kChooseFileName,      ///< name the file, or let the refused name be changed
    kUseStandardOutput,   ///< write to standard output, and redirect it
    kSkipDurability,      ///< do without the guarantee that the file's name is on the disk
};
inline constexpr std::size_t kRemedyCount =
    std::size_t{1} + static_cast<std::size_t>(Remedy::kSkipDurability);

/// One failure. `message` names the object and the cause ("cannot open section \"x\": ..."), in
/// lower case without a full stop. The way out has two parts, and each may be missing: `hint` is
/// advice that holds in every program, in words; `remedy` is for the program to word. With both,
/// either will do. `os_error` is errno or GetLastError(), 0 when the system was not involved.
struct [[nodiscard]] Status {
    Code code = Code::kSystem;
    std::string message;
    std::string hint = {};
    int os_error = 0;
    Remedy remedy = Remedy::kNone;
    /// The section that a remedy is about, where that has to be known: its name, and its path if it
    /// is in a file.
    std::string section_name = {};
    std::string section_file = {};
};

template <typename T>
using Result = std::expected<T, Status>;

/// Makes the error side of a Result.
[[nodiscard]] inline std::unexpected<Status> fail(Code code, std::string message,
                                                  std::string hint = {}) {
    return std::unexpected<Status>(Status{code, std::move(message), std::move(hint), 0});
}
[[nodiscard]] inline std::unexpected<Status> fail(Code code, std::string message, Remedy remedy) {
    return std::unexpected<Status>(Status{code, std::move(message), {}, 0, remedy});
}
/// Either will do: what `hint` says, or the remedy.
[[nodiscard]] inline std::unexpected<Status> fail(Code code, std::string message, std::string hint,
                                                  Remedy remedy) {
    return std::unexpected<Status>(Status{code, std::move(message), std::move(hint), 0, remedy});
}

/// Passes an error on to a Result of another type.
[[nodiscard]] inline std::unexpected<Status> pass(Status status) {
    return std::unexpected<Status>(std::move(status));
}

/// The message with its operating system error, without the hint:
///     cannot open section "frame-7": no such object (os error 2)
[[nodiscard]] std::string describe(const Status& status);

/// A short name of the cause for machines and for logs: "timed-out", "corrupt", ...
[[nodiscard]] std::string_view code_name(Code code);

/// The same of a remedy: "other-name", "raise-timeout", ... Empty for kNone.
[[nodiscard]] std::string_view remedy_name(Remedy remedy);

}  // namespace mapferry::inline v1
