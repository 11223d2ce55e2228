// SPDX-License-Identifier: Apache-2.0
/// \file
/// The sending side of frames: publishes images for readers that look at them in place.
///
///     mapferry::Result<void> fade(const std::string& name,
///                                 const mapferry::ImageDescription& image) {
///         auto writer = mapferry::FrameWriter::create({.address = {.name = name}});
///         if (!writer) return mapferry::pass(writer.error());
///         auto came = writer->wait_for_readers(1, std::chrono::seconds(30));
///         if (!came) return came;
///         for (int shade = 0; shade < 256; ++shade) {
///             auto loan = writer->loan(image, std::chrono::seconds(1));  // waits for no reader
///             if (!loan) return mapferry::pass(loan.error());
///             std::ranges::fill(loan->bytes(), std::byte(shade));  // a slot of the section itself
///             auto sequence = writer->publish(std::move(*loan));   // costs the same at any size
///             if (!sequence) return mapferry::pass(sequence.error());
///         }
///         auto report = writer->close();
///         return report ? mapferry::Result<void>() : mapferry::pass(report.error());
///     }
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "mapferry/geometry.h"
#include "mapferry/image.h"
#include "mapferry/section.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

/// Which frames carry an XXH3-64 for Frame::verify().
enum class Checksum : std::uint8_t {
    kCopied,  ///< those that publish_copy() copies in, hashed on the way; a loan's publication
              ///< stays independent of its size
    kAll,     ///< loans too: publish() reads every byte
    kNone,
};

/// Whether the writer waits for its readers.
enum class FrameDelivery : std::uint8_t {
    kLatest,  ///< never: readers skip what they miss
    kEach,    ///< for the slowest attached reader, as long as its process lives; not for one that
              ///< asks for latest() frames
};

struct FrameWriterOptions {
    SectionAddress address = {};
    FrameDelivery delivery = FrameDelivery::kLatest;
    /// The largest frame that the section can ever carry. Address space and no memory: only what
    /// the largest frames so far needed is taken.
    std::uint64_t frame_limit_bytes = std::uint64_t{256} << 20;
    /// 0: enough that `reader_limit` readers with two leases each leave the writer a slot, and with
    /// kEach at least 256 KiB of them. The most, not the number in use: four at first, more when
    /// readers lease them or, with kEach, are behind, then up to four frames or 8 MiB, whichever is
    /// more. A number that is given here is how far a reader may be behind.
    std::uint32_t slot_count = 0;
    std::uint32_t reader_limit = 16;
    Checksum checksum = Checksum::kCopied;
    /// kEach: a reader that takes no frame for this time while the writer waits for it is given
    /// up. kForever: a reader whose process lives is waited for, even when it is stopped.
    /// Zero is kUsage.
    Timeout stall_timeout = kForever;
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the writer.
    const std::atomic<int>* stop = nullptr;
};

class FrameWriter;
class FrameWriterConnection;

/// A slot that is the caller's to fill. Move-only; for the writer's thread. Dropped without
/// publish() it is free again. It may outlive its writer: its bytes stay mapped, and go nowhere.
class FrameLoan {
  public:
    FrameLoan(FrameLoan&& other) noexcept;
    FrameLoan& operator=(FrameLoan&& other) noexcept;
    ~FrameLoan();
    /// Exactly the requested size. Not cleared: may contain an earlier frame. Empty once published.
    [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }
    /// What the frame shows: that of loan(image), or what set_image() gave; readers see it as
    /// Frame::image().
    [[nodiscard]] const std::optional<ImageDescription>& image() const { return image_; }
    void set_image(const std::optional<ImageDescription>& image) { image_ = image; }

  private:
    friend class FrameWriter;
    FrameLoan(std::shared_ptr<FrameWriterConnection> connection, std::uint32_t slot);
    void give_back();
    std::shared_ptr<FrameWriterConnection> connection_;  ///< null once published
    std::uint32_t slot_ = 0;
    std::span<std::byte> bytes_;
    std::optional<ImageDescription> image_;
};

struct FrameWriterReport {
    std::uint64_t frames = 0;
    std::uint32_t readers = 0;       ///< attached now
    std::uint32_t readers_lost = 0;  ///< died or were given up
    std::uint32_t renewals = 0;      ///< how often the section was made anew: see FrameWriter
    bool name_was_lost = false;      ///< somebody removed the section's name, so that no further
                                     ///< reader could find it
};

/// Move-only; one thread at a time. Destruction without close() aborts: readers see it at once
/// and wait for the next writer. Inert, as its loans are, in a child made by fork(): see writer.h.
///
/// When somebody removes the section's name under it, the writer notices within a second. Where no
/// frame can be lost by that (latest, or none was published yet, and nothing is on loan) the next
/// loan() makes the section anew, with sequences from 0, and its readers follow as they follow
/// another writer; kCannotCreate when another one has the name by now. Where each frame counts it
/// goes on for the readers that it has, and without any ends with kPeerGone.
class FrameWriter {
  public:
    /// Creates the section, exclusively and for this user only. kCannotCreate: a living writer has
    /// the name; kIo: not enough space; kUsage.
    [[nodiscard]] static Result<FrameWriter> create(const FrameWriterOptions& options);

    FrameWriter(FrameWriter&&) noexcept;
    FrameWriter& operator=(FrameWriter&&) noexcept;
    ~FrameWriter();

    /// Waits until `count` readers are attached. kTimedOut, kInterrupted.
    [[nodiscard]] Result<void> wait_for_readers(std::uint32_t count,
                                                Timeout timeout = kDefaultTimeout);

    /// A writable slot of `bytes` bytes. Latest: at once, kBusy when readers lease every slot.
    /// Each: may wait for the slowest reader, up to `timeout`. kUsage: larger than
    /// frame_limit_bytes; kIo: no memory for a frame of this size (the message has the numbers).
    /// Where there is memory for few slots the writer goes on with those: with two, and with
    /// delivery "latest" with one, which then may wait up to `timeout` for a reader to give its
    /// frame back.
    [[nodiscard]] Result<FrameLoan> loan(std::uint64_t bytes, Timeout timeout);
    /// As large as the image, row_stride_bytes x height, and with that description.
    [[nodiscard]] Result<FrameLoan> loan(const ImageDescription& image, Timeout timeout);

    /// Makes the loan the newest frame and wakes the readers that sleep. The result is the frame's
    /// sequence. kUsage: its image is larger than the loan, the loan is another writer's, or this
    /// one is closed; then nothing is published, and the loan is still the caller's.
    [[nodiscard]] Result<std::uint64_t> publish(FrameLoan&& loan);

    /// loan(), copy, publish().
    [[nodiscard]] Result<std::uint64_t> publish_copy(std::span<const std::byte> bytes,
                                                     const std::optional<ImageDescription>& image,
                                                     Timeout timeout);

    /// No more frames: a reader that has seen the last one gets the end next. Each:
    /// waits until every reader has taken every frame.
    [[nodiscard]] Result<FrameWriterReport> close();
    /// Gives up: readers wait for another writer. With `why` they read its message when none comes.
    void abort(Code cause) noexcept;
    void abort(const Status& why) noexcept;

    /// Whether it makes sense to go on; worth asking now and then while a source is silent. Nobody
    /// has to: readers wait for a writer whose process lives. kIo: somebody has cut the section
    /// (fault_guard.h); kInterrupted.
    [[nodiscard]] Result<void> check() const;
    [[nodiscard]] const Geometry& geometry() const;
    [[nodiscard]] FrameWriterReport report();

  private:
    struct Impl;
    explicit FrameWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
