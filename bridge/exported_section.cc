// SPDX-License-Identifier: Apache-2.0
#include "bridge/exported_section.h"

#include "cli/short_names.h"
#include "mapferry/inspect.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kLookAgain{100};

}  // namespace

Result<Delivery> find_exported(const BridgeCommand& command, EngineWatch& watch) {
    const SectionAddress& address = command.common.address;
    const Deadline deadline(command.common.timeout);
    while (true) {
        const auto report = inspect_section(address);
        if (report && report->section.delivery == Delivery::kBuffer)
            return fail(Code::kUsage,
                        to_string(address) +
                            " is a buffer: its lock does not reach other machines, so two of them "
                            "could change it at once",
                        "send what changes as payloads or as frames");
        if (report && !report->dead) return report->section.delivery;
        if (!report && report.error().code != Code::kNotFound)
            return std::unexpected(report.error());
        if (command.common.timeout == std::chrono::milliseconds(0))
            return fail(Code::kNotFound, "there is no " + to_string(address), Remedy::kStartWriter);
        if (deadline.is_over())
            return fail(Code::kTimedOut, "there is no " + to_string(address) + " yet",
                        Remedy::kStartWriter);
        if (auto slept = watch.pause(kLookAgain); !slept) return std::unexpected(slept.error());
    }
}

}  // namespace mapferry::cli
