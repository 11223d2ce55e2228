// SPDX-License-Identifier: Apache-2.0
/// \file
/// The source of a payload: a file, standard input or a text.
///
///     mapferry::Result<void> send_with_note(mapferry::Writer& writer, const std::string& path) {
///         auto file = mapferry::Source::open_file(path);
///         if (!file) return std::unexpected(file.error());
///         auto note = mapferry::Source::from_text("the next payload is " + file->info().name);
///         for (mapferry::Source* source : {&note, &*file}) {
///             auto sent = mapferry::send_payload(writer, *source, {});
///             if (!sent) return std::unexpected(sent.error());
///         }
///         return {};
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mapferry/payload.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

namespace platform {
class InputFile;
}

/// Called when a source's bytes have ended, if another process has to confirm that this is the end.
/// Returns true when it has, and false when that is not known yet after `timeout`. read() returns
/// an error of this call as its own.
using EndCall = std::function<Result<bool>(Timeout timeout)>;

/// A range of a source that its file system stores: bytes `begin` to `end` - 1.
struct StoredRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Move-only; one thread at a time. A file or standard input is inert in a child made by fork(),
/// because parent and child share its reading position: see writer.h.
class Source {
  public:
    /// Opens a file for reading; its path is in UTF-8 (Linux: any bytes). kNotFound: no such file,
    /// or it is a folder. kPermission.
    [[nodiscard]] static Result<Source> open_file(const std::string& path);
    /// The process's standard input, which stays open. If it is a regular file, its size is known.
    /// With `at_end` the end counts only when that call has confirmed it.
    [[nodiscard]] static Result<Source> standard_input(EndCall at_end = {});
    /// A copy of `text`.
    [[nodiscard]] static Source from_text(std::string text);

    Source(Source&&) noexcept;
    Source& operator=(Source&&) noexcept;
    ~Source();

    /// Name, size, times and other facts that were known before the first byte was read, and what
    /// the functions below set.
    [[nodiscard]] const PayloadInfo& info() const { return info_; }

    /// Sets the description of the image that the source's bytes are. Readers get it as
    /// PayloadInfo::image; the bytes stay unchanged. probe_image() (image_probe.h) finds it.
    void set_image(const ImageDescription& image) { info_.image = image; }
    /// The same for an array: PayloadInfo::tensor. probe_npy() (npy.h) finds it.
    void set_tensor(const TensorDescription& tensor) { info_.tensor = tensor; }
    /// Sets what the sender says of the payload: PayloadInfo::pairs.
    void set_pairs(std::vector<PayloadPair> pairs) { info_.pairs = std::move(pairs); }

    /// Copies up to target.size() of the bytes that read() would return next, and leaves them
    /// unread. Copies none of a pipe or terminal. kIo.
    [[nodiscard]] Result<std::size_t> peek(std::span<std::byte> target);

    /// Reads up to target.size() bytes; 0 = end. Blocks as long as the system does. kInterrupted: a
    /// signal arrived before any byte, or the end is not confirmed yet; call it again. kIo.
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> target);

    /// For can_read_at() sources, instead of read(): reads up to target.size() bytes from `offset`
    /// on, which counts from the source's beginning; 0 = end. Several threads may call it at once.
    /// kUsage: not such a source; other errors as read().
    [[nodiscard]] Result<std::size_t> read_at(std::span<std::byte> target, std::uint64_t offset);

    /// For can_read_at() sources: sets the position at which read() continues, counted from the
    /// source's beginning. kUsage: not such a source.
    [[nodiscard]] Result<void> skip(std::uint64_t bytes);

    /// For can_read_at() sources: returns the next range from `offset` on that the file system
    /// stores, counted from the source's beginning. The bytes between `offset` and the range are a
    /// hole: zeros that are not stored. Empty at the end of info().payload_bytes. Moves read()'s
    /// position: call skip() to set it again. kUsage: not such a source.
    [[nodiscard]] Result<StoredRange> next_stored(std::uint64_t offset);

    /// Whether a file takes less space than it has bytes, so that holes are likely.
    [[nodiscard]] bool may_have_holes() const;

    /// Returns how many of info().payload_bytes are in no hole. Moves read()'s position to the
    /// beginning if may_have_holes().
    [[nodiscard]] Result<std::uint64_t> stored_bytes();

    /// Whether the source is a regular file of known size.
    [[nodiscard]] bool can_read_at() const;

    /// Whether a regular file has another size or other times than when it was opened, so that the
    /// bytes read may be old and new ones mixed. Always false for pipes and texts. The system's
    /// times decide: a change through a memory map shows only when the system records it (on tmpfs
    /// never), and two changes within one tick of its clock (a few ms) look like one. kIo.
    [[nodiscard]] Result<bool> changed() const;

    /// Waits until read() will not block. False: nothing came within `timeout`. Regular files and
    /// texts are always ready.
    [[nodiscard]] Result<bool> wait_ready(Timeout timeout);

    /// Whether a process has opened a named pipe (FIFO) for writing since open_file(). open_file()
    /// does not wait for that, but read() and wait_ready() do. Always true for other sources. kIo.
    [[nodiscard]] Result<bool> has_producer();

    /// Whether the source is a pipe or terminal. Its bytes come at any time and should be handed
    /// over at once.
    [[nodiscard]] bool may_block() const;

  private:
    Source();
    std::unique_ptr<platform::InputFile> file_;  ///< null: text_
    std::string text_;
    std::size_t text_position_ = 0;
    PayloadInfo info_;
    EndCall at_end_;
};

}  // namespace mapferry::inline v1
