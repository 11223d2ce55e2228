// Where a payload comes from: a file, standard input or a text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "mapferry/payload.h"
#include "mapferry/status.h"

namespace mapferry {

namespace platform {
class InputFile;
}

// Move-only; one thread at a time.
class Source {
  public:
    // Opens a file for reading. kNotFound: no such file, or it is a folder. kPermission.
    [[nodiscard]] static Result<Source> open_file(const std::string& path);
    // The process's standard input, left open at the end. A regular file behind it keeps its size.
    [[nodiscard]] static Result<Source> standard_input();
    // A copy of `text`.
    [[nodiscard]] static Source from_text(std::string text);

    Source(Source&&) noexcept;
    Source& operator=(Source&&) noexcept;
    ~Source();

    // Name, size, times and image shape as far as they are known before the first byte is read.
    [[nodiscard]] const PayloadInfo& info() const { return info_; }

    // Up to target.size() bytes; 0 = end. Blocks as long as the system does. kInterrupted when a
    // signal arrived before any byte; kIo.
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> target);

    // For can_read_at() sources, instead of read(): up to target.size() bytes from `offset` on,
    // counted from where the source began; 0 = end. Several threads may call it at once. Errors as
    // read().
    [[nodiscard]] Result<std::size_t> read_at(std::span<std::byte> target, std::uint64_t offset);

    // For can_read_at() sources: moves read()'s place on, past what was read with read_at().
    [[nodiscard]] Result<void> skip(std::uint64_t bytes);

    // A regular file whose size is known.
    [[nodiscard]] bool can_read_at() const;

    // Waits until read() will not block. False: nothing came in timeout_ms. Files are always ready.
    [[nodiscard]] Result<bool> wait_ready(std::int64_t timeout_ms);

    // A pipe or terminal, whose bytes come when they come: worth handing over promptly.
    [[nodiscard]] bool may_block() const;

  private:
    Source();
    std::unique_ptr<platform::InputFile> file_;  // null: text_
    std::string text_;
    std::size_t text_position_ = 0;
    PayloadInfo info_;
};

}  // namespace mapferry
