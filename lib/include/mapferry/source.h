// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where a payload comes from: a file, standard input or a text.
///
///     mapferry::Result<void> send_with_note(mapferry::Writer& writer, const std::string& path) {
///         auto file = mapferry::Source::open_file(path);
///         if (!file) return mapferry::pass(file.error());
///         auto note = mapferry::Source::from_text("the next payload is " + file->info().name);
///         for (mapferry::Source* source : {&note, &*file}) {
///             auto sent = mapferry::send(writer, *source, {});
///             if (!sent) return mapferry::pass(sent.error());
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

#include "mapferry/payload.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

namespace platform {
class InputFile;
}

/// Asked when a source's bytes have ended, where some other process has to confirm that this is
/// their end: whether it has; false when it is not known yet after `timeout`. An error is
/// read()'s.
using EndCall = std::function<Result<bool>(Timeout timeout)>;

/// A part of a source.
struct StoredRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Move-only; one thread at a time. A file or standard input is inert in a child made by fork(),
/// with which it would share its place: see writer.h.
class Source {
  public:
    /// Opens a file for reading. kNotFound: no such file, or it is a folder. kPermission.
    [[nodiscard]] static Result<Source> open_file(const std::string& path);
    /// The process's standard input, left open at the end. A regular file behind it keeps its size.
    /// With `at_end` its end counts when that says so.
    [[nodiscard]] static Result<Source> standard_input(EndCall at_end = {});
    /// A copy of `text`.
    [[nodiscard]] static Source from_text(std::string text);

    Source(Source&&) noexcept;
    Source& operator=(Source&&) noexcept;
    ~Source();

    /// Name, size and times as far as they are known before the first byte is read, and the image
    /// that set_image() gave.
    [[nodiscard]] const PayloadInfo& info() const { return info_; }

    /// What image the source's bytes are: readers see it as PayloadInfo::image. The bytes stay as
    /// they are. image_probe.h finds it in a file's first bytes.
    void set_image(const ImageDescription& image) { info_.image = image; }

    /// Up to target.size() of the bytes that read() would give next, which stay unread; none of a
    /// pipe or terminal. kIo.
    [[nodiscard]] Result<std::size_t> peek(std::span<std::byte> target);

    /// Up to target.size() bytes; 0 = end. Blocks as long as the system does. kInterrupted when a
    /// signal arrived before any byte, or the end is not confirmed yet: call it again; kIo.
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> target);

    /// For can_read_at() sources, instead of read(): up to target.size() bytes from `offset` on,
    /// counted from where the source began; 0 = end. Several threads may call it at once. Errors as
    /// read().
    [[nodiscard]] Result<std::size_t> read_at(std::span<std::byte> target, std::uint64_t offset);

    /// For can_read_at() sources: where read() goes on, counted from where the source began.
    [[nodiscard]] Result<void> skip(std::uint64_t bytes);

    /// For can_read_at() sources: the next bytes from `offset` on, counted from where the source
    /// began, that its file system stores; what is before them is a hole, zeros that it does not
    /// store. Empty at the end of info().payload_bytes. Moves read()'s place: skip() says it anew.
    [[nodiscard]] Result<StoredRange> next_stored(std::uint64_t offset);

    /// Whether a file takes less space than it has bytes, so that it may have holes.
    [[nodiscard]] bool may_have_holes() const;

    /// How many of info().payload_bytes are in no hole. Moves read()'s place to the beginning.
    [[nodiscard]] Result<std::uint64_t> stored_bytes();

    /// A regular file whose size is known.
    [[nodiscard]] bool can_read_at() const;

    /// Whether a regular file has another size or other times than when it was opened, so that what
    /// was read of it may be old and new bytes mixed. Never true of pipes and texts. The system's
    /// times decide: a change through a memory map shows only when the system notes it (on tmpfs
    /// never), and two changes within one tick of its clock (a few ms) look like one. kIo.
    [[nodiscard]] Result<bool> changed() const;

    /// Waits until read() will not block. False: nothing came within `timeout`. Files are always
    /// ready.
    [[nodiscard]] Result<bool> wait_ready(Timeout timeout);

    /// Whether somebody has opened a named pipe (FIFO) for writing since open_file(), which does
    /// not wait for that; read() does, and wait_ready(). Always true of other sources. kIo.
    [[nodiscard]] Result<bool> has_producer();

    /// A pipe or terminal, whose bytes come when they come: worth handing over promptly.
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
