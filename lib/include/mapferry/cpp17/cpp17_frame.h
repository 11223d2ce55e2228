// SPDX-License-Identifier: Apache-2.0
/// \file
/// Reading frames: images, arrays or other bytes, in place.
#pragma once

#include "mapferry/cpp17/cpp17_facts.h"
#include "mapferry/cpp17/cpp17_library.h"

namespace mapferry::cpp17 {
inline namespace MAPFERRY_CPP17_ERRORS {

/// One frame: read-only bytes in the section, which the writer does not touch until this object
/// ends. It may outlive its reader. Move-only; any one thread. What data(), bytes() and the texts
/// return ends with it.
class Frame : public Facts<Frame> {
  public:
    Frame() noexcept = default;
    explicit Frame(mapferry_frame* taken_over) noexcept : handle_(taken_over) {}
    /// False: there is no frame, as the stream has ended or nothing new came.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    [[nodiscard]] const std::uint8_t* data() const noexcept {
        return detail::as_bytes(mapferry_frame_data(get()));
    }
    [[nodiscard]] std::size_t size() const noexcept { return mapferry_frame_size(get()); }
    [[nodiscard]] Bytes bytes() const noexcept { return {data(), size()}; }
    /// The first byte of a plane of the image.
    [[nodiscard]] const std::uint8_t* plane_data(int index) const noexcept {
        return data() + plane(index).offset_bytes;
    }

    /// A fact by its key: MAPFERRY_FRAME_..., MAPFERRY_IMAGE_..., MAPFERRY_TENSOR_...
    [[nodiscard]] std::int64_t value(std::int32_t key) const noexcept {
        return mapferry_frame_value(get(), key);
    }
    /// Its number in the section.
    [[nodiscard]] std::uint64_t sequence() const noexcept {
        return static_cast<std::uint64_t>(value(MAPFERRY_FRAME_SEQUENCE));
    }
    /// Frames before it that the reader never saw.
    [[nodiscard]] std::uint64_t missed() const noexcept {
        return static_cast<std::uint64_t>(value(MAPFERRY_FRAME_MISSED));
    }
    /// Whether it is the first one of another writer or section.
    [[nodiscard]] bool writer_restarted() const noexcept {
        return value(MAPFERRY_FRAME_WRITER_RESTARTED) == 1;
    }
    /// From capture or publication to here; less than 0: not known.
    [[nodiscard]] std::chrono::nanoseconds latency() const noexcept {
        return std::chrono::nanoseconds(value(MAPFERRY_FRAME_LATENCY_NS));
    }
    /// The pixel format ("BGR24"), and the type of an array's elements ("float32"); "" if none.
    [[nodiscard]] std::string_view format() const noexcept { return mapferry_frame_format(get()); }
    [[nodiscard]] std::string_view tensor_type() const noexcept {
        return mapferry_frame_tensor_type(get());
    }
    /// What the writer says beside the bytes, and what that is ("application/json").
    [[nodiscard]] std::string_view content_type() const noexcept {
        return mapferry_frame_content_type(get());
    }
    [[nodiscard]] Bytes metadata() const noexcept {
        const void* const first = mapferry_frame_metadata(get());
        if (first == nullptr) return {};
        return {detail::as_bytes(first),
                static_cast<std::size_t>(value(MAPFERRY_FRAME_METADATA_BYTES))};
    }
    [[nodiscard]] std::string_view metadata_text() const noexcept {
        const Bytes found = metadata();
        return {reinterpret_cast<const char*>(found.data()), found.size()};
    }

    /// Compares the checksum. Code::kCorrupt: it differs; Code::kUsage: there is none.
    void verify(OnError on_error = {}) const { on_error.check(mapferry_frame_verify(get())); }
    /// Copies the bytes, and verifies the copy if there is a checksum. Code::kUsage: `size` is less
    /// than the frame.
    void copy(void* target, std::size_t size, OnError on_error = {}) const {
        on_error.check(mapferry_frame_copy(get(), target, size));
    }
    /// Writes the picture in another format into `target`: see c_image.h.
    void convert(std::string_view format, void* target, std::size_t size,
                 std::string_view options = {}, OnError on_error = {}) const {
        on_error.check(mapferry_frame_convert(get(), std::string(format).c_str(),
                                              std::string(options).c_str(), target, size));
    }
    /// Stores the picture as a file, whose extension says how: see c_image.h.
    void save(std::string_view path, std::string_view options = {}, OnError on_error = {}) const {
        on_error.check(
            mapferry_frame_save(get(), std::string(path).c_str(), std::string(options).c_str()));
    }

    /// Gives the frame back now.
    void release() noexcept { handle_.reset(); }
    [[nodiscard]] mapferry_frame* get() const noexcept { return handle_.get(); }

  private:
    detail::Handle<mapferry_frame> handle_;
};

/// Move-only; one thread at a time. Its frames stay valid after it.
class FrameReader {
  public:
    FrameReader() noexcept = default;
    /// Opens the section of a writer of frames, or waits for one. section and options:
    /// mapferry_frame_reader_open(). stop: nullptr, or what ends the waits of this reader.
    explicit FrameReader(std::string_view section, std::string_view options = {},
                         const Stop* stop = nullptr, OnError on_error = {}) {
        mapferry_frame_reader* opened = nullptr;
        on_error.check(mapferry_frame_reader_open(std::string(section).c_str(),
                                                  std::string(options).c_str(),
                                                  detail::handle_of(stop), &opened));
        handle_.reset(opened);
    }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    /// The oldest frame after the last one. No frame: the writer has ended its stream, which
    /// has_ended() tells, or nothing is new (kNoWait). Errors: mapferry_frame_reader_next().
    [[nodiscard]] Frame next(std::chrono::milliseconds timeout = kForever, OnError on_error = {}) {
        mapferry_frame* frame = nullptr;
        on_error.check(mapferry_frame_reader_next(get(), detail::whole_ms(timeout), &frame));
        return Frame(frame);
    }
    /// The same, but the newest frame.
    [[nodiscard]] Frame latest(std::chrono::milliseconds timeout = kForever,
                               OnError on_error = {}) {
        mapferry_frame* frame = nullptr;
        on_error.check(mapferry_frame_reader_latest(get(), detail::whole_ms(timeout), &frame));
        return Frame(frame);
    }
    [[nodiscard]] bool has_ended() const noexcept {
        return value(MAPFERRY_FRAME_READER_HAS_ENDED) == 1;
    }
    /// A fact by its key: MAPFERRY_FRAME_READER_..., MAPFERRY_SECTION_...
    [[nodiscard]] std::int64_t value(std::int32_t key) const noexcept {
        return mapferry_frame_reader_value(get(), key);
    }
    /// What the writer says of its stream now; "": nothing.
    [[nodiscard]] std::string description(OnError on_error = {}) const {
        mapferry_bytes* text = nullptr;
        on_error.check(mapferry_frame_reader_description(get(), &text));
        return std::string(OwnedBytes(text).text());
    }
    /// For event loops: see mapferry_frame_reader_notification(). It belongs to this reader.
    [[nodiscard]] std::int64_t notification_handle(OnError on_error = {}) {
        std::int64_t handle = -1;
        on_error.check(mapferry_frame_reader_notification(get(), &handle));
        return handle;
    }
    void close() noexcept { handle_.reset(); }
    [[nodiscard]] mapferry_frame_reader* get() const noexcept { return handle_.get(); }

  private:
    detail::Handle<mapferry_frame_reader> handle_;
};

}  // namespace MAPFERRY_CPP17_ERRORS
}  // namespace mapferry::cpp17
