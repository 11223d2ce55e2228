// SPDX-License-Identifier: Apache-2.0
/// \file
/// The named object: creating, opening, listing and removing sections. What is inside is the
/// business of writer.h and reader.h.
///
///     mapferry::Result<int> remove_idle(const std::string& prefix) {
///         auto names = mapferry::list_sections();
///         if (!names) return mapferry::pass(names.error());
///         int removed = 0;
///         for (const std::string& name : *names) {
///             if (!name.starts_with(prefix)) continue;
///             auto gone =
///                 mapferry::remove_section({.name = name}, mapferry::RemovePolicy::kRefuseLive);
///             const bool is_busy = !gone && gone.error().code == mapferry::Code::kBusy;
///             if (!gone && !is_busy) return mapferry::pass(gone.error());
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

/// The version of the section's format: docs/section_format.md.
inline constexpr std::uint32_t kFormatVersion = 1;

/// How linger() ended, in a process whose section would end with it (Windows: sections in memory).
enum class LingerEnd : std::uint8_t {
    kNotNeeded,  ///< the section lives without this process
    kConsumed,   ///< a reader with kRemoveWhenDone has everything
    kRemoved,    ///< somebody removed the section
    kTimedOut,   ///< nobody did; the section goes with this process
};

/// What a section's removal may do.
enum class RemovePolicy : std::uint8_t {
    kRefuseLive,  ///< kBusy when a living writer is still filling it, or a buffer's lock is held;
                  ///< kPermission when it belongs to another user
    kAnyway,  ///< take the name away, as far as the system lets this process: from another user's
              ///< section only the superuser may. Processes that have it open keep their view
};

/// Removes the name. Of a section in memory also from what is none: a file, a link itself, an empty
/// folder. kNotFound, kPermission, kBusy.
[[nodiscard]] Result<void> remove_section(const SectionAddress& address, RemovePolicy policy);

/// Names of all shared-memory sections of this user that look like mapferry's, sorted; among them
/// names that something else has, as a folder. Sections in files are not known to anybody but their
/// users.
[[nodiscard]] Result<std::vector<std::string>> list_sections(Reach reach = Reach::kSession);

/// What another user has in the place for sections in memory.
struct OtherUser {
    std::string name;             ///< "alice (uid 1001)"
    std::uint64_t sections = 0;   ///< all
    std::uint64_t leftovers = 0;  ///< of them: left by dead writers
    std::uint64_t hidden = 0;     ///< of them: this process may not look into them
};
/// Windows: other users' sections are not shown, so nobody.
[[nodiscard]] Result<std::vector<OtherUser>> list_other_users(Reach reach = Reach::kSession);

/// Whose leftovers are collected.
enum class Users : std::uint8_t {
    kThisOne,  ///< others' sections are only looked at
    kAll,      ///< others' too, as far as the system lets this process: for the superuser
};
struct CollectedSection {
    std::string name;
    std::string owner = {};  ///< as OtherUser::name; empty: this user
};
struct Collected {
    std::vector<CollectedSection> removed;
    std::vector<Status> failed;        ///< what stays because it is no section, or by the system's
                                       ///< refusal
    std::optional<Code> refused = {};  ///< the first refusal's
    std::vector<OtherUser> others = {};  ///< kAll: those of whom something could not be looked into
};
/// Removes what dead processes left: unfinished sections without a living writer, ended streams,
/// and nameless leftovers. Never a kept payload or a buffer, never a section with a living writer.
/// Windows: sections in memory end with their last process by themselves, so there is nothing to
/// remove.
[[nodiscard]] Result<Collected> collect_garbage(Reach reach = Reach::kSession,
                                                Users users = Users::kThisOne);
/// The same for the one section in this file, by the same rules. kNotFound; kCorrupt and others:
/// the file is no section, and stays.
[[nodiscard]] Result<Collected> collect_garbage_file(const std::string& backing_path,
                                                     Users users = Users::kThisOne);

}  // namespace mapferry::inline v1
