// SPDX-License-Identifier: Apache-2.0
/// \file
/// One frame of a stream, in place: read-only bytes in the section, under a lease.
///
///     mapferry::Result<double> next_mean(mapferry::FrameReader& camera) {
///         auto frame = camera.next(std::chrono::seconds(5));
///         if (!frame) return std::unexpected(frame.error());
///         if (!*frame)
///             return std::unexpected(
///                 mapferry::Status{mapferry::Code::kNotFound, "the camera has ended"});
///         if ((*frame)->has_checksum()) {
///             auto same = (*frame)->verify();
///             if (!same) return std::unexpected(same.error());
///         }
///         double sum = 0;
///         for (const std::byte pixel : (*frame)->bytes())  // in the section
///             sum += std::to_integer<int>(pixel);
///         return sum / static_cast<double>((*frame)->bytes().size());
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "mapferry/frame_notes.h"
#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Move-only. Destruction gives the lease back; any thread may do it. A frame may outlive its
/// FrameReader. The writer does not touch the bytes while the lease lasts. They are mapped
/// read-only here, but they belong to the writer, and a hostile writer could still change them.
/// Only a verified copy is proof. Inert in a child made by fork() (see writer.h): bytes() stays
/// mapped there while the child keeps the frame, but the lease belongs to the parent, which may
/// give it back at any moment.
class Frame {
  public:
    Frame(Frame&&) noexcept;
    Frame& operator=(Frame&&) noexcept;
    ~Frame();

    /// The frame's bytes in the section; valid while the frame lives.
    [[nodiscard]] std::span<const std::byte> bytes() const;
    /// Width, height, row stride, FourCC, orientation; empty if the writer gave no description.
    /// The reader has checked that the rows lie within bytes().
    [[nodiscard]] const std::optional<ImageDescription>& image() const;
    /// Element type and shape; empty if the writer gave none. The reader has checked that the
    /// elements lie within bytes().
    [[nodiscard]] const std::optional<TensorDescription>& tensor() const;
    /// Bytes that the writer gave with the frame, in the section like bytes(), and their content
    /// type, a private copy. Empty if there are none. Their checksum was right when the reader took
    /// the frame. Both are valid while the frame lives.
    [[nodiscard]] FrameMetadata metadata() const;
    /// When the source took the frame, and by which clock; empty if the writer did not know it.
    [[nodiscard]] std::optional<CaptureTime> captured() const;
    /// The source's own number of the frame; empty if the writer gave none.
    [[nodiscard]] std::optional<std::uint64_t> source_number() const;
    /// The frame's number in its section: 0, 1, 2, ...
    [[nodiscard]] std::uint64_t sequence() const;
    /// The number of frames between the reader's last frame and this one that it never saw, with
    /// those that the source lost before the writer had them (FrameWriter::skip).
    [[nodiscard]] std::uint64_t missed() const;
    /// The time of publication by the writer's clock; 0 if the writer recorded none.
    [[nodiscard]] std::int64_t timestamp_unix_ns() const;
    /// The time from the frame's capture, where its clock is one of this machine, otherwise from
    /// its publication, until the reader took it. Empty where it is not known, and for a reader's
    /// first frame, which may have waited for that reader.
    [[nodiscard]] std::optional<std::uint64_t> latency_ns() const;
    /// The random number of the frame's section. Another number means another section, whose
    /// sequences begin again.
    [[nodiscard]] std::uint64_t epoch() const;
    /// True for the first frame that the reader took after it followed to another section.
    [[nodiscard]] bool writer_restarted() const;

    /// Whether the writer computed a checksum (see FrameWriterOptions::checksum).
    [[nodiscard]] bool has_checksum() const;
    /// Reads every byte and compares the XXH3-64. kCorrupt: it differs; kUsage: the frame has no
    /// checksum; kIo: somebody has cut the section (fault_guard.h).
    [[nodiscard]] Result<void> verify() const;
    /// Copies the bytes, and verifies the copy if there is a checksum. A hostile writer can't
    /// change a verified copy. kCorrupt: the checksum differs; kUsage: `target` is smaller than the
    /// frame; kIo: somebody has cut the section (fault_guard.h).
    [[nodiscard]] Result<void> copy_to(std::span<std::byte> target) const;

  private:
    friend class FrameReader;
    struct Impl;
    explicit Frame(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
