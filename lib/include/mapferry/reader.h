// SPDX-License-Identifier: Apache-2.0
/// \file
/// The receiving side: opens a section, hands out verified payloads.
///
///     mapferry::Result<void> take_all(const std::string& name, std::vector<std::byte>& all) {
///         auto reader = mapferry::Reader::open({.address = {.name = name}});  // waits for it
///         if (!reader) return mapferry::pass(reader.error());
///         while (true) {
///             auto payload = reader->next();
///             if (!payload) return mapferry::pass(payload.error());
///             if (!*payload) return reader->close();  // the writer has ended
///             auto bytes = reader->read();  // they passed their checksum; empty at the end
///             for (; bytes && !bytes->empty(); bytes = reader->read())
///                 all.insert(all.end(), bytes->begin(), bytes->end());
///             if (!bytes) return mapferry::pass(bytes.error());
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

#include "mapferry/geometry.h"
#include "mapferry/payload.h"
#include "mapferry/platform/native_handle.h"
#include "mapferry/section.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

enum class Consume : std::uint8_t { kLeave, kRemoveWhenDone };

struct ReaderOptions {
    SectionAddress address = {};
    /// How long to wait for the section to appear.
    Timeout timeout = kDefaultTimeout;
    /// A writer that publishes nothing for this time is given up (kTimedOut). kForever: a writer
    /// whose process lives is waited for, as with a pipe, even when it is stopped. A writer that
    /// dies is noticed within 0.2 s in any case. Zero is kUsage.
    Timeout stall_timeout = kForever;
    /// kRemoveWhenDone: of all readers that ask for it, exactly one gets the kept payloads; close()
    /// removes the section, if all of them were taken. No effect on streams, which are consumed by
    /// nature.
    Consume consume = Consume::kLeave;
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the reader.
    const std::atomic<int>* stop = nullptr;
};

/// Move-only; one thread at a time. Destruction without close() lets a stream's writer know that
/// this reader failed. Inert in a child made by fork(): see writer.h.
class Reader {
  public:
    /// Waits for the section and, in a stream, for a place in it: this reader takes part from the
    /// next payload on that begins. A dead writer's section is ignored, whatever it
    /// carried. kNotFound: none, with timeout 0; kTimedOut; kPeerGone: only a dead writer's;
    /// kUsage: it carries no files; kPermission: another user's, or one that may only be read here
    /// (a file system mounted read-only, no write permission) though a stream or a consumer has to
    /// write into it; kCorrupt, kVersion. A kept section is read also where it may only be read.
    [[nodiscard]] static Result<Reader> open(const ReaderOptions& options);

    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    /// The next payload, or empty when the writer ended. The one before must be acknowledged or
    /// left out: kUsage otherwise. kPeerGone: the writer died or aborted, or ended before a payload
    /// for this reader began; kTimedOut: the stall timeout is over; kEvicted: the writer gave this
    /// reader up; kCorrupt.
    [[nodiscard]] Result<std::optional<PayloadInfo>> next();

    /// The next verified bytes of the payload, in a private buffer that stays valid until the next
    /// call. Empty at the payload's end: then all of it was verified, and summary() is set. On
    /// kCorrupt the message names the damaged byte range.
    [[nodiscard]] Result<std::span<const std::byte>> read();

    /// As read(), but where the source has a hole (sparse files) only the number of its zeros,
    /// which costs nothing, however many. Holes come in pieces of any size, 1 GiB at most.
    [[nodiscard]] Result<Piece> read_piece();

    /// The payload, whose end was read, is safely stored: the writer may count it as delivered, and
    /// reuse its memory. kUsage: no payload has come to its end.
    [[nodiscard]] Result<void> acknowledge();

    /// The payload that next() announced is not kept: the writer counts this reader among the lost,
    /// with this cause, though it goes on. Whatever of it is unread is verified and skipped by
    /// next(). No effect where no payload is under way.
    void leave_out(Code cause) noexcept;

    /// Keep only: waits until the payload is whole, verifies it in place and hands out all of it as
    /// one contiguous run of the section, valid as long as the reader. The pages are read-only
    /// here, but whoever may write the section can still change them. Holes of the source are
    /// zeros, which take no memory; kOutOfMemory where there are too many of them (Linux: about
    /// 30'000). kUsage in a stream.
    [[nodiscard]] Result<std::span<const std::byte>> view();

    /// Of the payload whose end was read; empty before that.
    [[nodiscard]] const std::optional<PayloadSummary>& summary() const;

    /// Leaves; with kRemoveWhenDone removes the section. The last payload must be acknowledged or
    /// left out: kUsage otherwise. kUsage also: a consumer did not take all payloads; the section
    /// stays for the next one.
    [[nodiscard]] Result<void> close();

    /// Leaves, and lets the writer know why.
    void abort(Code cause) noexcept;

    [[nodiscard]] const Geometry& geometry() const;

    /// For event loops (poll, epoll, asyncio, GLib, Qt; Windows: WaitForMultipleObjects and its
    /// like): readable (Windows: set) as long as the next call of try_next(), or within a payload
    /// of read(), would not have to wait: a part of a payload is there, or its end, or the stream's
    /// end, or the writer died, or the stop flag is raised. Each call shows what it left.
    /// The handle is the reader's, who closes it with close(), abort() or its destruction: take it
    /// out of the loop before, and neither read it nor close it. The first call starts a thread
    /// that sleeps while there is nothing. kUsage: the reader is closed; kSystem: no handle or no
    /// thread is left.
    [[nodiscard]] Result<NativeHandle> notification_handle();

    /// next() without waiting: empty when there is no payload yet, and at the end of the stream,
    /// which has_ended() tells apart. The one before must be acknowledged or left out, as for
    /// next(); what is unread of one that was left out is skipped as far as it is there. A loop
    /// calls this until it is empty and then waits: it also gives back what the writer may need.
    [[nodiscard]] Result<std::optional<PayloadInfo>> try_next();

    /// next() or try_next() found that the writer ended: no more payloads will come.
    [[nodiscard]] bool has_ended() const;

  private:
    friend struct ReaderSteps;
    struct Impl;
    explicit Reader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
