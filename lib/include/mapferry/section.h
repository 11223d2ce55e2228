// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sections as named objects: listing them, removing them and collecting leftovers. Their contents
/// belong to the other headers, such as writer.h and reader.h.
///
///     mapferry::Result<int> remove_idle(const std::string& prefix) {
///         auto names = mapferry::list_sections();
///         if (!names) return std::unexpected(names.error());
///         int removed = 0;
///         for (const std::string& name : *names) {
///             if (!name.starts_with(prefix)) continue;
///             auto gone =
///                 mapferry::remove_section({.name = name}, mapferry::RemovePolicy::kRefuseLive);
///             const bool is_busy = !gone && gone.error().code == mapferry::Code::kBusy;
///             if (!gone && !is_busy) return std::unexpected(gone.error());
///             removed += is_busy ? 0 : 1;
///         }
///         return removed;
///     }
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mapferry/section_address.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// The version of the section format: docs/section_format.md.
inline constexpr std::uint32_t kFormatVersion = 1;

/// How linger() ended. It waits in a process with which the section would end (Windows: sections in
/// memory).
enum class LingerEnd : std::uint8_t {
    kNotNeeded,  ///< the section lives without this process
    kConsumed,   ///< a reader with kRemoveWhenDone has everything
    kRemoved,    ///< somebody removed the section
    kTimedOut,   ///< neither happened in time; the section ends with its last process
};

/// Which sections a removal may remove.
enum class RemovePolicy : std::uint8_t {
    kRefuseLive,  ///< kBusy: it has a living writer, or is a buffer whose lock is held;
                  ///< kPermission: it belongs to another user
    kAnyway,      ///< any section, if the system allows it: only the superuser may remove another
                  ///< user's. Processes that have the section open can still use it
};

/// Removes the section's name. For an address in memory it also removes an object of that name that
/// is no section: a file, a link itself, an empty folder. For an address in a file it leaves such a
/// file alone and returns why it is no section. kNotFound, kPermission, kBusy; kIo: somebody has
/// moved the section meanwhile.
[[nodiscard]] Result<void> remove_section(const SectionAddress& address, RemovePolicy policy);

/// Returns the names of all objects in shared memory that belong to this user, or to others as
/// `sharing` names it, and are named like sections of mapferry, sorted. Some may be no sections,
/// but for example folders. Sections in files are not listed, because nothing records where they
/// are.
[[nodiscard]] Result<std::vector<std::string>> list_sections(Reach reach = Reach::kSession,
                                                             const Sharing& sharing = {});

/// The sections that another user has in memory.
struct OtherUser {
    std::string name;             ///< "alice (uid 1001)"
    std::uint64_t sections = 0;   ///< all
    std::uint64_t leftovers = 0;  ///< those of them that dead writers left
    std::uint64_t hidden = 0;     ///< those of them that this process may not read
};
/// Returns the other users that have sections in memory, without those that list_sections() returns
/// for this `sharing`. Windows: the system does not show other users' sections, so the list is
/// empty.
[[nodiscard]] Result<std::vector<OtherUser>> list_other_users(Reach reach = Reach::kSession,
                                                              const Sharing& sharing = {});

/// The users whose leftovers are collected.
enum class Users : std::uint8_t {
    kThisOne,  ///< this user; sections of others are only counted
    kAll,      ///< others too, as far as the system allows it: for the superuser
};
/// One section that collect_garbage() removed.
struct CollectedSection {
    std::string name;
    std::string owner = {};  ///< as OtherUser::name; empty: this user
};
/// The result of collect_garbage().
struct Collected {
    std::vector<CollectedSection> removed;
    std::vector<Status> failed;        ///< one for each object that stays because it is no section,
                                       ///< or because its removal failed
    std::optional<Code> refused = {};  ///< the code of the first removal that failed
    std::vector<OtherUser> others = {};  ///< kThisOne: as list_other_users(); kAll: the users that
                                         ///< have objects which this process may not read
};
/// Removes the leftovers of dead processes: unfinished sections without a living writer, ended
/// streams, and files that never got their final name. Never removes a section with a living
/// writer, and a kept payload or a buffer only if somebody cut it. Windows: sections in memory end
/// with their last process, so there are none to remove.
[[nodiscard]] Result<Collected> collect_garbage(Reach reach = Reach::kSession,
                                                Users users = Users::kThisOne);
/// Applies the same rules to the section in this file (UTF-8; Linux: any bytes). kNotFound;
/// kPermission: with kThisOne, it belongs to another user; kCorrupt and others: the file is no
/// section, and stays.
[[nodiscard]] Result<Collected> collect_garbage_file(const std::string& backing_path,
                                                     Users users = Users::kThisOne);

}  // namespace mapferry::inline v1
