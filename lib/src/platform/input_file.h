// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): sources of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "mapferry/payload.h"
#include "mapferry/status.h"
#include "platform/byte_range.h"
#include "platform/fork_mark.h"

namespace mapferry::inline v1::platform {

// A source of bytes. Move-only.
class InputFile {
  public:
    // `info` gets name, size, times, mode and identity as far as the system knows them.
    [[nodiscard]] static Result<std::unique_ptr<InputFile>> open(const std::string& path,
                                                                 PayloadInfo& info);
    [[nodiscard]] static Result<std::unique_ptr<InputFile>> standard_input(PayloadInfo& info);
    virtual ~InputFile() = default;
    // An inherited file shares its reading position with the parent.
    [[nodiscard]] bool inherited() const { return mark_.inherited(); }
    // As Source::read, Source::wait_ready, Source::may_block.
    [[nodiscard]] virtual Result<std::size_t> read(std::span<std::byte> target) = 0;
    [[nodiscard]] virtual Result<bool> wait_ready(std::int64_t timeout_ms) = 0;
    [[nodiscard]] virtual bool may_block() const = 0;
    // As Source::has_producer.
    [[nodiscard]] virtual Result<bool> has_producer() { return true; }
    // Reads a regular file without moving the reading position: up to target.size() bytes from
    // `offset` on, which counts from the position when the file was opened. 0: the end. Several
    // threads may call it at once.
    [[nodiscard]] virtual Result<std::size_t> read_at(std::span<std::byte> target,
                                                      std::uint64_t offset) = 0;
    // Whether a regular file was written to since it was opened, as far as the system records that.
    [[nodiscard]] virtual Result<bool> changed() const = 0;
    // Regular files: moves the reading position to `bytes` behind where it stood when the file was
    // opened.
    [[nodiscard]] virtual Result<void> skip(std::uint64_t bytes) = 0;
    // Regular files: the next range of stored bytes from `offset` on, counted as by read_at(). The
    // bytes before the range are zeros. At the file's end there are no more; where the system has
    // no answer, all bytes are stored. Moves the reading position.
    [[nodiscard]] virtual Result<ByteRange> next_stored(std::uint64_t offset) = 0;
    // Whether next_stored() is worth a call: the file takes less space than it has bytes.
    [[nodiscard]] virtual bool may_have_holes() const = 0;
    // Reads the first bytes without moving the reading position; fewer of a short file, none of a
    // pipe.
    [[nodiscard]] virtual Result<std::size_t> peek(std::span<std::byte> target) = 0;

  private:
    ForkMark mark_;
};

}  // namespace mapferry::inline v1::platform
