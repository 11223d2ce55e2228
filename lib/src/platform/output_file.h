// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): targets of bytes.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "mapferry/output_options.h"
#include "mapferry/payload.h"
#include "mapferry/status.h"
#include "platform/fork_mark.h"

namespace mapferry::inline v1::platform {

// A target of bytes, as Output describes it. Move-only. Without commit() nothing stays, except
// bytes that were overwritten in place. Inherited, it removes nothing.
class OutputFile {
  public:
    [[nodiscard]] static Result<std::unique_ptr<OutputFile>> create(
        const std::string& path, Overwrite overwrite, const std::optional<FileIdentity>& source);
    // `stop`: as Output::to_standard_output.
    [[nodiscard]] static Result<std::unique_ptr<OutputFile>> standard_output(
        const std::optional<FileIdentity>& source, const std::atomic<int>* stop);
    virtual ~OutputFile() = default;
    [[nodiscard]] bool inherited() const { return mark_.inherited(); }
    [[nodiscard]] virtual Result<void> write(std::span<const std::byte> bytes) = 0;
    // Adds `bytes` zeros that take no space. False: nothing was done, and the caller has to write
    // them.
    [[nodiscard]] virtual Result<bool> leave_hole(std::uint64_t) { return false; }
    // With kOnDisk the file is flushed before it gets its name, and the name afterwards (Linux: by
    // its folder; Windows: by a move that writes through). A failed flush is never repeated: the
    // system may have dropped the bytes that it could not write, and would then report success.
    [[nodiscard]] virtual Result<void> commit(const FileAttributes& attributes,
                                              Durability durability) = 0;
    // After commit(): a sentence about an attribute that could not be applied; empty: all were.
    [[nodiscard]] virtual std::string left_out() const { return {}; }
    // A sentence about what is lost without commit(); empty: nothing is.
    [[nodiscard]] virtual std::string loss() const { return {}; }

  private:
    ForkMark mark_;
};

// Follows links.
[[nodiscard]] bool is_folder(const std::string& path);
// Does not follow links. Empty: there is no such file, or the system has no answer.
[[nodiscard]] std::optional<FileIdentity> identity_of(const std::string& path);

}  // namespace mapferry::inline v1::platform
