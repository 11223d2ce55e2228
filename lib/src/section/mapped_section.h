// SPDX-License-Identifier: Apache-2.0
// A section of this process: the system's object, its mappings, its validated geometry and the
// roles held in it. Creating, opening and removing follow three rules that make crashes harmless:
//   - a new section gets its name only when it is complete and its writer's role is locked;
//   - a name is taken away only by the holder of the remover's role of the object that the name
//     leads to, checked under that lock;
//   - which processes are alive is known by locks alone.
#pragma once

#include <cstdint>
#include <memory>

#include "format/geometry.h"
#include "format/section_view.h"
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

// Move-only. The order of the members matters: the locks go first and the object goes last.
struct MappedSection {
    platform::SharedObject object;
    layout::Ident ident{};
    platform::Mapping header;
    platform::Mapping payload;        // of all slots; empty for frames
    std::unique_ptr<SlotMaps> slots;  // of frames, mapped one by one
    SectionView view;
    platform::RoleLock use;   // kRoleUser, shared: the bytes are mapped here
    platform::RoleLock role;  // writer's, reader line's or consumer's

    // Whether this process got the section by fork(). Then it must neither use nor change nor give
    // back any part of it.
    [[nodiscard]] bool inherited() const { return object.mark.inherited(); }
    // Whether some of its bytes read as zeros because their memory is missing: see fault_guard.h.
    [[nodiscard]] bool lost() const {
        return header.lost() || payload.lost() || (slots && slots->lost());
    }
};

// The facts that are known before a section's slots are mapped. They are enough to judge and to
// remove a section, whatever size it claims to have.
struct SectionFront {
    platform::SharedObject object;
    layout::Ident ident{};
    Geometry geometry;
    platform::Mapping front;  // the fields before the readers' lines
};

enum class ReserveNow : std::uint8_t {
    kAll,          // every slot
    kDescriptors,  // slots as they are filled
    kHeaderOnly,   // slots and their descriptors as they are filled (keep, a size not known)
};

// Creates and fills a section without a name, with the writer's role locked. It vanishes with its
// object unless it gets a name.
[[nodiscard]] Result<MappedSection> prepare_section(const SectionAddress& address,
                                                    const Geometry& geometry, ReserveNow reserve);

// Frees the name before memory is taken for a new section: removes a dead writer's section, whose
// memory may be what the new one needs. kCannotCreate: the name is in use.
[[nodiscard]] Result<void> free_name(const SectionAddress& address);

// Gives a prepared section's object its name, and removes a dead writer's section of that name
// first. kCannotCreate: the name is in use. This is the last step of a creation, so that a failure
// before it leaves nothing behind.
[[nodiscard]] Result<void> publish_section(platform::SharedObject& object);

// Opens and validates, all but the object's length: a section that was cut can be judged and
// removed. kNotFound, kNotReady, kCorrupt, kVersion, kPermission.
[[nodiscard]] Result<SectionFront> open_front(
    const SectionAddress& address, platform::Owners owners = platform::Owners::kThisUser);
// Opens in the same way, then maps all of it; slots of frames are mapped when they are needed.
// kOutOfMemory: this process has no room for it. Where the system permits only reading, nothing in
// the section may be written: see check_writable().
[[nodiscard]] Result<MappedSection> open_section(
    const SectionAddress& address, platform::Access payload_access = platform::Access::kRead);

// kCorrupt: the section was cut.
[[nodiscard]] Result<MappedSection> map_whole(SectionFront front, platform::Access payload_access);

// kPermission: the section may only be read here. `why` names what would have to be written: "a
// reader of frames leases them in it".
[[nodiscard]] Result<void> check_writable(const MappedSection& section, const std::string& why);

// Whether its content is still available: it is kept, or its writer lives and has not ended. Any
// other section gives way to the next writer, whatever it carried.
[[nodiscard]] bool is_usable(const MappedSection& section);
[[nodiscard]] bool is_usable(const SectionFront& section);

// REQUIRES: is_usable(). kUsage: the section does not carry what the caller asked for; the status
// names the way to get what it carries.
[[nodiscard]] std::unexpected<Status> wrong_kind(const SectionAddress& address, Delivery delivery);
[[nodiscard]] std::unexpected<Status> wrong_kind(const MappedSection& section);

// kUsage: see MappedSection::inherited().
[[nodiscard]] std::unexpected<Status> opened_before_fork(const MappedSection& section);

// The loss of a section's memory explains every failure in it: kIo if the section was cut or lost
// memory otherwise, and if not the failure as it is. kInterrupted and kUsage stay as they are.
[[nodiscard]] Status explain(const MappedSection& section, Status failure);
template <typename T>
[[nodiscard]] Result<T> explain(const MappedSection& section, Result<T> result) {
    if (!result) return std::unexpected(explain(section, std::move(result.error())));
    return result;
}
// The same for a success that counts only if the section's memory was there all the time.
template <typename T>
[[nodiscard]] Result<T> require_intact(const MappedSection& section, Result<T> result) {
    if (!result) return std::unexpected(explain(section, std::move(result.error())));
    if (section.lost()) return std::unexpected(explain(section, Status{}));
    return result;
}

// kIo: the section was cut or lost its memory. Asks the system.
[[nodiscard]] Result<void> check_whole(const MappedSection& section);

// Whether some process holds the writer's role; true when the system can't answer.
[[nodiscard]] bool writer_lives(const platform::SharedObject& object);

// kPeerGone: no reader can find the section any more, because its name was removed or leads
// elsewhere.
[[nodiscard]] std::unexpected<Status> name_was_taken_away(const platform::SharedObject& object);

// Removes the name if it still leads to this object; false when it does not.
[[nodiscard]] Result<bool> remove_if_current(const platform::SharedObject& object);

// The same where the object has to go. It may be that another process removed it first. kIo: the
// object still has a name, but its old name leads elsewhere.
[[nodiscard]] Result<void> remove_object(const platform::SharedObject& object);

// What a section without a living writer is.
enum class Remains : std::uint8_t {
    kKept,      // a complete payload or a buffer, kept on purpose
    kAbandoned  // unfinished, ended, aborted or cut: nobody can use it any more
};
// Whether its object is shorter than the section.
[[nodiscard]] bool is_cut(const SectionFront& section);
// REQUIRES: the caller has looked at the writer's role before.
[[nodiscard]] Remains remains_of(const SectionFront& section);

// Answers the ring's questions for a real section.
class SectionPeers final : public Peers {
  public:
    // `section` must outlive this object and stay where it is.
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
    // message. A name that was found gone stays gone.
    bool is_found_by_name(std::int64_t now_ns);
    void pause() override;
    std::int64_t now_ms() override;

  private:
    const MappedSection* section_;
    std::int64_t name_looked_for_ns_ = 0;
    bool has_name_ = true;
};

}  // namespace mapferry::inline v1
