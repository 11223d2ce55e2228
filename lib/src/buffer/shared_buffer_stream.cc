// SPDX-License-Identifier: Apache-2.0
#include "mapferry/shared_buffer_stream.h"

#include <algorithm>
#include <optional>
#include <streambuf>
#include <utility>

namespace mapferry::inline v1 {

// Has no get or put area: every byte goes straight to or from the buffer.
class SharedBufferStream::Bytes final : public std::streambuf {
  public:
    Bytes(SharedBuffer buffer, std::ios& stream) : buffer_(std::move(buffer)), stream_(&stream) {}

    [[nodiscard]] SharedBuffer& buffer() { return buffer_; }

  protected:
    int_type underflow() override {
        char letter = 0;
        return read(&letter, 1) == 1 ? traits_type::to_int_type(letter) : traits_type::eof();
    }

    int_type uflow() override {
        const int_type letter = underflow();
        if (!traits_type::eq_int_type(letter, traits_type::eof())) ++position_;
        return letter;
    }

    // A byte may be put back where it was read. That does not change the buffer.
    int_type pbackfail(int_type letter) override {
        if (position_ == 0) return traits_type::eof();
        --position_;
        const int_type there = underflow();
        if (traits_type::eq_int_type(letter, traits_type::eof())) return there;
        if (traits_type::eq_int_type(letter, there)) return letter;
        ++position_;
        return traits_type::eof();
    }

    std::streamsize showmanyc() override {
        const std::uint64_t left = buffer_.size_bytes() - position_;
        return left == 0 ? -1 : static_cast<std::streamsize>(left);
    }

    std::streamsize xsgetn(char* target, std::streamsize count) override {
        const std::streamsize got = read(target, count);
        position_ += static_cast<std::uint64_t>(got);
        return got;
    }

    int_type overflow(int_type letter) override {
        if (traits_type::eq_int_type(letter, traits_type::eof()))
            return traits_type::not_eof(letter);
        const char byte = traits_type::to_char_type(letter);
        return xsputn(&byte, 1) == 1 ? letter : traits_type::eof();
    }

    // Writes all bytes or none.
    std::streamsize xsputn(const char* source, std::streamsize count) override {
        if (count <= 0) return 0;
        const auto bytes = std::as_bytes(std::span(source, static_cast<std::size_t>(count)));
        const bool fits = bytes.size() <= buffer_.size_bytes() - position_;
        if (!fits || !buffer_.write_unlocked(position_, bytes)) {
            stream_->setstate(std::ios::failbit);
            return 0;
        }
        position_ += bytes.size();
        return count;
    }

    pos_type seekoff(off_type offset, std::ios::seekdir from, std::ios::openmode) override {
        const auto size = static_cast<off_type>(buffer_.size_bytes());
        const off_type base = from == std::ios::beg   ? 0
                              : from == std::ios::cur ? static_cast<off_type>(position_)
                                                      : size;
        // Sizes are far below 2^62, so this comparison can't overflow.
        if (offset < -base || offset > size - base) return {off_type(-1)};
        position_ = static_cast<std::uint64_t>(base + offset);
        return {base + offset};
    }

    pos_type seekpos(pos_type position, std::ios::openmode which) override {
        return seekoff(off_type(position), std::ios::beg, which);
    }

  private:
    [[nodiscard]] std::streamsize read(char* target, std::streamsize count) const {
        const auto wanted = static_cast<std::size_t>(std::max<std::streamsize>(count, 0));
        const auto got =
            buffer_.read_unlocked(position_, std::as_writable_bytes(std::span(target, wanted)));
        return static_cast<std::streamsize>(got.value_or(0));
    }

    SharedBuffer buffer_;
    std::ios* stream_;
    std::uint64_t position_ = 0;  // at most size_bytes()
};

SharedBufferStream::SharedBufferStream(SharedBuffer buffer)
    : std::iostream(nullptr), bytes_(std::make_unique<Bytes>(std::move(buffer), *this)) {
    rdbuf(bytes_.get());
}

SharedBufferStream::~SharedBufferStream() = default;

SharedBuffer& SharedBufferStream::buffer() {
    return bytes_->buffer();
}

std::uint64_t SharedBufferStream::size_bytes() {
    return buffer().size_bytes();
}

}  // namespace mapferry::inline v1
