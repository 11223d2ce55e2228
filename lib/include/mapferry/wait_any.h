// SPDX-License-Identifier: Apache-2.0
/// \file
/// Waiting for several readers at once.
///
///     mapferry::Result<std::string> news_of(mapferry::Reader& files,
///                                           mapferry::FrameReader& camera) {
///         const mapferry::Waitable readers[] = {files, camera};
///         auto which = mapferry::wait_any(readers, std::chrono::seconds(5));
///         if (!which) return mapferry::pass(which.error());
///         if (*which == 0) {
///             auto payload = files.try_next();
///             if (!payload) return mapferry::pass(payload.error());
///             return *payload ? (*payload)->name : "the files have ended";
///         }
///         auto frame = camera.try_latest();
///         if (!frame) return mapferry::pass(frame.error());
///         return *frame ? "a frame" : "the camera has ended";
///     }
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "mapferry/platform/native_handle.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

/// A reader among those that are waited for. Made of a reader once, it is good for as long as the
/// reader is open, also after the reader was moved.
class Waitable {
  public:
    template <typename AnyReader>
        requires requires(AnyReader& reader) {
            { reader.notification_handle() } -> std::same_as<Result<NativeHandle>>;
        }
    Waitable(AnyReader& reader) : handle_(reader.notification_handle()) {}

    /// The reader's notification_handle(), or why it has none.
    [[nodiscard]] const Result<NativeHandle>& handle() const { return handle_; }

  private:
    Result<NativeHandle> handle_;
};

/// Waits until one of the readers has news, which is what its notification_handle() says: the index
/// of the first that has. kTimedOut; kUsage: there are no readers, one of them is closed, or there
/// are more than the system can wait for (Windows: 64); what notification_handle() of one of them
/// says. A reader whose stop flag is raised has news, within 100 ms: its call then says
/// kInterrupted.
[[nodiscard]] Result<std::size_t> wait_any(std::span<const Waitable> readers,
                                           Timeout timeout = kForever);

}  // namespace mapferry::inline v1
