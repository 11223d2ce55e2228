// SPDX-License-Identifier: Apache-2.0
// A section of this process: the system's object, its mappings, its validated geometry and the
// roles held in it. Creating, opening and removing follow three rules that make crashes harmless:
//   - a new section gets its name only when it is complete and its writer's role is locked;
//   - a name is taken away only by the holder of the remover's role of the object that the name
//     leads to, checked under that lock;
//   - who lives is known by locks alone.
#pragma once

#include <cstdint>
#include <memory>

#include "format/section_view.h"
#include "mapferry/geometry.h"
#include "mapferry/section.h"
#include "platform/clock.h"
#include "platform/mapping.h"
#include "platform/place.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"
#include "platform/wake.h"
#include "ring/peers.h"
#include "section/slot_maps.h"

namespace mapferry::inline v1 {

// Move-only. Members are in the order of their dependence: locks go first, the object last.
struct MappedSection {
    platform::SharedObject object;
    layout::Ident ident{};
    platform::Mapping header;
    platform::Mapping payload;        // of all slots, not of frames
    std::unique_ptr<SlotMaps> slots;  // of frames
    SectionView view;
    platform::RoleLock use;   // kRoleUser's part: the bytes are mapped here
    platform::RoleLock role;  // writer's, reader line's or consumer's

    // Whether this process has it from its parent. Then nothing of it is this process's to use, to
    // change or to give back.
    [[nodiscard]] bool inherited() const { return object.mark.inherited(); }
    // Whether some of its bytes are zeros because they could not be had: see fault_guard.h.
    [[nodiscard]] bool lost() const {
        return header.lost() || payload.lost() || (slots && slots->lost());
    }
};

// What there is to know of a section before its slots are mapped. Enough to judge it and to remove
// it, however large it says that it is.
struct SectionFront {
    platform::SharedObject object;
    layout::Ident ident{};
    Geometry geometry;
    platform::Mapping front;  // the fields before the readers' lines
};

enum class ReserveNow : std::uint8_t {
    kAll,            // every slot
    kAllButPayload,  // slots as frames need them
    kHeaderOnly,     // slots and their descriptors as they are filled (keep, a size not known)
};

// Creates and fills a section under no name, with the writer's role locked. It vanishes with its
// object unless it gets a name.
[[nodiscard]] Result<MappedSection> prepare_section(const SectionAddress& address,
                                                    const Geometry& geometry, ReserveNow reserve);

// Makes the name free before memory is taken for a section: a dead writer's section is removed,
// whose memory may be what is missing. kCannotCreate when the name is in use.
[[nodiscard]] Result<void> free_name(const SectionAddress& address);

// Gives a prepared section's object its name; a dead writer's section of the same name is removed
// first. kCannotCreate when the name is in use. The last step of a creation, so that whatever fails
// before it leaves nothing.
[[nodiscard]] Result<void> publish_section(platform::SharedObject& object);

// Opens and validates. kNotFound, kNotReady, kCorrupt, kVersion, kPermission.
[[nodiscard]] Result<SectionFront> open_front(
    const SectionAddress& address, platform::Owners owners = platform::Owners::kThisUser);
// The same, and maps all of it, but the slots of frames when they are needed. kOutOfMemory: there
// is no room for it in this process. Where the system permits reading only, nothing of it may be
// written: see check_writable().
[[nodiscard]] Result<MappedSection> open_section(
    const SectionAddress& address, platform::Access payload_access = platform::Access::kRead);

[[nodiscard]] Result<MappedSection> map_whole(SectionFront front, platform::Access payload_access);

// kPermission: it may only be read here. `why` says what has to be written: "a reader of frames
// leases them in it".
[[nodiscard]] Result<void> check_writable(const MappedSection& section, const std::string& why);

// Whether what it carries is still available: it is kept, or has a living writer that has not
// ended. Another section stands aside for the next writer, whatever it carried.
[[nodiscard]] bool is_usable(const MappedSection& section);
[[nodiscard]] bool is_usable(const SectionFront& section);

// REQUIRES: is_usable(). kUsage: the section carries something else than was asked for, and how to
// get at it.
[[nodiscard]] std::unexpected<Status> wrong_kind(const SectionAddress& address, Delivery delivery);
[[nodiscard]] std::unexpected<Status> wrong_kind(const MappedSection& section);

// kUsage: see MappedSection::inherited().
[[nodiscard]] std::unexpected<Status> opened_before_fork(const MappedSection& section);

// A section that was cut, or lost its memory otherwise, explains whatever failed in it: kIo then,
// and the failure as it is where neither happened. kInterrupted and kUsage stay themselves.
[[nodiscard]] Status explain(const MappedSection& section, Status failure);
template <typename T>
[[nodiscard]] Result<T> explain(const MappedSection& section, Result<T> result) {
    if (!result) return pass(explain(section, std::move(result.error())));
    return result;
}
// The same for a success that counts only if the section's memory was there all the time.
template <typename T>
[[nodiscard]] Result<T> require_intact(const MappedSection& section, Result<T> result) {
    if (!result) return pass(explain(section, std::move(result.error())));
    if (section.lost()) return pass(explain(section, Status{}));
    return result;
}

// kIo: it was cut, or lost its memory. Asks the system.
[[nodiscard]] Result<void> check_whole(const MappedSection& section);

// Whether some process holds the writer's role; true when that can't be found out.
[[nodiscard]] bool writer_lives(const platform::SharedObject& object);

// kPeerGone: nobody can find it any more, since its name was removed or given to another one.
[[nodiscard]] std::unexpected<Status> name_was_taken_away(const platform::SharedObject& object);

// Removes the name if it still leads to this object; false when it does not.
[[nodiscard]] Result<bool> remove_if_current(const platform::SharedObject& object);

// The same where the object has to go: somebody else may have removed it, but a name that leads
// elsewhere while the object still has one is kIo.
[[nodiscard]] Result<void> remove_object(const platform::SharedObject& object);

// What a section without a living writer is.
enum class Remains : std::uint8_t {
    kKept,      // a complete payload or a buffer, kept on purpose
    kAbandoned  // unfinished, ended or aborted: nobody can use it any more
};
// REQUIRES: the look at the writer's role came before.
[[nodiscard]] Remains remains_of(const SectionFront& section);

// Answers the ring's questions for a real section.
class SectionPeers final : public Peers {
  public:
    // `section` must outlive it and stay where it is.
    explicit SectionPeers(const MappedSection& section) : section_(&section) {}
    void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) override;
    void nap_on(std::uint32_t& word, std::uint32_t seen) override;
    void ring(std::uint32_t& word, std::uint32_t before) override;
    bool writer_lives() override;
    bool reader_lives(std::uint32_t reader) override;
    bool memory_is_lost() override;
    bool only_reads() override { return section_->object.access == platform::Access::kRead; }
    bool is_found_by_name() override { return is_found_by_name(platform::coarse_unix_ns()); }
    // Asks the system twice a second by the caller's clock, so that it may be called for every
    // message. Once the name is gone that is final.
    bool is_found_by_name(std::int64_t now_ns);
    void pause() override;
    std::int64_t now_ms() override;

  private:
    const MappedSection* section_;
    std::int64_t name_looked_for_ns_ = 0;
    bool has_name_ = true;
};

}  // namespace mapferry::inline v1
