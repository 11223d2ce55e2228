// SPDX-License-Identifier: Apache-2.0
/// \file
/// The error type of the library. Every function that can fail returns Result<T>. The library never
/// prints and never exits, and its functions do not throw: allocation failure is kOutOfMemory. Only
/// functions that return a text or a list without a Result throw std::bad_alloc, as the standard
/// library does, when there is no memory for it.
///
/// What holds for all headers, unless an item says otherwise:
/// - Texts, names and paths are UTF-8. Linux passes their bytes on unchanged.
/// - Free functions may be called from any thread. Several threads may read one value; nobody else
///   may use it while one thread changes it. An object that has something of the system open is
///   used by one thread at a time.
/// - A call that fails with kUsage has changed nothing. One that fails with kTimedOut, kInterrupted
///   or kBusy may be called again, unless it had moved a part of its bytes (write(), fill(),
///   send_payload(), receive_payload()). After any other error of an object, abort() or destroy it.
/// - In a child made by fork(), free functions and values work as in the parent. Objects that have
///   something open are inert there: see writer.h.
///
///     mapferry::Result<bool> is_there(const std::string& name) {
///         if (name.empty())
///             return std::unexpected(
///                 mapferry::Status{mapferry::Code::kUsage, "the name is empty"});
///         auto report = mapferry::inspect_section({.name = name});
///         if (report) return true;
///         if (report.error().code == mapferry::Code::kNotFound) return false;
///         std::fprintf(stderr, "%s\n", mapferry::describe(report.error()).c_str());
///         return std::unexpected(report.error());
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace mapferry::inline v1 {

/// The causes of failure that a caller can distinguish. Each has one meaning. The numbers are valid
/// only within a process: programs have exit codes of their own, and the section format defines the
/// values that sections carry.
enum class Code : std::uint8_t {
    kUsage = 1,     ///< an argument makes no sense
    kNotFound,      ///< no such input file or section
    kNotReady,      ///< the object of this name is no section, or is not finished yet: retry
    kBusy,          ///< what the call needs is in use: the section, a role, every slot
    kStillFilling,  ///< the section's writer is still filling it: wait, retry
    kTimedOut,      ///< nothing happened before the deadline
    kInterrupted,   ///< the caller's stop flag was raised
    kPeerGone,      ///< the process on the other side died, gave up or aborted
    kEvicted,       ///< the writer gave this reader up, because it made no progress
    kCorrupt,       ///< a checksum or a field is wrong
    kVersion,       ///< the section has another format version
    kPermission,    ///< not allowed, or owned by somebody else
    kCannotCreate,  ///< the name is taken, or the output exists
    kIo,            ///< reading, writing or reserving space failed
    kOutOfMemory,   ///< this process has no memory left, or no room in its address space
    kSystem,        ///< the operating system refused for a reason not listed here
};

/// What the user can do about a failure. Each program and each language binding expresses these in
/// its own terms: the options of its command line, the arguments of its functions.
enum class Remedy : std::uint8_t {
    kNone,                ///< there is none in this list
    kOtherName,           ///< choose another name for the section
    kRemoveSection,       ///< remove the section, or the object that has its name
    kConsumeOrRemove,     ///< receive and consume what the section holds, or remove it
    kNameSharing,         ///< say whom you trust: SectionAddress::sharing
    kRemoveAsOwner,       ///< its owner or the superuser can remove it, by force
    kRemoveAnyway,        ///< remove it by force, though it is in use
    kCollectGarbage,      ///< remove the leftovers of dead writers
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
/// lower case without a full stop. The way out has two parts, and each may be missing. `hint` is
/// advice in words that holds in every program. The program finds its own words for `remedy`. If
/// both are set, each of them alone is enough. `os_error` is errno or GetLastError(); 0: the system
/// was not involved.
struct [[nodiscard]] Status {
    Code code = Code::kSystem;
    std::string message;
    std::string hint = {};
    int os_error = 0;
    Remedy remedy = Remedy::kNone;
    /// The section to which the remedy applies, if the remedy needs one: its name, and its path if
    /// it is in a file.
    std::string section_name = {};
    std::string section_file = {};
};

template <typename T>
using Result = std::expected<T, Status>;

/// The message with its operating system error, without the hint:
///     cannot open section "frame-7": no such object (os error 2)
[[nodiscard]] std::string describe(const Status& status);

/// A short name of the cause for machines and for logs: "timed-out", "corrupt", ...
[[nodiscard]] std::string_view code_name(Code code);

/// A short name of the remedy: "other-name", "raise-timeout", ... Empty for kNone.
[[nodiscard]] std::string_view remedy_name(Remedy remedy);

}  // namespace mapferry::inline v1
