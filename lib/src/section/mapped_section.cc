// SPDX-License-Identifier: Apache-2.0
#include "section/mapped_section.h"

#include <algorithm>
#include <cstring>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/ident.h"
#include "format/shared_access.h"
#include "mapferry/detail/units.h"
#include "platform/space.h"
#include "section/occupied_name.h"

namespace mapferry::inline v1 {

namespace {

// How long a removal waits for another remover, which only examines and unlinks.
constexpr std::int64_t kRemovalWaitMs = 5000;
// Each look at the news takes its cache line away from the writer, which has more to write there.
constexpr int kPausesForALook = 8;
// How often a polled bell's word is looked at. Measured: docs/decisions/0008.
constexpr std::int64_t kLookFirstMs = 1;
constexpr std::int64_t kLookLastMs = 10;
// The name was taken again while this writer freed it: in each such round another process made
// progress.
constexpr int kCreateRounds = 1000;
// How often a writer checks that its section still has its name.
constexpr std::int64_t kNameLookNs = 500'000'000;

Result<void> map_payload(MappedSection& section, const Geometry& geometry,
                         platform::Access access) {
    if (carries_frames(geometry.delivery)) {
        section.slots = std::make_unique<SlotMaps>(geometry, access);
        section.slots->map_ahead(section.object);
        return {};
    }
    TRY_ASSIGN(section.payload,
               platform::map(section.object, geometry.payload_offset,
                             geometry.section_bytes - geometry.payload_offset, access));
    return {};
}

Result<void> map_section(MappedSection& section, const Geometry& geometry, std::uint64_t epoch,
                         platform::Access payload_access) {
    if (!section.object.map_source.valid()) platform::hold_map_source(section.object);
    TRY_ASSIGN(auto header,
               platform::map(section.object, 0, geometry.payload_offset, section.object.access));
    TRY(map_payload(section, geometry, payload_access));
    section.object.map_source.close();
    TRY_ASSIGN(section.use, platform::share_role(section.object, layout::kRoleUser));
    section.header = std::move(header);
    section.view = SectionView(section.header.data(), section.payload.data(), geometry, epoch);
    return {};
}

// A file may be opened by peers from another operating system, and a native bell does not reach
// them.
std::uint32_t wake_of(const SectionAddress& address) {
    return address.backing_path.empty() ? platform::native_wake() : layout::kWakePolled;
}

void publish_ident(MappedSection& section, const Geometry& geometry) {
    section.ident = make_ident(geometry, {.epoch = section.view.epoch(),
                                          .created_unix_ns = platform::unix_ns(),
                                          .creator_pid = platform::process_id(),
                                          .wake = wake_of(section.object.address),
                                          .label = section.object.address.name});
    layout::Ident unready = section.ident;
    unready.magic = 0;
    auto& target = *reinterpret_cast<layout::Ident*>(section.header.data());
    shared::put(target, unready);
    // release: everything else is stored before; partner is the acquire load in load_ident
    shared::store(target.magic, layout::kMagic, std::memory_order_release);
}

// Reserves what the section needs from the start. Nothing uses the bytes between the descriptors
// and the payload.
Result<void> reserve_now(const platform::SharedObject& object, const Geometry& geometry,
                         ReserveNow reserve) {
    const std::uint64_t end =
        reserve == ReserveNow::kHeaderOnly ? geometry.slots_offset : descriptors_end(geometry);
    TRY(platform::reserve(object, 0, end));
    if (reserve != ReserveNow::kAll) return {};
    return platform::reserve(object, geometry.payload_offset,
                             geometry.section_bytes - geometry.payload_offset);
}

// Builds the complete section without a name, with the writer's role locked.
Result<void> build_section(MappedSection& section, const Geometry& geometry, ReserveNow reserve) {
    TRY_ASSIGN(section.role, platform::try_lock_role(section.object, layout::kRoleWriter));
    TRY(reserve_now(section.object, geometry, reserve));
    if (auto mapped =
            map_section(section, geometry, platform::random_u64(), platform::Access::kReadWrite);
        !mapped)
        return mapped;
    publish_ident(section, geometry);
    return {};
}

std::unexpected<Status> name_taken(const SectionAddress& address, const std::string& why,
                                   Remedy remedy, std::string hint = {}) {
    return std::unexpected(about(address, {Code::kCannotCreate, to_string(address) + " " + why,
                                           std::move(hint), 0, remedy}));
}

// One acquire load, then each word once. From here on only the copy is looked at.
layout::Ident load_ident(const layout::Ident& shared_ident) {
    // acquire: partner is the release store in publish_ident
    const std::uint64_t magic = shared::load(shared_ident.magic, std::memory_order_acquire);
    layout::Ident ident = shared::snapshot(shared_ident);
    ident.magic = magic;
    return ident;
}

const layout::WriterLine& writer_line_of(const SectionFront& section) {
    return *reinterpret_cast<const layout::WriterLine*>(section.front.data() +
                                                        layout::kWriterLineOffset);
}

}  // namespace

Result<MappedSection> prepare_section(const SectionAddress& address, const Geometry& geometry,
                                      ReserveNow reserve) {
    TRY(check_address(address));
    TRY_ASSIGN(auto object, platform::create_object(address, geometry.section_bytes));
    MappedSection section;
    section.object = std::move(object);
    TRY(build_section(section, geometry, reserve));
    return section;
}

Result<void> free_name(const SectionAddress& address) {
    auto section = open_front(address);
    if (!section) return taken_by_no_section(address, section.error());
    // The role is only tested, not taken: others would take the cleaner for a living writer. No
    // process takes a dead writer's role again, so the answer stays true.
    if (writer_lives(section->object))
        return name_taken(address, "is in use by a living writer", Remedy::kOtherName);
    if (remains_of(*section) == Remains::kKept) {
        if (section->geometry.delivery == Delivery::kBuffer)
            return name_taken(address, "is a buffer", Remedy::kRemoveSection,
                              "choose another name");
        return name_taken(address, "holds a kept payload", Remedy::kConsumeOrRemove);
    }
    return clear_remains(section->object);
}

Result<void> publish_section(platform::SharedObject& object) {
    for (int round = 0; round < kCreateRounds; ++round) {
        auto published = platform::publish_object(object);
        if (published || published.error().code != Code::kCannotCreate) return published;
        TRY(free_name(object.address));
    }
    return name_taken(object.address, "is created by others over and over", Remedy::kNone);
}

namespace {

Status named(const SectionAddress& address, Status status) {
    status.message = to_string(address) + ": " + status.message;
    return status;
}

}  // namespace

Result<SectionFront> open_front(const SectionAddress& address, platform::Owners owners) {
    TRY(check_address(address));
    const auto refused = [&](Status failure) {
        return std::unexpected(why_not_opened(address, std::move(failure), owners));
    };
    auto object = platform::open_object(address, owners);
    if (!object) return refused(object.error());
    SectionFront section;
    section.object = std::move(*object);
    if (section.object.object_bytes < layout::kReadersOffset)
        return refused({section.object.object_bytes == 0 ? Code::kNotReady : Code::kCorrupt,
                        to_string(address) + " is too short to be a section"});
    platform::hold_map_source(section.object);
    TRY_ASSIGN(section.front,
               platform::map(section.object, 0, layout::kReadersOffset, platform::Access::kRead));
    section.ident = load_ident(*reinterpret_cast<const layout::Ident*>(section.front.data()));
    if (section.front.lost())
        return fail(Code::kIo, to_string(address) + " was cut while it was being opened");
    auto geometry = validate(section.ident, section.ident.section_bytes);
    if (!geometry) return refused(named(address, geometry.error()));
    section.geometry = *geometry;
    return section;
}

Result<MappedSection> open_section(const SectionAddress& address, platform::Access payload_access) {
    TRY_ASSIGN(auto front, open_front(address));
    return map_whole(std::move(front), payload_access);
}

Result<MappedSection> map_whole(SectionFront front, platform::Access payload_access) {
    const SectionAddress& address = front.object.address;
    if (auto whole = check_length(front.ident, front.object.object_bytes); !whole)
        return std::unexpected(
            why_not_opened(address, named(address, whole.error()), platform::Owners::kThisUser));
    MappedSection section;
    section.object = std::move(front.object);
    section.ident = front.ident;
    if (auto mapped = map_section(section, front.geometry, front.ident.epoch, payload_access);
        !mapped)
        return std::unexpected(mapped.error());
    return section;
}

Result<void> check_writable(const MappedSection& section, const std::string& why) {
    if (section.object.access == platform::Access::kReadWrite) return {};
    return fail(Code::kPermission,
                to_string(section.object.address) + " can only be read here, and " + why,
                "run this where it can be written; what a writer keeps can be read here");
}

std::unexpected<Status> wrong_kind(const MappedSection& section) {
    return wrong_kind(section.object.address, section.view.geometry().delivery);
}

std::unexpected<Status> wrong_kind(const SectionAddress& address, Delivery delivery) {
    const std::string what = to_string(address);
    switch (delivery) {
        case Delivery::kLatest:
        case Delivery::kEach:
            return fail(Code::kUsage, what + " carries frames", Remedy::kReceiveFrames);
        case Delivery::kBuffer:
            return fail(Code::kUsage, what + " is a buffer", Remedy::kReadBuffer);
        default:
            return fail(Code::kUsage, what + " carries files", Remedy::kReceivePayloads);
    }
}

std::unexpected<Status> opened_before_fork(const MappedSection& section) {
    return opened_before_fork(to_string(section.object.address));
}

Status explain(const MappedSection& section, Status failure) {
    if (failure.code == Code::kInterrupted || failure.code == Code::kUsage) return failure;
    const std::string what = to_string(section.object.address);
    const std::uint64_t whole = section.ident.section_bytes;
    const auto now = platform::object_bytes_now(section.object);
    if (now && *now < whole)
        return {Code::kIo,
                what + " was cut while it was in use: " + std::to_string(*now) + " of " +
                    std::to_string(whole) + " bytes are left",
                "somebody shortened its file; remove it and start again", 0};
    if (section.lost())
        return {Code::kIo, what + " lost some of its memory while it was in use",
                "its file system is full or failing, or somebody cut its file", 0};
    return failure;
}

Result<void> check_whole(const MappedSection& section) {
    Status found = explain(section, Status{Code::kSystem, {}});
    if (found.code == Code::kIo) return std::unexpected(std::move(found));
    return {};
}

bool writer_lives(const platform::SharedObject& object) {
    return platform::role_is_held(object, layout::kRoleWriter).value_or(true);
}

std::unexpected<Status> name_was_taken_away(const platform::SharedObject& object) {
    return fail(Code::kPeerGone,
                to_string(object.address) +
                    " was removed while its writer was at work: no reader "
                    "can find it any more",
                Remedy::kFindRemover);
}

Result<bool> remove_if_current(const platform::SharedObject& object) {
    if (object.mark.inherited()) return opened_before_fork(to_string(object.address));
    const std::int64_t give_up_ns = platform::monotonic_ns() + kRemovalWaitMs * 1'000'000;
    // The name is examined and unlinked under the remover's role. Without it another remover could
    // free the name between the two steps, and this one would unlink the successor's section.
    auto role = platform::try_lock_role(object, layout::kRoleRemover);
    while (!role && role.error().code == Code::kBusy && platform::monotonic_ns() < give_up_ns) {
        platform::sleep_us(1000);
        role = platform::try_lock_role(object, layout::kRoleRemover);
    }
    if (!role) return std::unexpected(role.error());
    TRY_ASSIGN(auto current, platform::is_current(object));
    if (!current) return false;
    TRY(platform::unlink_object(object));
    return true;
}

Result<void> remove_object(const platform::SharedObject& object) {
    TRY_ASSIGN(const auto removed, remove_if_current(object));
    if (removed) return {};
    TRY_ASSIGN(auto gone, platform::is_removed(object));
    if (gone) return {};
    return fail(Code::kIo,
                to_string(object.address) + " was moved while it was in use, and is not removed",
                "remove it where it is now");
}

Remains remains_of(Delivery delivery, const layout::WriterLine& line) {
    if (delivery == Delivery::kBuffer) return Remains::kKept;
    // not slept for; acquire: partner is the store in RingWriter::set_state
    const auto state = shared::load(line.state, std::memory_order_acquire);
    const bool kept = delivery == Delivery::kKeep && state == layout::kStateEnded;
    return kept ? Remains::kKept : Remains::kAbandoned;
}

bool is_cut(const SectionFront& section) {
    return section.object.object_bytes < section.geometry.section_bytes;
}

Remains remains_of(const SectionFront& section) {
    if (is_cut(section)) return Remains::kAbandoned;
    return remains_of(section.geometry.delivery, writer_line_of(section));
}

bool is_usable(const platform::SharedObject& object, Delivery delivery,
               const layout::WriterLine& line) {
    // The lock is asked first: a writer that ended before it died is then seen to have ended.
    const bool lives = writer_lives(object);
    if (remains_of(delivery, line) == Remains::kKept) return true;
    // not slept for; acquire: partners are the stores in RingWriter::set_state and
    // FrameRingWriter::set_state
    const auto state = shared::load(line.state, std::memory_order_acquire);
    return lives && state < layout::kStateEnded;
}

bool is_usable(const MappedSection& section) {
    return is_usable(section.object, section.view.geometry().delivery, section.view.writer_line());
}

bool is_usable(const SectionFront& section) {
    return is_usable(section.object, section.geometry.delivery, writer_line_of(section));
}

void SectionPeers::sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) {
    if (section_->ident.wake == platform::native_wake())
        return platform::sleep_on(word, seen, timeout_ms);
    // A peer of this system rings the native bell. A peer of another system only changes the word,
    // so the word is looked at, less and less often.
    const std::int64_t began_ms = now_ms();
    std::int64_t waited_ms = 0;
    do {
        const std::int64_t step_ms = std::clamp(waited_ms / 8, kLookFirstMs, kLookLastMs);
        platform::sleep_on(word, seen, std::min(step_ms, timeout_ms - waited_ms));
        // acquire: partner is the ringer's change of the word
        if (shared::load(word, std::memory_order_acquire) != seen) return;
        waited_ms = now_ms() - began_ms;
    } while (waited_ms < timeout_ms);
}

// A nap does not hear peers of another system, but they could not ring for it anyway.
void SectionPeers::nap_on(std::uint32_t& word, std::uint32_t seen) {
    platform::nap_on(word, seen);
}

void SectionPeers::ring(std::uint32_t& word, std::uint32_t before) {
    platform::ring(word, before);
}

bool SectionPeers::writer_lives() {
    return mapferry::writer_lives(section_->object);
}

bool SectionPeers::reader_lives(std::uint32_t reader) {
    return platform::role_is_held(section_->object, layout::kRoleReaderBase + reader)
        .value_or(true);
}

// Also notices that the file was cut where nobody touches its bytes during the wait.
bool SectionPeers::memory_is_lost() {
    return !check_whole(*section_);
}

bool SectionPeers::is_found_by_name(std::int64_t now_ns) {
    const std::int64_t age_ns = now_ns - name_looked_for_ns_;
    // A negative age comes of a clock that was set back: then the name is looked for at once.
    if (!has_name_ || (age_ns >= 0 && age_ns < kNameLookNs)) return has_name_;
    name_looked_for_ns_ = now_ns;
    has_name_ = platform::is_current(section_->object).value_or(true);
    return has_name_;
}

void SectionPeers::pause() {
    for (int i = 0; i < kPausesForALook; ++i)
        platform::spin_pause();
}

std::int64_t SectionPeers::now_ms() {
    return platform::monotonic_ns() / 1'000'000;
}

}  // namespace mapferry::inline v1
