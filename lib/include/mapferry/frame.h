// SPDX-License-Identifier: Apache-2.0
/// \file
/// One frame of a stream, in place: read-only bytes in the section, under a lease.
///
///     mapferry::Result<double> next_mean(mapferry::FrameReader& camera) {
///         auto frame = camera.next(std::chrono::seconds(5));
///         if (!frame) return mapferry::pass(frame.error());
///         if (!*frame) return mapferry::fail(mapferry::Code::kNotFound, "the camera has ended");
///         if ((*frame)->has_checksum()) {
///             auto same = (*frame)->verify();
///             if (!same) return mapferry::pass(same.error());
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

#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Move-only. The lease is given back at destruction, by any thread; it outlives the FrameReader.
/// While it lasts the writer does not touch the bytes. They are mapped read-only here, but they are
/// the writer's: a hostile one could still change them, and only a copy that verified is proof.
/// Inert in a child made by fork() (see writer.h): bytes() is still mapped there, as long as the
/// child keeps the frame, but the lease is the parent's, who may give it back at any moment.
class Frame {
  public:
    Frame(Frame&&) noexcept;
    Frame& operator=(Frame&&) noexcept;
    ~Frame();

    /// In the section; valid as long as the frame.
    [[nodiscard]] std::span<const std::byte> bytes() const;
    /// Width, height, row stride, FourCC, orientation; empty where the writer gave none. Checked:
    /// the rows lie within bytes().
    [[nodiscard]] const std::optional<ImageDescription>& image() const;
    /// 0, 1, 2, ... of this writer.
    [[nodiscard]] std::uint64_t sequence() const;
    /// Frames between the one before and this one that this reader never saw.
    [[nodiscard]] std::uint64_t missed() const;
    /// The writer's clock when it published the frame; 0 when it took no time.
    [[nodiscard]] std::int64_t timestamp_unix_ns() const;
    /// The writer's random number: another one is another writer, whose sequences begin again.
    [[nodiscard]] std::uint64_t epoch() const;
    /// True for the first frame of a writer that came after another one had gone.
    [[nodiscard]] bool writer_restarted() const;

    /// Whether the writer took a checksum (see FrameWriterOptions::checksum).
    [[nodiscard]] bool has_checksum() const;
    /// Reads every byte. kCorrupt when the XXH3-64 is another one; kUsage when there is none.
    [[nodiscard]] Result<void> verify() const;
    /// Copies the bytes, and verifies the copy where there is a checksum: what a hostile writer
    /// could still change no longer matters. kCorrupt; kUsage: `target` is smaller than the frame.
    [[nodiscard]] Result<void> copy_to(std::span<std::byte> target) const;

  private:
    friend class FrameReader;
    struct Impl;
    explicit Frame(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
