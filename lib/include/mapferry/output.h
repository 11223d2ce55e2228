// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where a payload goes: a file that appears whole or not at all, standard output, or nowhere.
///
///     mapferry::Result<void> store(const std::string& path, std::span<const std::byte> bytes) {
///         auto output = mapferry::Output::to_file(path, mapferry::Overwrite::kReplace, {});
///         if (!output) return mapferry::pass(output.error());
///         if (auto written = output->write(bytes); !written) return written;
///         return output->commit({});  // the file is there, whole; before that `path` is as it was
///     }
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "mapferry/output_options.h"
#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

namespace platform {
class OutputFile;
}

/// Move-only; one thread at a time. Destruction without commit() leaves nothing behind, except for
/// what kInPlace has overwritten by then. Inert in a child made by fork(): see writer.h.
class Output {
  public:
    /// A file that becomes visible under `path` at commit(). The bytes go to a nameless or
    /// temporary file in the same folder. kCannotCreate: it exists (with kRefuse), or is no regular
    /// file, or is the payload's own source, or a section file that is in use, or another process
    /// writes to it (with kInPlace), or there is no such folder; kPermission; kIo.
    [[nodiscard]] static Result<Output> to_file(const std::string& path, Overwrite overwrite,
                                                const std::optional<FileIdentity>& source);
    /// The process's standard output. kCannotCreate: it is the payload's own source; at the first
    /// write(): it is a section file that is in use. When `stop` is not null: a wait for a full
    /// pipe ends with kInterrupted within 100 ms of it becoming non-zero. May be set by a signal
    /// handler. Must outlive the output.
    [[nodiscard]] static Result<Output> to_standard_output(
        const std::optional<FileIdentity>& source, const std::atomic<int>* stop = nullptr);
    /// Takes every byte and keeps none.
    [[nodiscard]] static Output to_nowhere();

    Output(Output&&) noexcept;
    Output& operator=(Output&&) noexcept;
    ~Output();

    /// False for to_nowhere(): the caller need not hand over private copies.
    [[nodiscard]] bool keeps_bytes() const;

    /// True for to_file(): writing never waits for another process.
    [[nodiscard]] bool is_file() const;

    /// Writes all of `bytes`, and waits where a pipe is full. kIo: disk full, pipe closed;
    /// kInterrupted.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);

    /// Writes so many zeros: as a hole, which takes no space, where the output is a file that can
    /// have one, and is not appended to. What an existing file had there is gone either way.
    [[nodiscard]] Result<void> write_hole(std::uint64_t bytes);
    /// The same, each of them written.
    [[nodiscard]] Result<void> write_zeros(std::uint64_t bytes);

    /// Applies the attributes and makes the file visible, atomically, once the system has stored
    /// all that it tells of (errors of closing: kIo). Standard output stays open. kCannotCreate:
    /// with kRefuse, somebody else created the name meanwhile. With kOnDisk also kIo: the disk did
    /// not take the file, which has not appeared, or the name, which has; kUsage: standard output.
    [[nodiscard]] Result<void> commit(const FileAttributes& attributes,
                                      Durability durability = Durability::kBuffered);

    /// After commit(): which attribute the file system can't hold and was left out, and what the
    /// replaced file had and could not be kept, in a sentence for the user; empty: nothing.
    [[nodiscard]] std::string left_out() const;

    /// Without commit(), or after it failed: what was lost, in a sentence for the user; empty:
    /// nothing was.
    [[nodiscard]] std::string loss() const;

  private:
    Output();
    std::unique_ptr<platform::OutputFile> file_;  ///< null: nowhere
    bool is_file_ = false;
};

/// True when `path` is an existing folder, links followed.
[[nodiscard]] bool is_folder(const std::string& path);

/// Which file `path` is, links not followed; empty: there is none, or nobody can say.
[[nodiscard]] std::optional<FileIdentity> identity_of(const std::string& path);

}  // namespace mapferry::inline v1
