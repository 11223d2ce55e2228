// SPDX-License-Identifier: Apache-2.0
/// \file
/// A shared buffer as a standard stream.
///
///     mapferry::Result<std::string> swap_word(mapferry::SharedBuffer buffer,
///                                             const std::string& word) {
///         mapferry::SharedBufferStream stream(std::move(buffer));
///         auto lock = stream.buffer().lock(std::chrono::seconds(5));
///         if (!lock) return std::unexpected(lock.error());
///         std::string old;
///         stream.seekg(16) >> old;
///         stream.clear();
///         stream.seekp(16) << word << '\n';
///         if (!stream)
///             return std::unexpected(
///                 mapferry::Status{mapferry::Code::kUsage, "the word does not fit"});
///         return old;
///     }
///
/// Reading and writing share one position: each write moves it on, as in a file. Writes reach the
/// buffer at once, so flush() does nothing. A write that does not fit before the buffer's end
/// writes nothing and sets failbit (and badbit, as std::ostream does itself); clear() makes the
/// stream usable again. "A write" is one write(), or one << of a text or a number; the fill
/// characters of a field width are separate writes. Seeking works from the beginning, the position
/// and the end, up to the end.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>

#include "mapferry/shared_buffer.h"

namespace mapferry::inline v1 {

/// Can be neither copied nor moved; one thread at a time. Its calls fail in a child made by fork():
/// see writer.h. It takes no lock by itself: hold buffer().lock() while a value of several bytes
/// is read or written, otherwise old and new bytes may be mixed.
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
