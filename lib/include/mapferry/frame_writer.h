// SPDX-License-Identifier: Apache-2.0
/// \file
/// The sending side of frames: publishes images, which readers use in place.
///
///     mapferry::Result<void> fade(const std::string& name,
///                                 const mapferry::ImageDescription& image) {
///         auto writer = mapferry::FrameWriter::create({.address = {.name = name}});
///         if (!writer) return std::unexpected(writer.error());
///         auto came = writer->wait_for_readers(1, std::chrono::seconds(30));
///         if (!came) return came;
///         for (int shade = 0; shade < 256; ++shade) {
///             auto loan = writer->loan(image, std::chrono::seconds(1));  // waits for no reader
///             if (!loan) return std::unexpected(loan.error());
///             std::ranges::fill(loan->bytes(), std::byte(shade));  // a slot of the section itself
///             auto sequence = writer->publish(std::move(*loan));   // costs the same at any size
///             if (!sequence) return std::unexpected(sequence.error());
///         }
///         auto report = writer->close();
///         return report ? mapferry::Result<void>() : std::unexpected(report.error());
///     }
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "mapferry/frame_notes.h"
#include "mapferry/image.h"
#include "mapferry/section.h"
#include "mapferry/section_info.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

/// Which frames carry an XXH3-64 for Frame::verify().
enum class Checksum : std::uint8_t {
    kCopied,  ///< those of publish_copy(), which hashes while it copies; publishing a loan takes
              ///< the same time at any size
    kAll,     ///< loans too: publish() reads every byte
    kNone,
};

/// Whether the writer waits for its readers.
enum class FrameDelivery : std::uint8_t {
    kLatest,  ///< never: slow readers miss frames
    kEach,    ///< for the slowest attached reader while its process lives, but not for a reader
              ///< that asks for latest() frames
};

/// The section of a stream of frames, and how its writer waits.
struct FrameWriterOptions {
    SectionAddress address = {};
    FrameDelivery delivery = FrameDelivery::kLatest;
    /// The largest frame that the section can ever carry, without its notes (frame_notes.h), for
    /// which each slot has room beside it. This takes address space, not memory: the slots take
    /// only as much memory as the largest frames so far needed.
    std::uint64_t frame_limit_bytes = std::uint64_t{256} << 20;
    /// The largest number of slots. 0: enough to leave the writer a slot when `reader_limit`
    /// readers hold two leases each; with kEach also enough for 256 KiB of frames of the limit's
    /// size. Two slots are in use while readers keep up. More come into use when readers lease them
    /// or are behind: with kLatest two more, with kEach those for up to four unread frames or 8 MiB
    /// of them, whichever is more. With a number given here, that is the number of frames that a
    /// reader may be behind.
    std::uint32_t slot_count = 0;
    std::uint32_t reader_limit = 16;
    Checksum checksum = Checksum::kCopied;
    /// kEach: the writer gives up a reader that takes no frame for this time while the writer waits
    /// for it. kForever: the writer waits for every reader whose process lives, even if that is
    /// stopped. Zero is kUsage.
    Timeout stall_timeout = kForever;
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the writer.
    const std::atomic<int>* stop = nullptr;
};

class FrameWriter;
class FrameWriterConnection;

/// A slot that the caller fills. Move-only; for the writer's thread. A loan that is destroyed
/// without publish() frees its slot. A loan may outlive its writer: its bytes stay mapped, but
/// can't be published any more.
class FrameLoan {
  public:
    FrameLoan(FrameLoan&& other) noexcept;
    FrameLoan& operator=(FrameLoan&& other) noexcept;
    ~FrameLoan();
    /// Exactly the requested size. The bytes are not cleared and may contain an earlier frame.
    /// Empty after publication.
    [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }
    /// Keeps bytes() mapped, also after the loan was published or given back and its writer was
    /// destroyed: for languages whose arrays can't be taken away from their owners. What such an
    /// array then shows belongs to the readers and to later frames. Null for a published loan.
    [[nodiscard]] std::shared_ptr<const void> memory() const;
    /// What the frame says beside its bytes: from loan(image) or loan(tensor), and from the
    /// functions below. Metadata refer to the slot.
    [[nodiscard]] const FrameNotes& notes() const { return notes_; }
    [[nodiscard]] const std::optional<ImageDescription>& image() const { return notes_.image; }
    void set_image(const std::optional<ImageDescription>& image) { notes_.image = image; }
    void set_tensor(const std::optional<TensorDescription>& tensor) { notes_.tensor = tensor; }
    void set_captured(const CaptureTime& time) { notes_.captured = time; }
    void set_source_number(std::uint64_t number) { notes_.source_number = number; }
    /// Returns a place in the slot for `bytes` bytes of metadata, which the caller fills. They are
    /// not cleared. A second call replaces the first. kUsage: more than 64 KiB, a content type of
    /// more than 64 bytes or with characters other than printable ASCII, or the loan was published;
    /// kIo: no memory.
    [[nodiscard]] Result<std::span<std::byte>> add_metadata(std::string_view content_type,
                                                            std::size_t bytes);
    /// add_metadata() and a copy. Errors as there.
    [[nodiscard]] Result<void> set_metadata(const FrameMetadata& metadata);

  private:
    friend class FrameWriter;
    FrameLoan(std::shared_ptr<FrameWriterConnection> connection, std::uint32_t slot,
              std::uint64_t bytes);
    void give_back();
    std::shared_ptr<FrameWriterConnection> connection_;  ///< null once published
    std::uint32_t slot_ = 0;
    std::span<std::byte> bytes_;
    FrameNotes notes_;
};

/// A stream's counts so far: see FrameWriter::report() and close().
struct FrameWriterReport {
    std::uint64_t frames = 0;
    std::uint32_t readers = 0;       ///< attached now
    std::uint32_t readers_lost = 0;  ///< died or were given up
    std::uint32_t renewals = 0;      ///< how often the section was replaced: see FrameWriter
    bool name_was_lost = false;      ///< somebody removed the section's name, so that no further
                                     ///< reader could find it
};

/// Move-only; one thread at a time. Destruction without close() aborts: readers see it at once
/// and wait for the next writer. Inert in a child made by fork(), as its loans are: see writer.h.
///
/// When somebody removes the section's name, the writer notices within a second. If no frame is
/// lost by it (delivery "latest", or no frame was published yet), the next loan(), check() or
/// wait_for_readers() replaces the section. Its sequences begin at 0, and the readers follow as
/// they follow another writer. A loan from before stays valid; publish() copies it into the new
/// section. kCannotCreate: something else has the name by then; the writer is closed after that.
/// With delivery "each" and published frames the writer continues for its readers. If it has none,
/// publish() and check() return kPeerGone.
class FrameWriter {
  public:
    /// Creates the section, exclusively and for this user only. Replaces a dead writer's section of
    /// the same name. kCannotCreate: a living writer, a kept payload or a buffer has the name; kIo:
    /// not enough space; kUsage: an option makes no sense.
    [[nodiscard]] static Result<FrameWriter> create(const FrameWriterOptions& options);

    FrameWriter(FrameWriter&&) noexcept;
    FrameWriter& operator=(FrameWriter&&) noexcept;
    ~FrameWriter();

    /// Waits until `count` readers are attached. kUsage: `count` is over reader_limit; kTimedOut,
    /// kInterrupted; kPeerGone: the name is lost (see FrameWriter).
    [[nodiscard]] Result<void> wait_for_readers(std::uint32_t count,
                                                Timeout timeout = kDefaultTimeout);

    /// Returns a writable slot of `bytes` bytes. Delivery "latest": returns at once unless readers
    /// lease every slot; then it waits up to `timeout` until one gives its frame back. Where only
    /// the newest frame's slot is left, that frame makes way. Delivery "each": may wait up to
    /// `timeout` for the slowest reader. If there is memory for few slots only, the writer uses
    /// those. Two are enough, and with delivery "latest" one is.
    /// kBusy: readers lease every slot, or all are on loan; kTimedOut: the slowest reader has not
    /// taken the oldest frame; kUsage: more than frame_limit_bytes; kIo: no memory for a frame of
    /// this size (the message has the numbers); kInterrupted.
    [[nodiscard]] Result<FrameLoan> loan(std::uint64_t bytes, Timeout timeout);
    /// The same for an image or an array: as many bytes as it has (planes_of(), tensor_bytes()),
    /// with its description. kUsage also: it contradicts itself or has no bytes, or its rows are
    /// unknown (encoded, or several planes of an unknown format).
    [[nodiscard]] Result<FrameLoan> loan(const ImageDescription& image, Timeout timeout);
    [[nodiscard]] Result<FrameLoan> loan(const TensorDescription& tensor, Timeout timeout);

    /// Makes the loan the newest frame and wakes sleeping readers. Returns the frame's sequence.
    /// kUsage: the image or tensor contradicts itself or is larger than the loan, the loan belongs
    /// to another writer, or this writer is closed; kIo: no memory for the notes; for a loan from
    /// before the section was replaced also the errors of loan(). Nothing is published then, and
    /// the caller keeps the loan.
    /// After kPeerGone (see FrameWriter) and kIo (the section was cut) the loan is gone.
    [[nodiscard]] Result<std::uint64_t> publish(FrameLoan&& loan);

    /// loan(), copy, publish(). `notes` and what they refer to are needed only during the call.
    [[nodiscard]] Result<std::uint64_t> publish_copy(std::span<const std::byte> bytes,
                                                     const FrameNotes& notes, Timeout timeout);

    /// Reports that the source lost `frames` frames before the next one, which this writer never
    /// had. They count in Frame::missed() of the readers.
    void skip(std::uint64_t frames);

    /// Gives the stream a description, or another one: JSON by custom, at most 64 KiB. Readers find
    /// it at any time, also late ones. kUsage: it is too long, or the writer is closed; kIo: no
    /// memory.
    [[nodiscard]] Result<void> describe(std::string_view text);
    /// Frame rate, pixel aspect and scan, for players. kUsage: the writer is closed.
    [[nodiscard]] Result<void> set_facts(const StreamFacts& facts);

    /// Ends the stream: a reader that has taken the last frame gets the end next. Delivery "each":
    /// waits until every reader has taken every frame. kUsage: the writer is closed; kInterrupted.
    [[nodiscard]] Result<FrameWriterReport> close();
    /// Gives up: readers wait for another writer. If none comes, their error contains the message
    /// of `why`, up to 248 bytes of it.
    void abort(Code cause) noexcept;
    void abort(const Status& why) noexcept;

    /// Checks whether it is still worth sending. Calls are useful while a source is silent, but
    /// optional: readers wait for a writer whose process lives. Replaces a section that lost its
    /// name, as loan() does. kIo: somebody has cut the section (fault_guard.h); kPeerGone: see
    /// FrameWriter; kInterrupted.
    [[nodiscard]] Result<void> check();
    [[nodiscard]] SectionInfo section_info() const;
    [[nodiscard]] FrameWriterReport report();

  private:
    struct Impl;
    explicit FrameWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
