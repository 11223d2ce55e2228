// A thread that makes something faster and is not needed for it.
#pragma once

#include <exception>
#include <thread>
#include <utility>

namespace mapferry::platform {

// Runs `run`; joinable unless no thread, or no memory for one, is to be had.
template <typename Run>
[[nodiscard]] std::thread spare_thread(Run run) noexcept {
    try {
        return std::thread(std::move(run));
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace mapferry::platform
