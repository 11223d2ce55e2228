// Sections as named objects: removing, listing, collecting.
#include "mapferry/section.h"

#include "mapferry/file_name.h"
#include "mapped_section.h"
#include "surface.h"

namespace mapferry {

namespace {

// Removes an object whatever it holds; for names that we can't read as a section.
Result<void> remove_unreadable(const SectionAddress& address) {
    auto object = platform::open_object(address);
    if (!object) return pass(object.error());
    if (writer_lives(*object))
        return fail(Code::kBusy, to_string(address) + " is still being created");
    return remove_object(*object);
}

bool buffer_is_locked(const SectionFront& section) {
    return section.geometry.delivery == Delivery::kBuffer &&
           platform::role_is_held(section.object, layout::kRoleBufferHolder).value_or(true);
}

bool is_unreadable(Code code) {
    return code == Code::kCorrupt || code == Code::kVersion || code == Code::kNotReady;
}

// True when removed, false when there was a reason to leave it.
Result<bool> collect(const SectionAddress& address) {
    auto section = open_front(address);
    if (!section) return pass(section.error());
    if (writer_lives(section->object)) return false;
    if (remains_of(*section) == Remains::kKept) return false;
    return remove_if_current(section->object);
}

void note(Collected& collected, const std::string& what, const Result<bool>& removed) {
    if (!removed)
        collected.failed.push_back(describe(removed.error()));
    else if (*removed)
        collected.removed.push_back(what);
}

}  // namespace

std::string to_string(const SectionAddress& address) {
    if (!address.backing_path.empty()) return "section file " + in_quotes(address.backing_path);
    return "section " + in_quotes(address.name);
}

Result<void> remove_section(const SectionAddress& address, RemovePolicy policy) try {
    auto section = open_front(address);
    if (!section && is_unreadable(section.error().code)) {
        // A file that is no section is somebody's file; an object under our prefix is ours.
        if (!address.backing_path.empty()) return pass(section.error());
        return remove_unreadable(address);
    }
    if (!section) return pass(section.error());
    if (policy == RemovePolicy::kRefuseLive && writer_lives(section->object))
        return fail(Code::kBusy,
                    to_string(address) + " has a living writer (process " +
                        std::to_string(section->ident.creator_pid) + ")",
                    "stop the writer instead, or use rm --force");
    if (policy == RemovePolicy::kRefuseLive && buffer_is_locked(*section))
        return fail(Code::kBusy, to_string(address) + " is a buffer whose lock is held",
                    "try again, or use rm --force");
    return remove_object(section->object);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<std::vector<std::string>> list_sections(Reach reach) try {
    auto objects = platform::list_objects(reach);
    if (!objects) return pass(objects.error());
    return std::move(objects->names);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<Collected> collect_garbage(Reach reach) try {
    auto objects = platform::list_objects(reach);
    if (!objects) return pass(objects.error());
    Collected collected;
    for (const std::string& name : objects->names) {
        auto removed = collect({.name = name, .backing_path = {}, .reach = reach});
        if (!removed && removed.error().code == Code::kNotFound) continue;  // gone meanwhile
        note(collected, name, removed);
    }
    for (const std::string& path : objects->leftovers)
        note(collected, path, platform::remove_leftover(path));
    return collected;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<Collected> collect_garbage_file(const std::string& backing_path) try {
    const SectionAddress address{.backing_path = backing_path};
    auto removed = collect(address);
    if (!removed) return pass(removed.error());
    Collected collected;
    note(collected, backing_path, removed);
    return collected;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

}  // namespace mapferry
