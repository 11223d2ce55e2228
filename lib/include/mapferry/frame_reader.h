// SPDX-License-Identifier: Apache-2.0
/// \file
/// The receiving side of frames: looks at the newest ones in place.
///
///     mapferry::Result<std::byte> watch(const std::string& name) {
///         auto reader = mapferry::FrameReader::open({.address = {.name = name}});  // waits for it
///         if (!reader) return mapferry::pass(reader.error());
///         std::byte corner = {};
///         while (true) {
///             auto frame = reader->latest(std::chrono::seconds(5));
///             if (!frame) return mapferry::pass(frame.error());
///             if (!*frame) return corner;     // the writer has ended its stream
///             corner = (*frame)->bytes()[0];  // in place: nobody changes it while `frame` lives
///         }
///     }
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "mapferry/frame.h"
#include "mapferry/geometry.h"
#include "mapferry/platform/native_handle.h"
#include "mapferry/section.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

/// What a waiting reader does with its processor.
enum class Waiting : std::uint8_t {
    kSleep,  ///< spins about 2 us, then sleeps: tens of microseconds to wake
    kSpin,   ///< never sleeps: a processor of its own buys hand-overs under a microsecond
};

/// What a reader does when its writer has closed its stream. A writer that died or aborted has not
/// ended it: its successor is waited for in either case.
enum class AfterEnd : std::uint8_t {
    kStop,    ///< no more frames
    kFollow,  ///< it waits for the next writer of this name, as after a death
};

struct FrameReaderOptions {
    SectionAddress address = {};
    /// How long open() waits for a writer.
    Timeout timeout = kDefaultTimeout;
    /// How long next() and latest() wait for another writer after theirs has gone.
    Timeout successor_timeout = kDefaultTimeout;
    Waiting waiting = Waiting::kSleep;
    AfterEnd after_end = AfterEnd::kStop;
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the reader.
    const std::atomic<int>* stop = nullptr;
};

/// Move-only; one thread at a time (its frames may live in others). Holds at most four frames at
/// once; two are enough for `frame = reader.next()`. Inert in a child made by fork(): see writer.h.
class FrameReader {
  public:
    /// Waits for a section of frames with a living writer and takes one of its places. kNotFound
    /// (timeout 0), kTimedOut, kUsage: the section carries something else and is in use or kept;
    /// kPermission: another user's, or one that may only be read here, where frames can't be
    /// leased; kCorrupt, kVersion.
    [[nodiscard]] static Result<FrameReader> open(const FrameReaderOptions& options);

    FrameReader(FrameReader&&) noexcept;
    FrameReader& operator=(FrameReader&&) noexcept;
    ~FrameReader();

    /// The oldest frame after the last one that was handed out: with delivery "each" the very next,
    /// with "latest" whatever is still there. The first is the newest at once. Empty when the
    /// writer has ended its stream (AfterEnd::kStop); when a writer died or aborted, its successor
    /// is waited for and followed. kTimedOut: no frame within `timeout`; kPeerGone: the writer has
    /// gone and no other came; kUsage: four frames are held already.
    [[nodiscard]] Result<std::optional<Frame>> next(Timeout timeout);

    /// The same, but the newest frame: older ones are skipped and counted as missed. With delivery
    /// "each" this, or try_latest(), says that the writer need not wait for this reader any more;
    /// the next next() begins with the oldest frame that is still there, and is waited for again.
    [[nodiscard]] Result<std::optional<Frame>> latest(Timeout timeout);

    /// The newest frame if it is a new one; empty when there is none, at once. See try_next().
    [[nodiscard]] Result<std::optional<Frame>> try_latest();

    /// Of the section that is open now.
    [[nodiscard]] const Geometry& geometry() const;
    [[nodiscard]] std::uint64_t epoch() const;

    /// For event loops (poll, epoll, asyncio, GLib, Qt; Windows: WaitForMultipleObjects and its
    /// like): readable (Windows: set) as long as try_next() would have more to say than that there
    /// is nothing yet: a frame, the end, that the writer died, that the stop flag is raised. Each
    /// call shows what it left. When the writer died that is said once; then the handle waits for
    /// the frames of the next one. It stays the same with every writer.
    /// The handle is the reader's, who closes it with its destruction: take it out of the loop
    /// before, and neither read it nor close it. The first call starts a thread that sleeps while
    /// there is nothing. kSystem: no handle or no thread is left.
    [[nodiscard]] Result<NativeHandle> notification_handle();

    /// next() and, as try_latest(), latest() without waiting: empty when there is no frame yet, and
    /// when the writer has ended its stream, which has_ended() tells apart. Both follow another
    /// writer that is there already. kPeerGone: the writer died or aborted and no other one is
    /// there, which they look for every tenth of a second, and at once when the handle is readable.
    [[nodiscard]] Result<std::optional<Frame>> try_next();

    /// A call found that the writer ended its stream (AfterEnd::kStop): no more frames will come.
    [[nodiscard]] bool has_ended() const;

  private:
    struct Impl;
    explicit FrameReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
