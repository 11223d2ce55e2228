// SPDX-License-Identifier: Apache-2.0
/// \file
/// Waits for several readers at once.
///
///     mapferry::Result<std::string> news_of(mapferry::Reader& files,
///                                           mapferry::FrameReader& camera) {
///         const mapferry::Waitable readers[] = {files, camera};
///         auto which = mapferry::wait_any(readers, std::chrono::seconds(5));
///         if (!which) return std::unexpected(which.error());
///         if (*which == 0) {
///             auto payload = files.try_next();
///             if (!payload) return std::unexpected(payload.error());
///             return *payload ? (*payload)->name : "the files have ended";
///         }
///         auto frame = camera.try_latest();
///         if (!frame) return std::unexpected(frame.error());
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

/// Represents a reader in wait_any(). It is made from a reader once and stays valid while the
/// reader is open, also after the reader was moved.
class Waitable {
  public:
    template <typename AnyReader>
        requires requires(AnyReader& reader) {
            { reader.notification_handle() } -> std::same_as<Result<NativeHandle>>;
        }
    // NOLINTNEXTLINE(google-explicit-constructor): a list of readers is a list of these.
    Waitable(AnyReader& reader) : handle_(reader.notification_handle()) {}

    /// The reader's notification_handle(), or why it has none.
    [[nodiscard]] const Result<NativeHandle>& handle() const { return handle_; }

  private:
    Result<NativeHandle> handle_;
};

/// Waits until the notification_handle() of one of the readers is readable (Windows: set). Returns
/// the index of the first such reader. kTimedOut; kUsage: there are no readers, one of them was
/// closed when its Waitable was made, or there are more than the system can wait for (Windows: 64);
/// other errors as notification_handle(). A raised stop flag makes its reader's handle readable
/// within 100 ms; a call of that reader then returns kInterrupted.
[[nodiscard]] Result<std::size_t> wait_any(std::span<const Waitable> readers,
                                           Timeout timeout = kForever);

}  // namespace mapferry::inline v1
