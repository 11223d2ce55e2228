// SPDX-License-Identifier: Apache-2.0
/// \file
/// The receiving side: opens a section and hands out verified payloads.
///
///     mapferry::Result<void> take_all(const std::string& name, std::vector<std::byte>& all) {
///         auto reader = mapferry::Reader::open({.address = {.name = name}});  // waits for it
///         if (!reader) return std::unexpected(reader.error());
///         while (true) {
///             auto payload = reader->next();
///             if (!payload) return std::unexpected(payload.error());
///             if (!*payload) return reader->close();  // the writer has ended
///             auto bytes = reader->read();  // they passed their checksum; empty at the end
///             for (; bytes && !bytes->empty(); bytes = reader->read())
///                 all.insert(all.end(), bytes->begin(), bytes->end());
///             if (!bytes) return std::unexpected(bytes.error());
///             if (auto stored = reader->acknowledge(); !stored) return stored;
///         }
///     }
///
/// receive.h does the inner loop for files.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "mapferry/payload.h"
#include "mapferry/platform/native_handle.h"
#include "mapferry/section.h"
#include "mapferry/section_info.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

enum class Consume : std::uint8_t { kLeave, kRemoveWhenDone };

/// Which section to read, and how long its waits last.
struct ReaderOptions {
    SectionAddress address = {};
    /// How long open() waits for the section to appear.
    Timeout timeout = kDefaultTimeout;
    /// The reader gives up a writer that publishes nothing for this time (kTimedOut). kForever: the
    /// reader waits for a writer whose process lives, as with a pipe, even if that is stopped. A
    /// writer's death is noticed within 0.2 s in any case. Zero is kUsage.
    Timeout stall_timeout = kForever;
    /// kRemoveWhenDone: exactly one of the readers that ask for it gets the kept payloads. Its
    /// close() removes the section if it took all of them. No effect on streams: their payloads
    /// are gone once the readers have them.
    Consume consume = Consume::kLeave;
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the reader.
    const std::atomic<int>* stop = nullptr;
};

/// Move-only; one thread at a time. Destruction without close() reports to a stream's writer that
/// this reader failed. Inert in a child made by fork(): see writer.h.
class Reader {
  public:
    /// Waits for the section and, in a stream, for a place in it. In a stream this reader takes
    /// part from the next payload that begins. A dead writer's unfinished section is ignored,
    /// whatever it carries. kNotFound: there is no section, with timeout 0; kTimedOut: none came,
    /// no place is free, or another reader consumes it; kPeerGone: there is only an unfinished
    /// section of a dead writer; kUsage: the section carries no files; kPermission: it belongs to
    /// another user, or this process may only read it (a file system mounted read-only, no write
    /// permission), but a stream or a consumer has to write into it; kInterrupted, kCorrupt,
    /// kVersion. Without kRemoveWhenDone, read permission is enough for a kept section.
    [[nodiscard]] static Result<Reader> open(const ReaderOptions& options);

    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    /// Waits for the next payload. Empty: the writer ended. The payload before must be acknowledged
    /// or left out: kUsage otherwise. kPeerGone: the writer died or aborted, or ended before a
    /// payload for this reader began; kTimedOut: the stall timeout is over; kEvicted: the writer
    /// gave this reader up; kInterrupted, kCorrupt.
    [[nodiscard]] Result<std::optional<PayloadInfo>> next();

    /// Returns the next verified bytes of the payload, in private memory that stays valid until the
    /// next call. Empty at the payload's end: all of it is verified then, and summary() is set.
    /// Errors as next(); the message of kCorrupt names the damaged byte range.
    [[nodiscard]] Result<std::span<const std::byte>> read();

    /// As read(), but for a hole of the source (sparse files) returns only the number of zeros,
    /// which costs the same for any number. Holes come in pieces of at most 1 GiB.
    [[nodiscard]] Result<Piece> read_piece();

    /// Confirms that the payload, whose end was read, is safely stored. The writer may then count
    /// it as delivered and reuse its memory. kUsage: no payload's end was read, or it is settled
    /// already.
    [[nodiscard]] Result<void> acknowledge();

    /// Declares that this reader does not keep the payload that next() announced. The writer counts
    /// the reader as lost, with this cause, but the reader can continue: next() verifies and skips
    /// the unread rest of the payload. No effect if no payload is under way.
    void leave_out(Code cause) noexcept;

    /// Keep only: waits until the payload is whole, verifies it in place and returns all of it as
    /// one contiguous range of the section, valid while the reader lives. The pages are read-only
    /// here, but every process that may write to the section can still change them. Holes of the
    /// source are zeros, which take no memory. kOutOfMemory: there are too many holes (Linux: about
    /// 30'000); kUsage: the section is a stream, or this call does not directly follow next().
    [[nodiscard]] Result<std::span<const std::byte>> view();

    /// The summary of the payload whose end was read; empty before that.
    [[nodiscard]] const std::optional<PayloadSummary>& summary() const;

    /// Leaves the section; with kRemoveWhenDone also removes it. kUsage: the last payload is
    /// neither acknowledged nor left out, and the reader stays open. kUsage also: a consumer did
    /// not take all payloads; the reader is closed, and the section stays for the next consumer.
    [[nodiscard]] Result<void> close();

    /// Leaves the section and reports `cause` to the writer.
    void abort(Code cause) noexcept;

    [[nodiscard]] SectionInfo section_info() const;

    /// Returns a handle for event loops (poll, epoll, asyncio, GLib, Qt; Windows:
    /// WaitForMultipleObjects and similar). It is readable (Windows: set) while the next call of
    /// try_next(), or of read() within a payload, would not have to wait: a part of a payload, its
    /// end or the stream's end is there, the writer died, or the stop flag is raised. Each call of
    /// this reader updates it.
    /// The reader owns the handle and closes it in close(), abort() or destruction. Remove it from
    /// the loop before that, and neither read nor close it. The first call starts a thread, which
    /// sleeps while there is nothing to show. kUsage: the reader is closed; kSystem: no handle or
    /// no thread is available.
    [[nodiscard]] Result<NativeHandle> notification_handle();

    /// next() without waiting. The result is empty when there is no payload yet, and also at the
    /// end of the stream: has_ended() distinguishes the two. The payload before must be
    /// acknowledged or left out, as for next(). If it was left out, its unread rest is skipped as
    /// far as it is there. An event loop calls this until the result is empty and then waits: such
    /// a call also gives slots back that the writer may need. Errors as next().
    [[nodiscard]] Result<std::optional<PayloadInfo>> try_next();

    /// Whether next() or try_next() has found that the writer ended. No more payloads will come
    /// then.
    [[nodiscard]] bool has_ended() const;

  private:
    friend struct ReaderSteps;
    struct Impl;
    explicit Reader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
