// SPDX-License-Identifier: Apache-2.0
/// \file
/// A shared buffer as a standard stream.
///
///     mapferry::Result<std::string> swap_word(mapferry::SharedBuffer buffer,
///                                             const std::string& word) {
///         mapferry::SharedBufferStream stream(std::move(buffer));
///         auto lock = stream.buffer().lock(std::chrono::seconds(5));
///         if (!lock) return mapferry::pass(lock.error());
///         std::string old;
///         stream.seekg(16) >> old;
///         stream.clear();
///         stream.seekp(16) << word << '\n';
///         if (!stream) return mapferry::fail(mapferry::Code::kUsage, "the word does not fit");
///         return old;
///     }
///
/// There is one position, for reading and writing: what was written is behind it, as in a file.
/// Nothing is kept back, so flush() has nothing to do. A write that does not fit before the
/// buffer's end writes nothing and sets failbit (and badbit, as std::ostream does itself); clear()
/// makes the stream usable again. "A write" is one write(), or one << of a text or a number; a
/// field width is filled with writes of its own. Seeking works from the beginning, the position and
/// the end, up to the end.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>

#include "mapferry/shared_buffer.h"

namespace mapferry::inline v1 {

/// Neither copied nor moved; one thread at a time. In a child made by fork() it fails: see
/// writer.h. Takes no lock by itself: a value of several bytes is whole only under buffer().lock().
class SharedBufferStream final : public std::iostream {
  public:
    explicit SharedBufferStream(SharedBuffer buffer);
    SharedBufferStream(const SharedBufferStream&) = delete;
    SharedBufferStream& operator=(const SharedBufferStream&) = delete;
    ~SharedBufferStream() override;

    [[nodiscard]] SharedBuffer& buffer();
    [[nodiscard]] std::uint64_t size_bytes();

  private:
    class Bytes;
    std::unique_ptr<Bytes> bytes_;
};

}  // namespace mapferry::inline v1
