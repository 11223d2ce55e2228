// SPDX-License-Identifier: Apache-2.0
// Sleeping and waking across processes, by one named event for each value of a bell's word that a
// process sleeps on. The sleeper makes the event of the value that it has seen, and then looks at
// the word again. The ringer changes the word, and then sets the event of the value before. So
// either the ringer finds the event or the sleeper finds the word changed, and no event has to be
// reset. WaitOnAddress would be cheaper, but it wakes only threads of its own process.
#include <windows.h>

#include <algorithm>
#include <atomic>

#include "format/layout.h"
#include "platform/clock.h"
#include "platform/handle.h"
#include "platform/wake.h"
#include "platform/win32/bell_names_win32.h"
#include "platform/win32/security_win32.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::int64_t kLongestSleepMs = 60'000;

bool moved(std::uint32_t& word, std::uint32_t seen) {
    // seq_cst: partner is the ringer's change of the word before ring()
    return std::atomic_ref(word).load(std::memory_order_seq_cst) != seen;
}

}  // namespace

std::uint32_t native_wake() {
    return layout::kWakeEvent;
}

void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) {
    const Bell bell = bell_of(word, seen);
    SECURITY_ATTRIBUTES attributes = attributes_with(bell.access_list);
    const HANDLE raw =
        bell.name.empty() || owner_only() == nullptr
            ? nullptr
            : ::CreateEventExW(&attributes, bell.name.c_str(), CREATE_EVENT_MANUAL_RESET,
                               SYNCHRONIZE | EVENT_MODIFY_STATE);
    if (moved(word, seen)) {
        if (raw != nullptr) ::CloseHandle(raw);
        return;
    }
    const std::int64_t wait_ms = std::clamp<std::int64_t>(timeout_ms, 0, kLongestSleepMs);
    if (raw == nullptr) {  // no bell is available: look again soon
        sleep_us(std::min<std::int64_t>(wait_ms, 1) * 1000);
        return;
    }
    const Handle event(reinterpret_cast<std::intptr_t>(raw));
    ::WaitForSingleObject(raw, static_cast<DWORD>(wait_ms));
}

// A wait lasts until the next tick of the system's timer, which may be 16 ms away: too long a nap.
void nap_on(std::uint32_t&, std::uint32_t) {}

void ring(std::uint32_t& word, std::uint32_t before) {
    const Bell bell = bell_of(word, before);
    if (bell.name.empty()) return;
    const HANDLE raw = ::OpenEventW(EVENT_MODIFY_STATE, FALSE, bell.name.c_str());
    if (raw == nullptr) return;  // nobody sleeps on that value, and nobody will
    const Handle event(reinterpret_cast<std::intptr_t>(raw));
    ::SetEvent(raw);
}

void spin_pause() {
    YieldProcessor();
}

}  // namespace mapferry::inline v1::platform
