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

// A target of bytes, as Output describes it. Move-only; without commit() nothing is left, but
// what was overwritten in place. Inherited, it removes nothing.
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
    // `bytes` zeros that take no space. False: nothing was done, they have to be written.
    [[nodiscard]] virtual Result<bool> leave_hole(std::uint64_t) { return false; }
    // With kOnDisk: the file is flushed before it gets its name, the name (Linux: the folder;
    // Windows: a move that writes through) after. A flush that fails is never tried again: the
    // system may have dropped what it could not write, and would then report success.
    [[nodiscard]] virtual Result<void> commit(const FileAttributes& attributes,
                                              Durability durability) = 0;
    // After commit(): an attribute that could not be applied, in a sentence; empty: all were.
    [[nodiscard]] virtual std::string left_out() const { return {}; }
    // What is lost without commit(), in a sentence; empty: nothing is.
    [[nodiscard]] virtual std::string loss() const { return {}; }

  private:
    ForkMark mark_;
};

// Links followed.
[[nodiscard]] bool is_folder(const std::string& path);
// Links not followed; empty: there is no such file, or the system does not say.
[[nodiscard]] std::optional<FileIdentity> identity_of(const std::string& path);

}  // namespace mapferry::inline v1::platform
