// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sending payloads: one after the other, whole or piece by piece.
#pragma once

#include <vector>

#include "mapferry/cpp17/cpp17_library.h"

namespace mapferry::cpp17 {
inline namespace MAPFERRY_CPP17_ERRORS {

/// Move-only; one thread at a time. For one payload, send_bytes() is shorter. Its end without end()
/// means giving up: readers see it at once.
class Writer {
  public:
    Writer() noexcept = default;
    /// Creates the section, for this user alone. section and options: mapferry_writer_create().
    explicit Writer(std::string_view section, std::string_view options = {},
                    const Stop* stop = nullptr, OnError on_error = {}) {
        mapferry_writer* created = nullptr;
        on_error.check(mapferry_writer_create(std::string(section).c_str(),
                                              std::string(options).c_str(), detail::handle_of(stop),
                                              &created));
        handle_.reset(created);
    }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    /// delivery=stream: waits until `count` readers are there.
    void wait_for_readers(std::int32_t count, std::chrono::milliseconds timeout = kForever,
                          OnError on_error = {}) {
        on_error.check(mapferry_writer_wait_for_readers(get(), count, detail::whole_ms(timeout)));
    }

    /// What the next payload is and says; the one after it begins without.
    void set_image(std::uint32_t width, std::uint32_t height, std::string_view format,
                   std::string_view options = {}, OnError on_error = {}) {
        on_error.check(mapferry_writer_set_image(get(), width, height, std::string(format).c_str(),
                                                 std::string(options).c_str()));
    }
    void set_tensor(std::string_view type, const std::vector<std::int64_t>& shape,
                    OnError on_error = {}) {
        on_error.check(mapferry_writer_set_tensor(get(), std::string(type).c_str(), shape.data(),
                                                  static_cast<std::int32_t>(shape.size())));
    }
    void add_pair(std::string_view key, std::string_view value, OnError on_error = {}) {
        on_error.check(
            mapferry_writer_add_pair(get(), std::string(key).c_str(), std::string(value).c_str()));
    }

    /// Begins a payload. name: "", or a file name without folder. size: its bytes; -1: known at the
    /// end. options: mapferry_writer_begin().
    void begin(std::string_view name, std::int64_t size = -1, std::string_view options = {},
               OnError on_error = {}) {
        const std::string text(name);
        on_error.check(mapferry_writer_begin(get(), text.empty() ? nullptr : text.c_str(), size,
                                             std::string(options).c_str()));
    }
    /// Adds bytes. Waits for the slowest reader. Errors: mapferry_writer_write().
    void write(const void* data, std::size_t size, OnError on_error = {}) {
        on_error.check(mapferry_writer_write(get(), data, size));
    }
    void write(std::string_view text, OnError on_error = {}) {
        write(text.data(), text.size(), on_error);
    }
    /// Adds zeros that the source does not store.
    void write_hole(std::uint64_t size, OnError on_error = {}) {
        on_error.check(mapferry_writer_write_hole(get(), size));
    }
    /// Lends the rest of the current slot until the next call: fill some of it, then publish().
    [[nodiscard]] WritableBytes loan(OnError on_error = {}) {
        void* data = nullptr;
        std::size_t size = 0;
        on_error.check(mapferry_writer_loan(get(), &data, &size));
        return {static_cast<std::uint8_t*>(data), size};
    }
    void publish(std::size_t size, OnError on_error = {}) {
        on_error.check(mapferry_writer_publish(get(), size));
    }
    /// Hands over what was written so far.
    void flush(OnError on_error = {}) { on_error.check(mapferry_writer_flush(get())); }
    void end_payload(bool source_changed = false, OnError on_error = {}) {
        on_error.check(mapferry_writer_end_payload(get(), source_changed ? 1 : 0));
    }
    /// Sends a whole file as one payload. options: mapferry_writer_send_file().
    void send_file(std::string_view path, std::string_view options = {}, OnError on_error = {}) {
        on_error.check(mapferry_writer_send_file(get(), std::string(path).c_str(),
                                                 std::string(options).c_str()));
    }
    /// Whether it is still worth sending. Code::kPeerGone: no reader is left.
    void check(OnError on_error = {}) { on_error.check(mapferry_writer_check(get())); }
    /// A fact by its key: MAPFERRY_WRITER_..., MAPFERRY_SECTION_...
    [[nodiscard]] std::int64_t value(std::int32_t key) const noexcept {
        return mapferry_writer_value(get(), key);
    }
    /// XXH3-128 of the payload that ended last, 32 hexadecimal digits; "" before.
    [[nodiscard]] std::string_view digest() const noexcept { return mapferry_writer_digest(get()); }

    /// Ends the section. stream: waits until every reader has acknowledged everything.
    void end(OnError on_error = {}) { on_error.check(mapferry_writer_end(get())); }
    /// Windows, delivery=keep: stays until the payloads are consumed. Returns MAPFERRY_LINGER_...
    std::int32_t linger(std::chrono::milliseconds timeout = kForever, OnError on_error = {}) {
        std::int32_t ended = MAPFERRY_LINGER_NOT_NEEDED;
        on_error.check(mapferry_writer_linger(get(), detail::whole_ms(timeout), &ended));
        return ended;
    }
    /// Gives up and removes the section.
    void abort(Code code, std::string_view message = {}, OnError on_error = {}) {
        on_error.check(mapferry_writer_abort(get(), static_cast<std::int32_t>(code),
                                             std::string(message).c_str()));
    }
    void close() noexcept { handle_.reset(); }
    [[nodiscard]] mapferry_writer* get() const noexcept { return handle_.get(); }

  private:
    detail::Handle<mapferry_writer> handle_;
};

}  // namespace MAPFERRY_CPP17_ERRORS
}  // namespace mapferry::cpp17
