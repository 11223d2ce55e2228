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
    // Its reading position is then the parent's too.
    [[nodiscard]] bool inherited() const { return mark_.inherited(); }
    // As Source::read, Source::wait_ready, Source::may_block.
    [[nodiscard]] virtual Result<std::size_t> read(std::span<std::byte> target) = 0;
    [[nodiscard]] virtual Result<bool> wait_ready(std::int64_t timeout_ms) = 0;
    [[nodiscard]] virtual bool may_block() const = 0;
    // As Source::has_producer.
    [[nodiscard]] virtual Result<bool> has_producer() { return true; }
    // Of a regular file, without moving the reading position: up to target.size() bytes from
    // `offset` bytes behind where it stood when the file was opened; 0 = end. Several threads may
    // call it at once.
    [[nodiscard]] virtual Result<std::size_t> read_at(std::span<std::byte> target,
                                                      std::uint64_t offset) = 0;
    // Whether a regular file has been written to since it was opened, by what the system notes.
    [[nodiscard]] virtual Result<bool> changed() const = 0;
    // Of a regular file: the reading position is `bytes` behind where it stood when the file was
    // opened.
    [[nodiscard]] virtual Result<void> skip(std::uint64_t bytes) = 0;
    // Of a regular file, counted as by read_at(): the next bytes that it stores, from `offset` on;
    // what is between is zeros. At the file's end there is nothing more; where the system does not
    // say, all is stored. Moves the reading position.
    [[nodiscard]] virtual Result<ByteRange> next_stored(std::uint64_t offset) = 0;
    // Whether it is worth asking: the file takes less space than it has bytes.
    [[nodiscard]] virtual bool may_have_holes() const = 0;
    // The first bytes without moving the reading position; fewer at a short file, none from a pipe.
    [[nodiscard]] virtual Result<std::size_t> peek(std::span<std::byte> target) = 0;

  private:
    ForkMark mark_;
};

}  // namespace mapferry::inline v1::platform
