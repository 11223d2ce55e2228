// SPDX-License-Identifier: Apache-2.0
/// \file
/// The sending side: creates a section and puts payloads into it.
///
///     mapferry::Result<void> send_bytes(const std::string& name,
///                                       std::span<const std::byte> bytes) {
///         auto writer = mapferry::Writer::create({.address = {.name = name}});
///         if (!writer) return mapferry::pass(writer.error());
///         if (auto came = writer->wait_for_readers(1); !came) return came;
///         auto begun = writer->begin({.name = "photo.bmp", .payload_bytes = bytes.size()});
///         if (!begun) return begun;
///         if (auto written = writer->write(bytes); !written) return written;
///         if (auto ended = writer->end(); !ended) return mapferry::pass(ended.error());
///         auto report = writer->close();  // the reader has all of it
///         return report ? mapferry::Result<void>() : mapferry::pass(report.error());
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

#include "mapferry/geometry.h"
#include "mapferry/payload.h"
#include "mapferry/section.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

/// Fills all of `target` with the payload's bytes from `payload_offset` on.
using FillCall =
    std::function<Result<void>(std::span<std::byte> target, std::uint64_t payload_offset)>;

/// How payloads reach their readers.
enum class StreamDelivery : std::uint8_t {
    kStream,  ///< through a ring, at the pace of the slowest reader; readers that come later begin
              ///< with the next payload
    kKeep,    ///< all of them stay in the section, for readers that come at any time
};

struct WriterOptions {
    SectionAddress address = {};
    StreamDelivery delivery = StreamDelivery::kStream;
    Workload workload = {.unknown_count = 1};
    std::uint64_t slot_capacity_bytes = 0;  ///< 0 = chosen from the workload
    std::uint64_t slot_count = 0;           ///< 0 = chosen from the workload
    /// A reader that makes no progress for this time while the writer waits for it is given up.
    /// kForever: a reader whose process lives is waited for, as with a pipe, even when it is
    /// stopped. A reader that dies is noticed within 0.2 s in any case.
    /// Zero is kUsage.
    Timeout stall_timeout = kForever;
    std::uint32_t readers_wanted = 1;  ///< close() succeeds when so many got everything
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the writer.
    const std::atomic<int>* stop = nullptr;
};

struct WriterReport {
    std::uint32_t readers_served = 0;  ///< acknowledged everything
    std::uint32_t readers_lost = 0;    ///< died, failed or were given up
    bool name_was_lost = false;        ///< stream: somebody removed the section's name, so that no
                                       ///< further reader could find it
};

/// What the writer's user knows of where a payload came from.
enum class PayloadSource : std::uint8_t {
    kUnchanged,
    kChanged,  ///< it changed while it was sent: the readers' summary says so
};

/// Move-only; one thread at a time. Destruction without close() aborts: readers see it at once,
/// and the section is removed.
///
/// fork(): what a process has open when it forks stays its own. In the child this object, and every
/// other one of the library that the parent opened, is inert: its calls are kUsage, and letting go
/// of it, by destruction or by the child's end, takes nothing from the parent. The child opens what
/// it needs anew. A daemon opens after daemon(), whose caller ends.
class Writer {
  public:
    /// Creates the section, exclusively and readable by this user only; all space is reserved
    /// before it is touched. A dead writer's section of the same name is replaced. kCannotCreate: a
    /// living writer or a kept payload has the name; kIo: not enough space (the message has the
    /// numbers).
    [[nodiscard]] static Result<Writer> create(const WriterOptions& options);

    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;
    ~Writer();

    /// Stream: waits until `count` readers have come, or kTimedOut. Keep: returns at once.
    [[nodiscard]] Result<void> wait_for_readers(std::uint32_t count,
                                                Timeout timeout = kDefaultTimeout);

    /// Begins a payload. Stream: readers that came meanwhile take part from here on. They see a
    /// payload that fits a slot and has neither name nor attributes only when it is whole, or with
    /// flush().
    [[nodiscard]] Result<void> begin(const PayloadInfo& info);

    /// The free rest of the current chunk, inside the section: fill some of it, then publish() that
    /// many bytes. Valid until the next call. May wait for the slowest reader: kPeerGone when none
    /// is left, kTimedOut, kInterrupted; kIo when a kept section is full.
    [[nodiscard]] Result<std::span<std::byte>> loan();

    /// Takes `bytes` more bytes of the loan. A full chunk is handed over at once, unless it is the
    /// whole payload: that is handed over by end().
    [[nodiscard]] Result<void> publish(std::size_t bytes);

    /// loan(), copy and publish() until all of `bytes` is in.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);

    /// `bytes` more bytes of the payload, made by `fill`, piece by piece, where they belong, in
    /// this thread. Errors as loan(), and the first of `fill`: the piece that it failed for is not
    /// handed over. What it throws comes out of here, std::bad_alloc as kOutOfMemory.
    [[nodiscard]] Result<void> fill(std::uint64_t bytes, const FillCall& fill);

    /// The same. Large amounts are filled by a second thread too, where the readers would wait for
    /// one: `fill` may be called for two pieces at once, in any order. An error or a throw comes
    /// out of here once no other call of it is under way.
    [[nodiscard]] Result<void> fill_parallel(std::uint64_t bytes, const FillCall& fill);

    /// Zeros that the source does not store (sparse files). They go through no slot and take
    /// no memory in a kept section, as far as they fill units of it, and readers can tell: see
    /// Reader::read_piece().
    [[nodiscard]] Result<void> write_hole(std::uint64_t bytes);

    /// Hands over a chunk that is not full and wakes the readers: call it before waiting for a slow
    /// source. In keep mode nothing happens, for the payload must stay contiguous. After an error
    /// the payload can't go on.
    [[nodiscard]] Result<void> flush();

    /// Ends the payload, and wakes readers that sleep. kUsage when it is not as long as announced.
    [[nodiscard]] Result<PayloadSummary> end(PayloadSource source = PayloadSource::kUnchanged);

    /// No more payloads. Stream: waits until every reader has acknowledged, removes the section;
    /// kPeerGone when fewer than readers_wanted got everything. Keep: the section stays; kPeerGone
    /// when somebody has removed it meanwhile, which other calls notice within a second.
    [[nodiscard]] Result<WriterReport> close();

    /// Whether the closed section of a keep lives on when this writer goes. False on Windows for a
    /// section in memory, which ends with its last handle: linger() then.
    [[nodiscard]] bool section_persists() const;

    /// After the close() of a keep: waits until the section is consumed or removed or `timeout`
    /// has passed, where the section needs its writer's process; returns at once elsewhere.
    /// kInterrupted. Readers that have the section open keep it beyond that.
    [[nodiscard]] Result<LingerEnd> linger(Timeout timeout);

    /// Gives up: readers see kPeerGone with this cause at once, the section is removed. With `why`
    /// they also read its message, as far as it has 248 bytes.
    void abort(Code cause) noexcept;
    void abort(const Status& why) noexcept;

    /// Whether it makes sense to go on; worth asking now and then while a source is silent. Nobody
    /// has to: readers wait for a writer whose process lives. Stream: kPeerGone when no reader is
    /// left; keep: when somebody has removed the section. kIo: somebody has cut the section
    /// (fault_guard.h). kInterrupted.
    [[nodiscard]] Result<void> check();
    [[nodiscard]] const Geometry& geometry() const;
    /// Readers served and lost so far.
    [[nodiscard]] WriterReport report() const;

  private:
    struct Impl;
    explicit Writer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
