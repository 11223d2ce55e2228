// SPDX-License-Identifier: Apache-2.0
/// \file
/// Writing frames: images, arrays or other bytes, in place or by copy.
#pragma once

#include <vector>

#include "mapferry/cpp17/cpp17_library.h"

namespace mapferry::cpp17 {
inline namespace MAPFERRY_CPP17_ERRORS {

namespace detail {
// NULL means "no image" or "no array" to the C interface.
[[nodiscard]] inline const char* or_null(const std::string& text) noexcept {
    return text.empty() ? nullptr : text.c_str();
}
}  // namespace detail

/// A slot of the section, which the caller fills and publishes. Not published, it is given back.
/// Move-only; belongs to its writer's thread.
class FrameLoan {
  public:
    FrameLoan() noexcept = default;
    explicit FrameLoan(mapferry_loan* taken_over) noexcept : handle_(taken_over) {}
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    /// The lent bytes. They are not cleared, and may be those of an earlier frame. Of no more use
    /// after publish().
    [[nodiscard]] std::uint8_t* data() const noexcept {
        return static_cast<std::uint8_t*>(mapferry_loan_data(get()));
    }
    [[nodiscard]] std::size_t size() const noexcept { return mapferry_loan_size(get()); }
    [[nodiscard]] WritableBytes bytes() const noexcept { return {data(), size()}; }

    /// What this one frame is: as of the writer, below.
    void set_image(std::uint32_t width, std::uint32_t height, std::string_view format,
                   std::string_view options = {}, OnError on_error = {}) {
        const std::string name(format);
        on_error.check(mapferry_loan_set_image(get(), width, height, detail::or_null(name),
                                               std::string(options).c_str()));
    }
    void set_tensor(std::string_view type, const std::vector<std::int64_t>& shape,
                    OnError on_error = {}) {
        const std::string name(type);
        on_error.check(mapferry_loan_set_tensor(get(), detail::or_null(name), shape.data(),
                                                static_cast<std::int32_t>(shape.size())));
    }
    /// When its source took it, by MAPFERRY_CLOCK_...
    void set_captured(std::chrono::nanoseconds time, std::int32_t clock, OnError on_error = {}) {
        on_error.check(mapferry_loan_set_captured(get(), time.count(), clock));
    }
    void set_source_number(std::uint64_t number, OnError on_error = {}) {
        on_error.check(mapferry_loan_set_source_number(get(), number));
    }
    /// At most 65536 bytes beside the frame, and what they are: "application/json".
    void set_metadata(std::string_view content_type, const void* data, std::size_t size,
                      OnError on_error = {}) {
        on_error.check(
            mapferry_loan_set_metadata(get(), std::string(content_type).c_str(), data, size));
    }
    void set_metadata(std::string_view content_type, std::string_view text, OnError on_error = {}) {
        set_metadata(content_type, text.data(), text.size(), on_error);
    }
    /// The place in the section for `size` bytes of metadata, which the caller fills.
    [[nodiscard]] WritableBytes add_metadata(std::string_view content_type, std::size_t size,
                                             OnError on_error = {}) {
        void* place = nullptr;
        const std::int32_t code = on_error.check(
            mapferry_loan_add_metadata(get(), std::string(content_type).c_str(), size, &place));
        if (code != MAPFERRY_OK) return {};
        return {static_cast<std::uint8_t*>(place), size};
    }

    /// Makes it the newest frame, and returns its number. After a failure this object still has the
    /// loan.
    std::uint64_t publish(OnError on_error = {}) {
        std::uint64_t sequence = 0;
        if (on_error.check(mapferry_loan_publish(get(), &sequence)) == MAPFERRY_OK)
            (void)handle_.release();  // the library has taken it back
        return sequence;
    }
    /// Gives it back unpublished.
    void drop() noexcept { handle_.reset(); }
    [[nodiscard]] mapferry_loan* get() const noexcept { return handle_.get(); }

  private:
    detail::Handle<mapferry_loan> handle_;
};

/// Move-only; one thread at a time, its loans included. Its end without end() means giving up:
/// readers wait for another writer.
class FrameWriter {
  public:
    FrameWriter() noexcept = default;
    /// Creates the section, for this user alone. section and options:
    /// mapferry_frame_writer_create(). stop: nullptr, or what ends the waits of this writer.
    explicit FrameWriter(std::string_view section, std::string_view options = {},
                         const Stop* stop = nullptr, OnError on_error = {}) {
        mapferry_frame_writer* created = nullptr;
        on_error.check(mapferry_frame_writer_create(std::string(section).c_str(),
                                                    std::string(options).c_str(),
                                                    detail::handle_of(stop), &created));
        handle_.reset(created);
    }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    void wait_for_readers(std::int32_t count, std::chrono::milliseconds timeout = kForever,
                          OnError on_error = {}) {
        on_error.check(
            mapferry_frame_writer_wait_for_readers(get(), count, detail::whole_ms(timeout)));
    }
    /// What the frames from now on are. format "": no image. options: c_image.h.
    void set_image(std::uint32_t width, std::uint32_t height, std::string_view format,
                   std::string_view options = {}, OnError on_error = {}) {
        const std::string name(format);
        on_error.check(mapferry_frame_writer_set_image(get(), width, height, detail::or_null(name),
                                                       std::string(options).c_str()));
    }
    /// type: "float32", "uint8", ...; "": no array. shape: at most 8 dimensions.
    void set_tensor(std::string_view type, const std::vector<std::int64_t>& shape,
                    OnError on_error = {}) {
        const std::string name(type);
        on_error.check(mapferry_frame_writer_set_tensor(get(), detail::or_null(name), shape.data(),
                                                        static_cast<std::int32_t>(shape.size())));
    }

    /// What the next frame of publish_copy() says beside its bytes: as of FrameLoan.
    void set_captured(std::chrono::nanoseconds time, std::int32_t clock, OnError on_error = {}) {
        on_error.check(mapferry_frame_writer_set_captured(get(), time.count(), clock));
    }
    void set_source_number(std::uint64_t number, OnError on_error = {}) {
        on_error.check(mapferry_frame_writer_set_source_number(get(), number));
    }
    void set_metadata(std::string_view content_type, const void* data, std::size_t size,
                      OnError on_error = {}) {
        on_error.check(mapferry_frame_writer_set_metadata(get(), std::string(content_type).c_str(),
                                                          data, size));
    }
    void set_metadata(std::string_view content_type, std::string_view text, OnError on_error = {}) {
        set_metadata(content_type, text.data(), text.size(), on_error);
    }
    /// Copies the bytes into the section as the newest frame, and returns its number. timeout: for
    /// delivery=each. Errors as of loan() and FrameLoan::publish().
    std::uint64_t publish_copy(const void* data, std::size_t size,
                               std::chrono::milliseconds timeout = kForever,
                               OnError on_error = {}) {
        std::uint64_t sequence = 0;
        on_error.check(mapferry_frame_writer_publish_copy(get(), data, size,
                                                          detail::whole_ms(timeout), &sequence));
        return sequence;
    }

    /// Lends a slot of the section for one frame. size 0: as the image or array says. Errors:
    /// mapferry_frame_writer_loan().
    [[nodiscard]] FrameLoan loan(std::size_t size = 0, std::chrono::milliseconds timeout = kForever,
                                 OnError on_error = {}) {
        mapferry_loan* lent = nullptr;
        void* data = nullptr;
        on_error.check(
            mapferry_frame_writer_loan(get(), size, detail::whole_ms(timeout), &lent, &data));
        return FrameLoan(lent);
    }

    /// Reports frames that the source lost before the next one.
    void skip(std::uint64_t frames, OnError on_error = {}) {
        on_error.check(mapferry_frame_writer_skip(get(), frames));
    }
    /// What the stream is, JSON by custom. Readers find it at any time.
    void describe_stream(std::string_view text, OnError on_error = {}) {
        on_error.check(mapferry_frame_writer_describe(get(), std::string(text).c_str()));
    }
    /// Facts for players: mapferry_frame_writer_set_facts().
    void set_facts(std::string_view options, OnError on_error = {}) {
        on_error.check(mapferry_frame_writer_set_facts(get(), std::string(options).c_str()));
    }
    /// Whether it is still worth sending. Code::kPeerGone: nobody can see a further frame.
    void check(OnError on_error = {}) { on_error.check(mapferry_frame_writer_check(get())); }
    /// A fact by its key: MAPFERRY_FRAME_WRITER_..., MAPFERRY_SECTION_...
    [[nodiscard]] std::int64_t value(std::int32_t key) const noexcept {
        return mapferry_frame_writer_value(get(), key);
    }

    /// Ends the stream in order. delivery=each: waits until every reader has every frame.
    void end(OnError on_error = {}) { on_error.check(mapferry_frame_writer_end(get())); }
    /// Gives up, for a reason that readers see if no other writer comes.
    void abort(Code code, std::string_view message = {}, OnError on_error = {}) {
        on_error.check(mapferry_frame_writer_abort(get(), static_cast<std::int32_t>(code),
                                                   std::string(message).c_str()));
    }
    void close() noexcept { handle_.reset(); }
    [[nodiscard]] mapferry_frame_writer* get() const noexcept { return handle_.get(); }

  private:
    detail::Handle<mapferry_frame_writer> handle_;
};

}  // namespace MAPFERRY_CPP17_ERRORS
}  // namespace mapferry::cpp17
