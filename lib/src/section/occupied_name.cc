// SPDX-License-Identifier: Apache-2.0
#include "section/occupied_name.h"

#include <utility>

#include "base/wait_time.h"
#include "format/layout.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

namespace {

bool in_memory(const SectionAddress& address) {
    return address.backing_path.empty();
}

Remedy way_out(const SectionAddress& address) {
    return in_memory(address) ? Remedy::kRemoveSection : Remedy::kUseSectionFile;
}

bool has_way_out(const Status& failure) {
    return !failure.hint.empty() || failure.remedy != Remedy::kNone;
}

bool may_be_section(const platform::Place& place) {
    return place.is_file && place.bytes >= layout::kReadersOffset;
}

// What a user of the section can do about a place that holds no sound one.
Remedy way_out(const SectionAddress& address, const platform::Place& place) {
    return place.owner.empty() || !in_memory(address) ? way_out(address) : Remedy::kRemoveAsOwner;
}

Status no_section(const SectionAddress& address, const platform::Place& place, Status failure) {
    failure.message = to_string(address) + " is " + place.what + ", not a section";
    failure.hint.clear();
    failure.remedy = way_out(address);
    failure.os_error = 0;
    if (!place.is_file) failure.code = Code::kPermission;
    // Others may write to it, but it is too short for a section: nothing in it is worth keeping.
    else if (failure.code == Code::kPermission)
        failure.code = place.bytes == 0 ? Code::kNotReady : Code::kCorrupt;
    return about(address, std::move(failure));
}

}  // namespace

Status about(const SectionAddress& address, Status status) {
    status.section_name = address.name;
    status.section_file = address.backing_path;
    return status;
}

Status of_another_user(const SectionAddress& address, const platform::Place& place) {
    Status status{Code::kPermission,
                  to_string(address) + " belongs to another user: " + place.owner};
    const bool shared = may_be_section(place) && !place.shared_with.empty();
    if (shared) {
        status.message += ", who shares it with " + place.shared_with;
        if (address.sharing.with != ShareWith::kNobody)
            status.message += ", while " + to_string(address.sharing) + " is trusted here";
    } else if (may_be_section(place))
        status.hint = "run this as its owner";
    else
        status.message += " (" + place.what + ", not a section)";
    if (in_memory(address) && !shared)
        status.hint += std::string(status.hint.empty() ? "" : ", or ") + "choose another name";
    status.remedy = shared               ? Remedy::kNameSharing
                    : in_memory(address) ? Remedy::kRemoveAsOwner
                                         : Remedy::kOtherSectionFile;
    return about(address, std::move(status));
}

Status not_removed(const SectionAddress& address, const platform::Place& place, Status failure) {
    if (place.owner.empty() || failure.code != Code::kPermission) return failure;
    failure.message =
        to_string(address) + " belongs to another user: " + place.owner + "; " + failure.message;
    failure.hint.clear();
    failure.remedy = Remedy::kRemoveAsOwner;
    return about(address, std::move(failure));
}

Status why_not_opened(const SectionAddress& address, Status failure, platform::Owners owners) {
    // Nothing is there, or the attempt failed before it looked at what is there.
    if (failure.code == Code::kNotFound || failure.code == Code::kSystem ||
        failure.code == Code::kOutOfMemory)
        return failure;
    const auto place = platform::look_at_place(address);
    if (!place) return failure;
    if (!place->owner.empty() && !place->trusted && owners == platform::Owners::kThisUser)
        return of_another_user(address, *place);
    if (!may_be_section(*place)) return no_section(address, *place, std::move(failure));
    if (failure.code == Code::kNotReady)
        failure.message =
            to_string(address) + " is " + place->what + " that begins with zeros, not a section";
    if (has_way_out(failure)) return failure;
    if (failure.code != Code::kPermission)
        failure.remedy = way_out(address, *place);
    else if (place->trusted)
        failure.hint = "only its owner and " + place->shared_with + " may open it";
    else if (in_memory(address))
        failure.hint = "the section may be intact; if it is yours, give its file the mode 600";
    return about(address, std::move(failure));
}

Result<void> clear_remains(const platform::SharedObject& object) {
    const auto removed = remove_if_current(object);
    if (removed) return {};
    const auto place = platform::look_at_object(object);
    if (!place || place->owner.empty()) return std::unexpected(removed.error());
    Status failure = not_removed(object.address, *place, removed.error());
    if (in_memory(object.address)) failure.hint = "choose another name";
    return std::unexpected(std::move(failure));
}

Result<void> taken_by_no_section(const SectionAddress& address, Status failure) {
    switch (failure.code) {
        case Code::kNotFound:
            return {};  // gone meanwhile
        case Code::kVersion:
            failure.hint.clear();
            failure.remedy = Remedy::kRemoveSection;
            break;
        case Code::kPermission:
            if (auto place = platform::look_at_place(address); place && !place->owner.empty()) {
                if (failure.hint.empty() && in_memory(address))
                    failure.hint = "choose another name";
                return std::unexpected(std::move(failure));
            }
            break;
        case Code::kNotReady:
        case Code::kCorrupt:
            break;
        default:
            return std::unexpected(std::move(failure));
    }
    if (!in_memory(address)) {
        failure.hint.clear();
        failure.remedy = Remedy::kOtherSectionFile;
    }
    failure.code = Code::kCannotCreate;
    failure.os_error = 0;
    return std::unexpected(about(address, std::move(failure)));
}

Status did_not_appear(const SectionAddress& address, const Timeout& timeout) {
    const std::string what = to_string(address);
    const std::int64_t timeout_ms = to_ms(timeout);
    if (timeout_ms == 0)
        return {Code::kNotFound, "there is no " + what, {}, 0, Remedy::kWaitForSection};
    return {Code::kTimedOut,
            what + " did not appear within " + std::to_string(timeout_ms) + " ms",
            {},
            0,
            Remedy::kStartWriter};
}

Status still_no_section(Status failure, const Timeout& timeout) {
    const std::int64_t timeout_ms = to_ms(timeout);
    failure.code = timeout_ms > 0 ? Code::kTimedOut : Code::kNotFound;
    if (timeout_ms > 0)
        failure.message += ", and none came within " + std::to_string(timeout_ms) + " ms";
    return failure;
}

}  // namespace mapferry::inline v1
