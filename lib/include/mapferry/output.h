// SPDX-License-Identifier: Apache-2.0
/// \file
/// The target of a payload: a file that appears whole or not at all, standard output, or nowhere.
///
///     mapferry::Result<void> store(const std::string& path, std::span<const std::byte> bytes) {
///         auto output = mapferry::Output::to_file(path, mapferry::Overwrite::kReplace, {});
///         if (!output) return std::unexpected(output.error());
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

/// Move-only; one thread at a time. Destruction without commit() leaves nothing behind, except
/// bytes that kInPlace has already overwritten. Inert in a child made by fork(): see writer.h.
class Output {
  public:
    /// A file that becomes visible under `path` (UTF-8; Linux: any bytes) at commit(). The bytes go
    /// to a nameless or temporary file in the same folder; kInPlace overwrites an existing file
    /// instead. kCannotCreate: the folder does not exist, or `path` exists and overwrite is
    /// kRefuse, or `path` is no regular file, the payload's own source, a section file in use, or
    /// (with kInPlace) a file that another process writes to; kPermission; kIo.
    [[nodiscard]] static Result<Output> to_file(const std::string& path, Overwrite overwrite,
                                                const std::optional<FileIdentity>& source);
    /// The process's standard output. kCannotCreate: it is the payload's own source. write()
    /// returns kCannotCreate if it is a section file in use. If `stop` is not null, a wait for a
    /// full pipe ends with kInterrupted within 100 ms after `stop` becomes non-zero. A signal
    /// handler may set it. It must outlive the output.
    [[nodiscard]] static Result<Output> to_standard_output(
        const std::optional<FileIdentity>& source, const std::atomic<int>* stop = nullptr);
    /// Accepts every byte and keeps none.
    [[nodiscard]] static Output to_nowhere();

    Output(Output&&) noexcept;
    Output& operator=(Output&&) noexcept;
    ~Output();

    /// False for to_nowhere(): the caller need not hand over private copies.
    [[nodiscard]] bool keeps_bytes() const;

    /// True for to_file(): writing never waits for another process.
    [[nodiscard]] bool is_file() const;

    /// Writes all of `bytes`; waits while a pipe is full. kIo: disk full, pipe closed;
    /// kInterrupted.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);

    /// Writes `bytes` zeros. They become a hole, which takes no space, if the output is a file that
    /// can have holes and is not in append mode. Bytes that an existing file had there are replaced
    /// in any case.
    [[nodiscard]] Result<void> write_hole(std::uint64_t bytes);
    /// Writes `bytes` zeros without making a hole.
    [[nodiscard]] Result<void> write_zeros(std::uint64_t bytes);

    /// Applies the attributes and makes the file visible, atomically. Before that the file is
    /// closed, because some systems report failed writes only then (kIo). Standard output stays
    /// open. kCannotCreate: with kRefuse, another process has created the name meanwhile. kOnDisk
    /// has further errors. kIo: the disk did not store the file, and it has not appeared, or the
    /// disk did not store the name, and the file has appeared; kUsage: the output is standard
    /// output.
    [[nodiscard]] Result<void> commit(const FileAttributes& attributes,
                                      Durability durability = Durability::kBuffered);

    /// After commit(): a sentence for the user about attributes that the file system can't hold,
    /// and about properties of the replaced file that could not be kept. Empty: there are none.
    [[nodiscard]] std::string left_out() const;

    /// Before commit(), or after it failed: a sentence for the user about the bytes that were lost.
    /// Empty: none were.
    [[nodiscard]] std::string loss() const;

  private:
    Output();
    std::unique_ptr<platform::OutputFile> file_;  ///< null: nowhere
    bool is_file_ = false;
};

}  // namespace mapferry::inline v1
