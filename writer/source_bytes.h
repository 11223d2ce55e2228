// SPDX-License-Identifier: Apache-2.0
// The bytes of a source of frames, as they come.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "mapferry/frame_writer.h"
#include "mapferry/source.h"

namespace mapferry::cli {

class SourceBytes {
  public:
    // Everything that is read is appended to `kept`, unless that is null.
    explicit SourceBytes(Source source, std::string* kept = nullptr)
        : source_(std::move(source)), kept_(kept) {}

    // Waits for bytes and reads those that have come; 0 = end. Meanwhile asks ten times a second
    // whether it is still worth sending (FrameWriter::check()), and ends with that error.
    [[nodiscard]] Result<std::size_t> read(FrameWriter& writer, std::span<std::byte> target);

    // Reads until `target` is full or the source ends; returns how many bytes came.
    [[nodiscard]] Result<std::size_t> fill(FrameWriter& writer, std::span<std::byte> target);

    // Returns the next `count` bytes, fewer at the source's end, and leaves them unread. They are
    // valid until the next call.
    [[nodiscard]] Result<std::string_view> look_ahead(FrameWriter& writer, std::size_t count);

    [[nodiscard]] Source& source() { return source_; }
    [[nodiscard]] const Source& source() const { return source_; }

  private:
    Result<std::size_t> read_source(FrameWriter& writer, std::span<std::byte> target);

    Source source_;
    std::string* kept_;
    std::string ahead_;  // read from the source, but not by the caller yet
};

}  // namespace mapferry::cli
