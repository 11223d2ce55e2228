// SPDX-License-Identifier: Apache-2.0
// Verifying a kept section from its first byte to its last.
#include <utility>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "mapferry/inspect.h"
#include "mapferry/reader.h"
#include "stream/reader/reader_steps.h"

namespace mapferry::inline v1 {

namespace {

Result<void> check_verifiable(const SectionAddress& address) {
    TRY_ASSIGN(auto report, inspect_section(address));
    if (report.section.delivery == Delivery::kBuffer)
        return fail(Code::kUsage, to_string(address) + " is a buffer, which has no checksums",
                    Remedy::kReadBuffer);
    if (report.dead)
        return fail(Code::kPeerGone, to_string(address) + " was left unfinished by its writer");
    if (report.section.delivery != Delivery::kKeep)
        return fail(Code::kUsage, to_string(address) + " is a stream: its readers verify it",
                    Remedy::kReceiveToVerify);
    if (report.state != SectionState::kEnded)
        return fail(Code::kStillFilling, to_string(address) + " is still being filled",
                    "try again when its writer has ended", Remedy::kReceiveToVerify);
    return {};
}

}  // namespace

Result<std::vector<VerifiedPayload>> verify_section(const SectionAddress& address) {
    return guarded([&]() -> Result<std::vector<VerifiedPayload>> {
        TRY(check_verifiable(address));
        TRY_ASSIGN(auto reader,
                   Reader::open({.address = address, .timeout = std::chrono::milliseconds(0)}));
        std::vector<VerifiedPayload> payloads;
        while (true) {
            TRY_ASSIGN(auto info, reader.next());
            if (!info) break;
            while (!reader.summary()) {
                TRY(ReaderSteps::verify(reader));
            }
            TRY(reader.acknowledge());
            payloads.push_back({.info = std::move(*info), .summary = *reader.summary()});
        }
        TRY(reader.close());
        return payloads;
    });
}

}  // namespace mapferry::inline v1
