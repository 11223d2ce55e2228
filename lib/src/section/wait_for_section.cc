// SPDX-License-Identifier: Apache-2.0
#include "section/wait_for_section.h"

#include <algorithm>
#include <utility>

#include "base/stop_flag.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "platform/clock.h"

namespace mapferry::inline v1 {

namespace {

constexpr std::int64_t kLookFirstUs = 50;
constexpr std::int64_t kLookLastUs = 10'000;
// How often linger_for() looks whether the section is still wanted.
constexpr std::int64_t kStayLookUs = 20'000;

std::int64_t us_since(std::int64_t began_ns) {
    return (platform::monotonic_ns() - began_ns) / 1000;
}

}  // namespace

SectionWait::SectionWait(const Timeout& timeout, const std::atomic<int>* stop)
    : began_ns_(platform::monotonic_ns()), timeout_us_(to_ms(timeout) * 1000), stop_(stop) {}

Result<bool> SectionWait::next_look() const {
    TRY(check_stop(stop_));
    const std::int64_t waited_us = us_since(began_ns_);
    if (waited_us >= timeout_us_) return false;
    platform::sleep_us(std::clamp(waited_us / 8, kLookFirstUs, kLookLastUs));
    return true;
}

Result<std::optional<std::uint32_t>> take_reader_line(
    MappedSection& section, const std::function<bool(std::uint32_t line)>& suits) {
    for (std::uint32_t line = 0; line < section.view.geometry().reader_limit; ++line) {
        auto role = platform::try_lock_role(section.object, layout::kRoleReaderBase + line);
        if (!role && role.error().code == Code::kBusy) continue;
        if (!role) return std::unexpected(role.error());
        if (!suits(line)) continue;
        section.role = std::move(*role);
        return line;
    }
    return std::nullopt;
}

Status all_lines_taken(const SectionAddress& address, Code code, Remedy remedy) {
    return {code, "all places for readers of " + to_string(address) + " are taken", {}, 0, remedy};
}

Result<LingerEnd> linger_for(const platform::SharedObject& object, const Timeout& timeout,
                             const std::atomic<int>* stop,
                             const std::function<bool()>& is_consumed) {
    const std::int64_t began_ns = platform::monotonic_ns();
    while (true) {
        if (is_consumed()) return LingerEnd::kConsumed;
        TRY_ASSIGN(const bool is_current, platform::is_current(object));
        if (!is_current) return LingerEnd::kRemoved;
        TRY(check_stop(stop));
        if (us_since(began_ns) >= to_ms(timeout) * 1000) return LingerEnd::kTimedOut;
        platform::sleep_us(kStayLookUs);
    }
}

}  // namespace mapferry::inline v1
