// SPDX-License-Identifier: Apache-2.0
/// \file
/// Receiving payloads: one after the other, whole or piece by piece, every byte verified.
#pragma once

#include "mapferry/cpp17/cpp17_facts.h"
#include "mapferry/cpp17/cpp17_library.h"

namespace mapferry::cpp17 {
inline namespace MAPFERRY_CPP17_ERRORS {

/// Move-only; one thread at a time. For one payload, receive_bytes() is shorter. Its end without
/// end() counts as a failure for the writer of a stream.
class Reader : public Facts<Reader> {
  public:
    Reader() noexcept = default;
    /// Opens a section of payloads, or waits for it. section and options: mapferry_reader_open().
    explicit Reader(std::string_view section, std::string_view options = {},
                    const Stop* stop = nullptr, OnError on_error = {}) {
        mapferry_reader* opened = nullptr;
        on_error.check(mapferry_reader_open(std::string(section).c_str(),
                                            std::string(options).c_str(), detail::handle_of(stop),
                                            &opened));
        handle_.reset(opened);
    }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    /// Goes to the next payload. False: the writer has ended (has_ended()), or there is none yet
    /// (kNoWait). Errors: mapferry_reader_next().
    [[nodiscard]] bool next(std::chrono::milliseconds timeout = kForever, OnError on_error = {}) {
        return on_error.check(mapferry_reader_next(get(), detail::whole_ms(timeout))) ==
               MAPFERRY_OK;
    }
    [[nodiscard]] bool has_ended() const noexcept { return value(MAPFERRY_READER_HAS_ENDED) == 1; }

    /// What the writer says of the payload; "" where it says nothing. Never use the name as a path:
    /// it comes from another process. These texts end with the next next().
    [[nodiscard]] std::string_view name() const noexcept { return mapferry_reader_name(get()); }
    [[nodiscard]] std::string_view format() const noexcept { return mapferry_reader_format(get()); }
    [[nodiscard]] std::string_view tensor_type() const noexcept {
        return mapferry_reader_tensor_type(get());
    }
    [[nodiscard]] std::size_t pair_count() const noexcept {
        const std::int64_t count = value(MAPFERRY_PAYLOAD_PAIR_COUNT);
        return count < 0 ? 0 : static_cast<std::size_t>(count);
    }
    [[nodiscard]] std::string_view pair_key(std::size_t index) const noexcept {
        return mapferry_reader_pair_key(get(), static_cast<std::int32_t>(index));
    }
    [[nodiscard]] std::string_view pair_value(std::size_t index) const noexcept {
        return mapferry_reader_pair_value(get(), static_cast<std::int32_t>(index));
    }
    /// -1: known only at the end.
    [[nodiscard]] std::int64_t payload_bytes() const noexcept {
        return value(MAPFERRY_PAYLOAD_BYTES);
    }
    /// A fact by its key: MAPFERRY_PAYLOAD_..., MAPFERRY_IMAGE_..., MAPFERRY_TENSOR_...,
    /// MAPFERRY_SECTION_...
    [[nodiscard]] std::int64_t value(std::int32_t key) const noexcept {
        return mapferry_reader_value(get(), key);
    }
    /// XXH3-128 of the payload whose end was read, 32 hexadecimal digits; "" before.
    [[nodiscard]] std::string_view digest() const noexcept { return mapferry_reader_digest(get()); }

    /// Copies up to `size` verified bytes and returns their number; 0: the payload is complete.
    [[nodiscard]] std::size_t read(void* target, std::size_t size, OnError on_error = {}) {
        std::size_t done = 0;
        on_error.check(mapferry_reader_read(get(), target, size, &done));
        return done;
    }
    /// The same without the copy. False: the payload is complete. The piece is valid until the next
    /// call. Its data is nullptr for size() zeros that the source does not store.
    [[nodiscard]] bool read_piece(Bytes& piece, OnError on_error = {}) {
        const void* data = nullptr;
        std::size_t size = 0;
        const std::int32_t code = on_error.check(mapferry_reader_read_piece(get(), &data, &size));
        piece = Bytes(detail::as_bytes(data), size);
        return code == MAPFERRY_OK;
    }
    /// The rest of the payload. Code::kIo: more than size_limit bytes.
    [[nodiscard]] OwnedBytes receive_bytes(std::size_t size_limit, OnError on_error = {}) {
        mapferry_bytes* bytes = nullptr;
        on_error.check(mapferry_reader_receive_bytes(get(), size_limit, &bytes));
        return OwnedBytes(bytes);
    }
    /// Writes the payload to a file, which appears whole or not at all. options:
    /// mapferry_reader_receive_file().
    void receive_file(std::string_view path, std::string_view options = {}, OnError on_error = {}) {
        on_error.check(mapferry_reader_receive_file(get(), std::string(path).c_str(),
                                                    std::string(options).c_str()));
    }
    /// delivery=keep: the whole payload in place, verified, valid until this reader closes.
    [[nodiscard]] Bytes view(OnError on_error = {}) {
        const void* data = nullptr;
        std::size_t size = 0;
        on_error.check(mapferry_reader_view(get(), &data, &size));
        return {detail::as_bytes(data), size};
    }

    /// Tells the writer that the payload is stored here.
    void acknowledge(OnError on_error = {}) { on_error.check(mapferry_reader_acknowledge(get())); }
    /// Does not keep this payload, for the reason `code`.
    void leave_out(Code code, OnError on_error = {}) {
        on_error.check(mapferry_reader_leave_out(get(), static_cast<std::int32_t>(code)));
    }
    /// For event loops: see mapferry_reader_notification(). It belongs to this reader.
    [[nodiscard]] std::int64_t notification_handle(OnError on_error = {}) {
        std::int64_t handle = -1;
        on_error.check(mapferry_reader_notification(get(), &handle));
        return handle;
    }
    /// Leaves the section in order; with consume=yes removes it.
    void end(OnError on_error = {}) { on_error.check(mapferry_reader_end(get())); }
    /// Leaves the section and tells the writer why.
    void abort(Code code, OnError on_error = {}) {
        on_error.check(mapferry_reader_abort(get(), static_cast<std::int32_t>(code)));
    }
    void close() noexcept { handle_.reset(); }
    [[nodiscard]] mapferry_reader* get() const noexcept { return handle_.get(); }

  private:
    detail::Handle<mapferry_reader> handle_;
};

}  // namespace MAPFERRY_CPP17_ERRORS
}  // namespace mapferry::cpp17
