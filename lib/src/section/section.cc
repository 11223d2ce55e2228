// SPDX-License-Identifier: Apache-2.0
// Sections as named objects: removing, listing, collecting.
#include "mapferry/section.h"
#include "base/try.h"

#include <algorithm>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "section/mapped_section.h"
#include "section/occupied_name.h"

namespace mapferry::inline v1 {

namespace {

using platform::Owners;

bool buffer_is_locked(const SectionFront& section) {
    return section.geometry.delivery == Delivery::kBuffer &&
           platform::role_is_held(section.object, layout::kRoleBufferHolder).value_or(true);
}

bool is_no_section(Code code) {
    return code == Code::kCorrupt || code == Code::kVersion || code == Code::kNotReady;
}

// Removes what has the name although it can't be opened as a section.
Result<void> remove_unopened(const SectionAddress& address, const platform::Place& place,
                             RemovePolicy policy, const Status& why) {
    // A file that is no section is somebody's file. An object in memory with our prefix is ours.
    if (!address.backing_path.empty()) return std::unexpected(why);
    if (!place.is_file) return platform::clear_place(address);
    if (why.code == Code::kPermission && policy == RemovePolicy::kAnyway)
        return platform::clear_place(address);
    if (!is_no_section(why.code)) return std::unexpected(why);
    TRY_ASSIGN(auto object, platform::open_object(address, Owners::kAnybody));
    if (writer_lives(object))
        return fail(Code::kBusy, to_string(address) + " is still being created");
    return remove_object(object);
}

Result<void> refuse_live(const SectionFront& section) {
    const SectionAddress& address = section.object.address;
    const auto busy = [&address](const std::string& why, const char* hint) {
        return std::unexpected(about(
            address, {Code::kBusy, to_string(address) + why, hint, 0, Remedy::kRemoveAnyway}));
    };
    if (writer_lives(section.object))
        return busy(
            " has a living writer (process " + std::to_string(section.ident.creator_pid) + ")",
            "stop the writer instead");
    if (buffer_is_locked(section)) return busy(" is a buffer whose lock is held", "try again");
    return {};
}

Result<void> remove_what_is_there(const SectionAddress& address, const platform::Place& place,
                                  RemovePolicy policy) {
    auto section = open_front(address, Owners::kAnybody);
    if (!section && section.error().code == Code::kNotFound)
        return std::unexpected(section.error());
    if (!section) return remove_unopened(address, place, policy, section.error());
    if (policy == RemovePolicy::kRefuseLive) TRY(refuse_live(*section));
    auto removed = remove_object(section->object);
    // A process with which the section is shared can hold the remover's role for ever.
    if (!removed && removed.error().code == Code::kBusy && policy == RemovePolicy::kAnyway &&
        address.backing_path.empty())
        return platform::clear_place(address);
    return removed;
}

// A dead writer's section that nobody can use any more.
bool is_garbage(const SectionFront& section) {
    return !writer_lives(section.object) && remains_of(section) == Remains::kAbandoned;
}

void note(Collected& collected, CollectedSection what, const Result<bool>& removed) {
    if (!removed) {
        collected.failed.push_back(removed.error());
        if (!collected.refused) collected.refused = removed.error().code;
    } else if (*removed) {
        collected.removed.push_back(std::move(what));
    }
}

void collect(Collected& collected, const SectionFront& section, CollectedSection what) {
    if (is_garbage(section)) note(collected, std::move(what), remove_if_current(section.object));
}

// A section that can't be judged stays, and is reported.
void leave(Collected& collected, Status why, const std::string& owner = {}) {
    if (why.code == Code::kNotFound) return;  // gone meanwhile
    if (!owner.empty()) {
        why.message += "; it belongs to " + owner;
        why.hint.clear();
        why.remedy = Remedy::kNone;
    }
    collected.failed.push_back(std::move(why));
}

OtherUser& user_of(std::vector<OtherUser>& users, const std::string& name) {
    const auto known = std::ranges::find(users, name, &OtherUser::name);
    return known != users.end() ? *known : users.emplace_back(OtherUser{.name = name});
}

// Leftovers without a name of their own count only for users who may remove them.
std::vector<OtherUser> look_at_others(const platform::ObjectList& objects, Reach reach) {
    std::vector<OtherUser> users;
    for (const platform::ObjectOfOthers& other : objects.others) {
        if (other.name.empty()) continue;
        OtherUser& user = user_of(users, other.owner);
        ++user.sections;
        const auto section = open_front({.name = other.name, .reach = reach}, Owners::kAnybody);
        if (!section && section.error().code == Code::kPermission) ++user.hidden;
        if (section && is_garbage(*section)) ++user.leftovers;
    }
    return users;
}

void collect_of_others(Collected& collected, const platform::ObjectList& objects, Reach reach) {
    for (const platform::ObjectOfOthers& other : objects.others) {
        CollectedSection what{.name = other.name.empty() ? other.path : other.name,
                              .owner = other.owner};
        Status failure{Code::kNotFound, ""};
        if (other.name.empty()) {
            auto removed = platform::remove_leftover(other.path);
            if (removed) note(collected, std::move(what), removed);
            if (!removed) failure = removed.error();
        } else {
            auto section = open_front({.name = other.name, .reach = reach}, Owners::kAnybody);
            if (section) collect(collected, *section, std::move(what));
            if (!section) failure = section.error();
        }
        if (failure.code != Code::kPermission) {
            leave(collected, failure, other.owner);
            continue;
        }
        OtherUser& user = user_of(collected.others, other.owner);
        ++user.sections;
        ++user.hidden;
    }
}

}  // namespace

Result<void> remove_section(const SectionAddress& address, RemovePolicy policy) {
    return guarded([&]() -> Result<void> {
        TRY(check_address(address));
        TRY_ASSIGN(const auto place, platform::look_at_place(address));
        const bool is_others = !place.owner.empty();
        Status whose = of_another_user(address, place);
        whose.hint.clear();
        whose.remedy = Remedy::kRemoveAsOwner;
        if (is_others && policy == RemovePolicy::kRefuseLive)
            return std::unexpected(std::move(whose));
        auto removed = remove_what_is_there(address, place, policy);
        if (removed) return removed;
        return std::unexpected(not_removed(address, place, removed.error()));
    });
}

Result<std::vector<std::string>> list_sections(Reach reach, const Sharing& sharing) {
    return guarded([&]() -> Result<std::vector<std::string>> {
        TRY_ASSIGN(auto objects, platform::list_objects(reach, Owners::kThisUser, sharing));
        std::vector<std::string> names = std::move(objects.names);
        names.insert(names.end(), objects.obstacles.begin(), objects.obstacles.end());
        std::ranges::sort(names);
        return names;
    });
}

Result<std::vector<OtherUser>> list_other_users(Reach reach, const Sharing& sharing) {
    return guarded([&]() -> Result<std::vector<OtherUser>> {
        TRY_ASSIGN(auto objects, platform::list_objects(reach, Owners::kAnybody, sharing));
        return look_at_others(objects, reach);
    });
}

Result<Collected> collect_garbage(Reach reach, Users users) {
    return guarded([&]() -> Result<Collected> {
        TRY_ASSIGN(auto objects, platform::list_objects(reach, Owners::kAnybody));
        Collected collected;
        objects.names.insert(objects.names.end(), objects.obstacles.begin(),
                             objects.obstacles.end());
        for (const std::string& name : objects.names) {
            auto section = open_front({.name = name, .backing_path = {}, .reach = reach});
            if (section)
                collect(collected, *section, {.name = name});
            else
                leave(collected, section.error());
        }
        for (const std::string& path : objects.leftovers)
            note(collected, {.name = path}, platform::remove_leftover(path));
        if (users == Users::kAll)
            collect_of_others(collected, objects, reach);
        else
            collected.others = look_at_others(objects, reach);
        return collected;
    });
}

Result<Collected> collect_garbage_file(const std::string& backing_path, Users users) {
    return guarded([&]() -> Result<Collected> {
        TRY_ASSIGN(auto section,
                   open_front({.backing_path = backing_path},
                              users == Users::kAll ? Owners::kAnybody : Owners::kThisUser));
        Collected collected;
        collect(collected, section, {.name = backing_path});
        return collected;
    });
}

}  // namespace mapferry::inline v1
