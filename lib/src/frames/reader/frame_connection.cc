// SPDX-License-Identifier: Apache-2.0
#include "frames/reader/frame_connection.h"

#include <string>
#include <utility>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "section/occupied_name.h"
#include "section/wait_for_section.h"

namespace mapferry::inline v1 {

namespace {

Result<std::uint32_t> take_line(MappedSection& section) {
    TRY_ASSIGN(const auto line, take_reader_line(section, [](std::uint32_t) { return true; }));
    if (line) return *line;
    const bool can_have_more = section.view.geometry().reader_limit < layout::kReaderLimit;
    return std::unexpected(all_lines_taken(section.object.address, Code::kBusy,
                                           can_have_more ? Remedy::kMoreReaders : Remedy::kNone));
}

// The status to return in place of `last`, the error of the last look.
Status none_came(Status last, const FrameReaderOptions& options) {
    if (last.code == Code::kNotReady) return still_no_section(std::move(last), options.timeout);
    if (last.code == Code::kNotFound) return did_not_appear(options.address, options.timeout);
    if (last.code == Code::kBusy) last.code = Code::kTimedOut;
    return last;
}

}  // namespace

Result<std::shared_ptr<FrameConnection>> FrameConnection::open(const SectionAddress& address) {
    TRY_ASSIGN(auto section, open_section(address));
    if (!is_usable(section))
        return fail(Code::kPeerGone, to_string(address) + " was left by its writer",
                    Remedy::kRestartWriter);
    if (!carries_frames(section.view.geometry().delivery)) return wrong_kind(section);
    TRY(check_writable(section, "a reader of frames leases each of them in it"));
    TRY_ASSIGN(auto line, take_line(section));
    auto connection = std::make_shared<FrameConnection>(std::move(section));
    connection->first_sequence = connection->ring.attach(line, platform::process_id());
    connection->attached_ = true;
    return connection;
}

bool FrameConnection::may_come(Code code) {
    return code == Code::kNotFound || code == Code::kNotReady || code == Code::kBusy ||
           code == Code::kPeerGone;
}

Result<std::shared_ptr<FrameConnection>> FrameConnection::await(const FrameReaderOptions& options) {
    const SectionWait wait(options.timeout, options.stop);
    while (true) {
        TRY(check_stop(options.stop));
        auto connection = open(options.address);
        if (connection || !may_come(connection.error().code)) return connection;
        TRY_ASSIGN(const bool in_time, wait.next_look());
        if (!in_time) return std::unexpected(none_came(connection.error(), options));
    }
}

FrameConnection::~FrameConnection() {
    if (attached_ && !section.inherited()) ring.detach(layout::kPhaseDone, 0);
}

}  // namespace mapferry::inline v1
