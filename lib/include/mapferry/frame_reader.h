// SPDX-License-Identifier: Apache-2.0
/// \file
/// The receiving side of frames: reads the newest frames in place.
///
///     mapferry::Result<std::byte> watch(const std::string& name) {
///         auto reader = mapferry::FrameReader::open({.address = {.name = name}});  // waits for it
///         if (!reader) return std::unexpected(reader.error());
///         std::byte corner = {};
///         while (true) {
///             auto frame = reader->latest(std::chrono::seconds(5));
///             if (!frame) return std::unexpected(frame.error());
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
#include "mapferry/platform/native_handle.h"
#include "mapferry/section.h"
#include "mapferry/section_info.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

/// What a waiting reader does with its processor.
enum class Waiting : std::uint8_t {
    kSleep,  ///< spins about 2 us, then sleeps; waking takes tens of microseconds
    kSpin,   ///< never sleeps: occupies a processor; hand-overs take less than a microsecond
};

/// What a reader does when its writer has closed the stream. A writer that died or aborted has not
/// closed it: the reader then waits for a successor, whatever this option is.
enum class AfterEnd : std::uint8_t {
    kStop,    ///< no more frames
    kFollow,  ///< the reader waits for the next writer of this name, as after a death
};

/// Which stream to read, and how long its waits last.
struct FrameReaderOptions {
    SectionAddress address = {};
    /// How long open() waits for a writer.
    Timeout timeout = kDefaultTimeout;
    /// How long next() and latest() wait for another writer after the present one has gone.
    Timeout successor_timeout = kDefaultTimeout;
    Waiting waiting = Waiting::kSleep;
    AfterEnd after_end = AfterEnd::kStop;
    /// When not null: every wait ends with kInterrupted within 100 ms of it becoming non-zero. May
    /// be set by a signal handler. Must outlive the reader.
    const std::atomic<int>* stop = nullptr;
};

/// Move-only; one thread at a time, though its frames may live in other threads. A reader holds at
/// most four frames at once; `frame = reader.next()` needs two. Inert in a child made by fork():
/// see writer.h.
class FrameReader {
  public:
    /// Waits for a section of frames with a living writer, and takes one of its places for readers.
    /// kNotFound: there is none, with timeout 0; kTimedOut: none came, or no place is free;
    /// kPeerGone: there is only a section that its writer left; kUsage: the section carries
    /// something else, and is in use or kept; kPermission: it belongs to another user, or this
    /// process may only read it, so that it can't lease frames; kInterrupted, kCorrupt, kVersion.
    [[nodiscard]] static Result<FrameReader> open(const FrameReaderOptions& options);

    FrameReader(FrameReader&&) noexcept;
    FrameReader& operator=(FrameReader&&) noexcept;
    ~FrameReader();

    /// Returns the oldest available frame after the last one that this reader took. With delivery
    /// "each" that is the very next frame; with "latest" some may be missing. The first frame is
    /// the newest one; with "each" it is the frame that was the newest when this reader came. The
    /// result is empty when the writer has ended its stream (AfterEnd::kStop). When the writer died
    /// or aborted, this call waits for its successor and follows it.
    /// kTimedOut: no frame came within `timeout`, or the writer has ended, and no other one came
    /// (AfterEnd::kFollow); kPeerGone: the writer died or aborted, and no other one came within
    /// successor_timeout; kEvicted: the writer gave this reader up; kUsage: the reader holds four
    /// frames already; kInterrupted, kCorrupt, kIo.
    [[nodiscard]] Result<std::optional<Frame>> next(Timeout timeout);

    /// As next(), but returns the newest frame. Older frames are skipped and count as missed. With
    /// delivery "each" the writer does not wait for a reader that calls this or try_latest(). The
    /// next call of next() or try_next() begins with the oldest frame that is still there, and from
    /// then on the writer waits for this reader again.
    [[nodiscard]] Result<std::optional<Frame>> latest(Timeout timeout);

    /// latest() without waiting: empty when there is no new frame. See try_next().
    [[nodiscard]] Result<std::optional<Frame>> try_latest();

    /// What the writer says of the stream now: empty text and zeros where it said nothing. The
    /// description is copied and verified at each call; description_version() costs one load and
    /// shows whether it changed. kCorrupt: it is damaged; kIo: somebody has cut the section.
    [[nodiscard]] Result<StreamDescription> description() const;
    [[nodiscard]] std::uint64_t description_version() const;
    [[nodiscard]] StreamFacts facts() const;

    /// Both describe the section that is open now. It changes when the reader follows a writer.
    [[nodiscard]] SectionInfo section_info() const;
    [[nodiscard]] std::uint64_t epoch() const;

    /// Returns a handle for event loops (poll, epoll, asyncio, GLib, Qt; Windows:
    /// WaitForMultipleObjects and similar). It is readable (Windows: set) while try_next() has
    /// something to return: a frame, the end, or an error such as the writer's death or a raised
    /// stop flag. Each call of this reader updates it. The writer's death shows until a call has
    /// returned kPeerGone; after that the handle waits for the next writer's frames. The handle
    /// stays the same when the reader follows another writer.
    /// The reader owns the handle and closes it at destruction. Remove it from the loop before
    /// that, and neither read nor close it. The first call starts a thread, which sleeps while
    /// there is nothing to show. kSystem: no handle or no thread is available.
    [[nodiscard]] Result<NativeHandle> notification_handle();

    /// next() without waiting. The result is empty when there is no frame yet, and also when the
    /// writer has ended its stream: has_ended() distinguishes the two. Follows another writer if it
    /// is there already. kPeerGone: the writer died or aborted, and no other one is there. The
    /// reader checks ten times a second whether the writer lives, and at once when the notification
    /// handle is readable. Other errors as next(). All this holds for try_latest() too.
    [[nodiscard]] Result<std::optional<Frame>> try_next();

    /// Whether a call has found that the writer ended its stream (AfterEnd::kStop). No more frames
    /// will come then.
    [[nodiscard]] bool has_ended() const;

  private:
    struct Impl;
    explicit FrameReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::inline v1
