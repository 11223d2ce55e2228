#include "frames/reader/frame_connection.h"

#include <algorithm>

#include "ring/patience.h"
#include "section/occupied_name.h"

namespace mapferry {

namespace {

// A section can't be slept for: it is looked for, often at first.
constexpr std::int64_t kLookFirstUs = 50;
constexpr std::int64_t kLookLastUs = 10'000;

Result<std::uint32_t> take_line(MappedSection& section) {
    for (std::uint32_t line = 0; line < section.view.geometry().reader_limit; ++line) {
        auto role = platform::try_lock_role(section.object, layout::kRoleReaderBase + line);
        if (!role && role.error().code == Code::kBusy) continue;
        if (!role) return pass(role.error());
        section.role = std::move(*role);
        return line;
    }
    return fail(Code::kBusy,
                "all places for readers of " + to_string(section.object.address) + " are taken",
                "make the section with a larger reader_limit");
}

}  // namespace

Result<std::shared_ptr<FrameConnection>> FrameConnection::open(const SectionAddress& address) {
    auto section = open_section(address);
    if (!section) return pass(section.error());
    if (!is_usable(*section))
        return fail(Code::kNotFound, to_string(address) + " was left by its writer",
                    "start the writer again");
    if (!carries_frames(section->view.geometry().delivery)) return wrong_kind(*section);
    auto writable = check_writable(*section, "a reader of frames leases each of them in it");
    if (!writable) return pass(writable.error());
    auto line = take_line(*section);
    if (!line) return pass(line.error());
    auto connection = std::make_shared<FrameConnection>(std::move(*section));
    connection->first_sequence = connection->ring.attach(*line, platform::process_id());
    connection->attached_ = true;
    return connection;
}

bool FrameConnection::may_come(Code code) {
    return code == Code::kNotFound || code == Code::kNotReady || code == Code::kBusy;
}

Result<std::shared_ptr<FrameConnection>> FrameConnection::await(const FrameReaderOptions& options) {
    const std::int64_t began_ns = platform::monotonic_ns();
    const WaitLimits limits{.timeout_ms = options.timeout_ms, .stop = options.stop};
    while (true) {
        if (Patience::stop_requested(limits)) return fail(Code::kInterrupted, "interrupted");
        auto connection = open(options.address);
        if (connection || !may_come(connection.error().code)) return connection;
        const std::int64_t waited_us = (platform::monotonic_ns() - began_ns) / 1000;
        if (waited_us >= bounded_ms(options.timeout_ms) * 1000) {
            Status status = connection.error();
            if (status.code == Code::kNotReady)
                return pass(still_no_section(std::move(status), options.timeout_ms));
            if (options.timeout_ms > 0 || status.code == Code::kBusy) {
                status.message += " (waited " + std::to_string(options.timeout_ms) + " ms)";
                status.code = Code::kTimedOut;
            } else {
                status.code = Code::kNotFound;
            }
            return pass(std::move(status));
        }
        platform::sleep_us(std::clamp(waited_us / 8, kLookFirstUs, kLookLastUs));
    }
}

FrameConnection::~FrameConnection() {
    if (attached_ && !section.inherited()) ring.detach(layout::kPhaseDone, 0);
}

}  // namespace mapferry
