// SPDX-License-Identifier: Apache-2.0
#include "mapferry/status.h"

#include <array>

namespace mapferry::inline v1 {

namespace {

struct NamedRemedy {
    Remedy remedy;
    std::string_view name;
};

constexpr auto kRemedies = std::to_array<NamedRemedy>({
    {Remedy::kNone, ""},
    {Remedy::kOtherName, "other-name"},
    {Remedy::kRemoveSection, "remove-section"},
    {Remedy::kConsumeOrRemove, "consume-or-remove"},
    {Remedy::kNameSharing, "name-sharing"},
    {Remedy::kRemoveAsOwner, "remove-as-owner"},
    {Remedy::kRemoveAnyway, "remove-anyway"},
    {Remedy::kCollectGarbage, "collect-garbage"},
    {Remedy::kFindRemover, "find-remover"},
    {Remedy::kUseSectionFile, "use-section-file"},
    {Remedy::kOtherSectionFile, "other-section-file"},
    {Remedy::kUseBackingFile, "use-backing-file"},
    {Remedy::kOtherBackingFolder, "other-backing-folder"},
    {Remedy::kStayInSession, "stay-in-session"},
    {Remedy::kStartWriter, "start-writer"},
    {Remedy::kRestartWriter, "restart-writer"},
    {Remedy::kWaitForSection, "wait-for-section"},
    {Remedy::kStartReaders, "start-readers"},
    {Remedy::kStartFrameReaders, "start-frame-readers"},
    {Remedy::kStartMoreReaders, "start-more-readers"},
    {Remedy::kRaiseTimeout, "raise-timeout"},
    {Remedy::kRaiseStallTimeout, "raise-stall-timeout"},
    {Remedy::kReceivePayloads, "receive-payloads"},
    {Remedy::kReceiveFrames, "receive-frames"},
    {Remedy::kReceiveToVerify, "receive-to-verify"},
    {Remedy::kReadBuffer, "read-buffer"},
    {Remedy::kCreateBuffer, "create-buffer"},
    {Remedy::kKeepPayload, "keep-payload"},
    {Remedy::kSendAsStream, "send-as-stream"},
    {Remedy::kMoreSlots, "more-slots"},
    {Remedy::kSmallerSlots, "smaller-slots"},
    {Remedy::kLargerFrames, "larger-frames"},
    {Remedy::kMoreReaders, "more-readers"},
    {Remedy::kAddChecksums, "add-checksums"},
    {Remedy::kSendArchive, "send-archive"},
    {Remedy::kReplaceOutput, "replace-output"},
    {Remedy::kWriteInPlace, "write-in-place"},
    {Remedy::kNameOutput, "name-output"},
    {Remedy::kChooseFileName, "choose-file-name"},
    {Remedy::kUseStandardOutput, "use-standard-output"},
    {Remedy::kSkipDurability, "skip-durability"},
});

constexpr bool are_in_order() {
    for (std::size_t i = 0; i < kRemedies.size(); ++i)
        if (kRemedies[i].remedy != Remedy{static_cast<std::uint8_t>(i)}) return false;
    return kRemedies.size() == kRemedyCount;
}
static_assert(are_in_order());

}  // namespace

std::string describe(const Status& status) {
    if (status.os_error == 0) return status.message;
    return status.message + " (os error " + std::to_string(status.os_error) + ")";
}

std::string_view code_name(Code code) {
    switch (code) {
        case Code::kUsage:
            return "usage";
        case Code::kNotFound:
            return "not-found";
        case Code::kNotReady:
            return "not-ready";
        case Code::kBusy:
            return "busy";
        case Code::kStillFilling:
            return "still-filling";
        case Code::kTimedOut:
            return "timed-out";
        case Code::kInterrupted:
            return "interrupted";
        case Code::kPeerGone:
            return "peer-gone";
        case Code::kEvicted:
            return "evicted";
        case Code::kCorrupt:
            return "corrupt";
        case Code::kVersion:
            return "version";
        case Code::kPermission:
            return "permission";
        case Code::kCannotCreate:
            return "cannot-create";
        case Code::kIo:
            return "io";
        case Code::kOutOfMemory:
            return "out-of-memory";
        case Code::kSystem:
            return "system";
    }
    return "unknown";
}

std::string_view remedy_name(Remedy remedy) {
    const auto index = static_cast<std::size_t>(remedy);
    return index < kRemedies.size() ? kRemedies[index].name : std::string_view();
}

}  // namespace mapferry::inline v1
