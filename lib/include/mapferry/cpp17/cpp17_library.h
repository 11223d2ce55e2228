// SPDX-License-Identifier: Apache-2.0
/// \file
/// Stops, which end waits, and what belongs to no object.
#pragma once

#include <vector>

#include "mapferry/cpp17/cpp17_base.h"

namespace mapferry::cpp17 {
inline namespace MAPFERRY_CPP17_ERRORS {

/// Ends the waits of all objects that were opened with it: they fail with Code::kInterrupted within
/// 100 ms. May end before these objects. raise(), lower() and is_raised() may be called by any
/// thread and by a signal handler. Move-only.
class Stop {
  public:
    explicit Stop(OnError on_error = {}) {
        mapferry_stop* made = nullptr;
        on_error.check(mapferry_stop_new(&made));
        handle_.reset(made);
    }
    void raise() noexcept { mapferry_stop_raise(handle_.get()); }
    void lower() noexcept { mapferry_stop_lower(handle_.get()); }
    [[nodiscard]] bool is_raised() const noexcept {
        return mapferry_stop_is_raised(handle_.get()) != 0;
    }
    /// The object of the C interface, which stays this one's.
    [[nodiscard]] mapferry_stop* get() const noexcept { return handle_.get(); }

  private:
    detail::Handle<mapferry_stop> handle_;
};

namespace detail {
[[nodiscard]] inline mapferry_stop* handle_of(const Stop* stop) noexcept {
    return stop == nullptr ? nullptr : stop->get();
}
}  // namespace detail

/// The version of the library that runs: "0.1.0".
[[nodiscard]] inline std::string_view version() noexcept {
    return mapferry_version_text();
}

/// For programs, not for libraries: see mapferry_install_fault_guard().
inline void install_fault_guard(OnError on_error = {}) {
    on_error.check(mapferry_install_fault_guard());
}

/// Waits until one of the readers with these notification handles has something to take, and
/// returns the place of the first such reader. Code::kTimedOut: none has.
[[nodiscard]] inline std::size_t wait_any(const std::vector<std::int64_t>& handles,
                                          std::chrono::milliseconds timeout,
                                          OnError on_error = {}) {
    std::int32_t index = 0;
    on_error.check(mapferry_wait_any(handles.data(), static_cast<std::int32_t>(handles.size()),
                                     detail::whole_ms(timeout), &index));
    return static_cast<std::size_t>(index);
}

}  // namespace MAPFERRY_CPP17_ERRORS
}  // namespace mapferry::cpp17
