// SPDX-License-Identifier: Apache-2.0
/// \file
/// The sending side: creates a section and puts payloads into it.
///
///     mapferry::Result<void> send_bytes(const std::string& name,
///                                       std::span<const std::byte> bytes) {
///         auto writer = mapferry::Writer::create({.address = {.name = name}});
///         if (!writer) return std::unexpected(writer.error());
///         if (auto came = writer->wait_for_readers(1); !came) return came;
///         auto begun = writer->begin({.name = "photo.bmp", .payload_bytes = bytes.size()});
///         if (!begun) return begun;
///         if (auto written = writer->write(bytes); !written) return written;
///         if (auto ended = writer->end(); !ended) return std::unexpected(ended.error());
///         auto report = writer->close();  // the reader has all of it
///         return report ? mapferry::Result<void>() : std::unexpected(report.error());
///     }
///
/// send.h does all this for files.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "mapferry/payload.h"
#include "mapferry/section.h"
#include "mapferry/section_info.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"
#include "mapferry/workload.h"

namespace mapferry::inline v1 {

/// Fills all of `target` with the payload's bytes from `payload_offset` on. `target` is valid
/// during the call alone. It may lie outside the section, which then gets a copy.
using FillCall =
    std::function<Result<void>(std::span<std::byte> target, std::uint64_t payload_offset)>;

/// How payloads reach their readers.
enum class StreamDelivery : std::uint8_t {
    kStream,  ///< through a ring, at the pace of the slowest reader; readers that come later begin
              ///< with the next payload
    kKeep,    ///< all payloads stay in the section, for readers that come at any time
};

/// The section that the writer creates, and how the writer waits.
struct WriterOptions {
    SectionAddress address = {};
    StreamDelivery delivery = StreamDelivery::kStream;
    Workload workload = {.unknown_count = 1};
    std::uint64_t slot_capacity_bytes = 0;  ///< 0 = chosen from the workload
    std::uint64_t slot_count = 0;           ///< 0 = chosen from the workload
    /// The writer gives up a reader that makes no progress for this time while the writer waits for
    /// it. kForever: the writer waits for every reader whose process lives, as with a pipe, even if
    /// that is stopped. A reader's death is noticed within 0.2 s in any case.
    /// Zero is kUsage.
    Timeout stall_timeout = kForever;
    std::uint32_t readers_wanted = 1;  ///< the readers that must get everything: see close()
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the writer.
    const std::atomic<int>* stop = nullptr;
};

/// A stream's counts at its end: see Writer::close().
struct WriterReport {
    std::uint32_t readers_served = 0;  ///< acknowledged everything
    std::uint32_t readers_lost = 0;    ///< died, failed or were given up
    bool name_was_lost = false;        ///< stream: somebody removed the section's name, so that no
                                       ///< further reader could find it
};

/// What the caller knows about the source of a payload.
enum class PayloadSource : std::uint8_t {
    kUnchanged,
    kChanged,  ///< it changed while it was sent; sets PayloadSummary::source_changed at the readers
};

/// Move-only; one thread at a time. Destruction without close() aborts: readers see it at once,
/// and the section is removed.
///
/// fork(): everything that a process has open when it forks stays its own. In the child this
/// object, and every other object of the library that the parent opened, is inert. Its calls return
/// kUsage. Its destruction, or the child's end, takes nothing from the parent. The child opens what
/// it needs anew. A daemon opens its objects after daemon(), because the process that calls
/// daemon() ends.
class Writer {
  public:
    /// Creates the section, exclusively and readable by this user only. All space is reserved
    /// before it is touched. Replaces a dead writer's section of the same name. kCannotCreate: a
    /// living writer, a kept payload or a buffer has the name; kIo: not enough space (the message
    /// has the numbers); kUsage: an option makes no sense.
    [[nodiscard]] static Result<Writer> create(const WriterOptions& options);

    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;
    ~Writer();

    /// Stream: waits until `count` readers have come. Keep: returns at once. kTimedOut,
    /// kInterrupted; kUsage: `count` is over kReaderLimit; kPeerGone: somebody removed the name.
    [[nodiscard]] Result<void> wait_for_readers(std::uint32_t count,
                                                Timeout timeout = kDefaultTimeout);

    /// Begins a payload. Stream: readers that have come since the last payload take part from here
    /// on. A payload that fits a slot and has neither name nor attributes becomes visible to them
    /// only with end() or flush(). kUsage: the last payload has not ended.
    [[nodiscard]] Result<void> begin(const PayloadInfo& info);

    /// Returns the free rest of the current chunk, inside the section. Fill some of it, then pass
    /// the number of filled bytes to publish(). Valid until the next call. May wait for the slowest
    /// reader. kPeerGone: no reader is left; kTimedOut, kInterrupted; kIo: a kept section is full.
    [[nodiscard]] Result<std::span<std::byte>> loan();

    /// Adds the next `bytes` bytes of the loan to the payload. A full chunk is handed over at once,
    /// but a chunk that is the whole payload is handed over by end(). kUsage: the loan is smaller.
    [[nodiscard]] Result<void> publish(std::size_t bytes);

    /// Calls loan(), copies and calls publish() until all of `bytes` is in the payload.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);

    /// Adds `bytes` bytes to the payload. `fill` makes them piece by piece, in this thread. Errors
    /// as loan(), and the first error of `fill`: its piece is not handed over. An exception of
    /// `fill` passes through this call, but std::bad_alloc becomes kOutOfMemory.
    [[nodiscard]] Result<void> fill(std::uint64_t bytes, const FillCall& fill);

    /// As fill(), but a second thread helps with large amounts if one thread would make the readers
    /// wait. `fill` may then be called for two pieces at once, in any order. An error or exception
    /// leaves this call only after every call of `fill` has returned.
    [[nodiscard]] Result<void> fill_parallel(std::uint64_t bytes, const FillCall& fill);

    /// Adds zeros that the source does not store (sparse files). Zeros that fill whole units (a
    /// 64th of a slot, at least a page) are not written to the section and take no memory in a kept
    /// one; readers can recognise them: see Reader::read_piece(). The others become stored zeros,
    /// and slots over 64 MiB have only stored zeros. Errors as loan().
    [[nodiscard]] Result<void> write_hole(std::uint64_t bytes);

    /// Hands over a chunk that is not full and wakes the readers. Call it before waiting for a slow
    /// source. Keep: hands over nothing, because the payload must stay contiguous. After an error
    /// the payload can't be continued.
    [[nodiscard]] Result<void> flush();

    /// Ends the payload and wakes sleeping readers. kUsage: its length differs from the announced
    /// one.
    [[nodiscard]] Result<PayloadSummary> end(PayloadSource source = PayloadSource::kUnchanged);

    /// Ends the section: no more payloads follow. kUsage: the last payload has not ended.
    /// Stream: waits until every reader has acknowledged, then removes the section. kPeerGone:
    /// fewer than readers_wanted readers got everything.
    /// Keep: the section stays. kPeerGone: somebody has removed it. check(), and calls that need a
    /// new slot, notice that within a second.
    [[nodiscard]] Result<WriterReport> close();

    /// Whether a closed kept section outlives this writer's process. False on Windows for a section
    /// in memory, which ends with its last handle: call linger() there.
    [[nodiscard]] bool section_persists() const;

    /// For a closed kept section. If the section needs its writer's process, waits until it is
    /// consumed or removed, or `timeout` has passed; otherwise returns at once. Readers that have
    /// the section open can use it after that too. kUsage: the section is not closed, or is a
    /// stream; kInterrupted.
    [[nodiscard]] Result<LingerEnd> linger(Timeout timeout);

    /// Gives up and removes the section. Readers get kPeerGone with this cause at once. With `why`
    /// they also get its message, up to 248 bytes of it.
    void abort(Code cause) noexcept;
    void abort(const Status& why) noexcept;

    /// Checks whether it is still worth sending. Calls are useful while a source is silent, but
    /// optional: readers wait for a writer whose process lives. kPeerGone: no reader is left
    /// (stream), or somebody has removed the section (keep); kIo: somebody has cut the section
    /// (fault_guard.h); kInterrupted.
    [[nodiscard]] Result<void> check();
    [[nodiscard]] SectionInfo section_info() const;
    /// The readers served and lost so far.
    [[nodiscard]] WriterReport report() const;

  private:
    struct Impl;
    explicit Writer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
