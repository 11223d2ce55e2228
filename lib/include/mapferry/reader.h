// SPDX-License-Identifier: Apache-2.0
// The receiving side: opens a section, hands out verified payloads.
//
//     auto reader = mapferry::Reader::open({.address = {.name = "photos"}});
//     while (auto payload = *reader->next())          // empty at the end
//         for (auto bytes = *reader->read(); !bytes.empty(); bytes = *reader->read())
//             use(bytes);                             // these bytes passed their checksum
//     reader->close();
//
// (each call returns a Result that a real program looks at; receive.h does all this for files).
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "mapferry/geometry.h"
#include "mapferry/payload.h"
#include "mapferry/section.h"
#include "mapferry/status.h"

namespace mapferry {

enum class Consume : std::uint8_t { kLeave, kRemoveWhenDone };

struct ReaderOptions {
    SectionAddress address = {};
    // How long to wait for the section to appear; 0 = not at all.
    std::int64_t timeout_ms = kDefaultTimeoutMs;
    // A writer that publishes nothing for so long is given up (kTimedOut). Empty: a writer whose
    // process lives is waited for, as with a pipe, even when it is stopped. A writer that dies is
    // noticed within 0.2 s in any case.
    std::optional<std::chrono::milliseconds> stall_timeout = {};
    // kRemoveWhenDone: of all readers that ask for it, exactly one gets the kept payloads; close()
    // removes the section, if all of them were taken. No effect on streams, which are consumed by
    // nature.
    Consume consume = Consume::kLeave;
    // When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    // be set by a signal handler. Must outlive the reader.
    const std::atomic<int>* stop = nullptr;
};

// Move-only; one thread at a time. Destruction without close() tells a stream's writer that this
// reader failed. Inert in a child made by fork(): see writer.h.
class Reader {
  public:
    // Waits for the section and, in a stream, for a place in it: this reader takes part from the
    // next payload on that begins. A dead writer's section is ignored, whatever it
    // carried. kNotFound: none, with timeout 0; kTimedOut; kPeerGone: only a dead writer's; kUsage:
    // it carries no files; kPermission: another user's, or one that may only be read here (a file
    // system mounted read-only, no write permission) though a stream or a consumer has to write
    // into it; kCorrupt, kVersion. A kept section is read also where it may only be read.
    [[nodiscard]] static Result<Reader> open(const ReaderOptions& options);

    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    // The next payload, or empty when the writer ended. Acknowledges the one before, so call it (or
    // close()) only when that one is safely stored; unread rest of it is verified and skipped.
    // kPeerGone: the writer died or aborted, or ended before a payload for this reader began;
    // kTimedOut: the stall timeout is over; kEvicted: this reader made no progress in the writer's;
    // kCorrupt.
    [[nodiscard]] Result<std::optional<PayloadInfo>> next();

    // The next verified bytes of the payload, in a private buffer that stays valid until the next
    // call (see keep_blocks()); empty at the end, when summary() is set and verified. On kCorrupt
    // the message names the damaged byte range.
    [[nodiscard]] Result<std::span<const std::byte>> read();

    // As read(), but where the source has a hole (sparse files) only the number of its zeros, which
    // costs nothing, however many. Holes come in pieces of any size, 1 GiB at most.
    [[nodiscard]] Result<Piece> read_piece();

    // From now on read() and read_piece() leave the bytes of the last `count` calls as they are,
    // each in a buffer of its own; 1 at first. next() counts as such a call. kOutOfMemory.
    [[nodiscard]] Result<void> keep_blocks(std::size_t count);

    // As read(), but checks the bytes where they are and hands out only their count: for readers
    // that verify and discard.
    [[nodiscard]] Result<std::size_t> verify();

    // Keep only: waits until the payload is whole, verifies it in place and hands out all of it as
    // one contiguous run of the section, valid as long as the reader. The pages are read-only here,
    // but whoever may write the section can still change them. Holes of the source are zeros, which
    // take no memory; kOutOfMemory where there are too many of them (Linux: about 30'000). kUsage in
    // a stream.
    [[nodiscard]] Result<std::span<const std::byte>> view();

    // Of the payload whose end was reached.
    [[nodiscard]] const std::optional<PayloadSummary>& summary() const;

    // Acknowledges the last payload and leaves; with kRemoveWhenDone removes the section. kUsage:
    // it has payloads that this reader did not take, and stays as it is for the next consumer.
    [[nodiscard]] Result<void> close();

    // The payload that next() announced is not kept, whatever is read of it: the writer counts this
    // reader among the lost, with this cause, though it goes on. Call it before the payload's end
    // is read; fail() at the end.
    void leave_out(Code cause) noexcept;

    // Leaves and tells the writer why.
    void abort(Code cause) noexcept;

    [[nodiscard]] const Geometry& geometry() const;

  private:
    struct Impl;
    explicit Reader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry
