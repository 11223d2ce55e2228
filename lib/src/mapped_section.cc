#include "mapped_section.h"

#include <algorithm>
#include <cstring>

#include "mapferry/file_name.h"
#include "mapferry/units.h"
#include "shared_access.h"

namespace mapferry {

namespace {

// How long a removal waits for another remover, who does nothing but examine and unlink.
constexpr std::int64_t kRemovalWaitMs = 5000;
// Each look at the news takes their line away from the writer, who has more to write there.
constexpr int kPausesForALook = 8;
// How often a polled bell's word is looked at. Measured: docs/decisions/0008.
constexpr std::int64_t kLookFirstMs = 1;
constexpr std::int64_t kLookLastMs = 10;
// Removed under our feet by others: each round somebody else made progress.
constexpr int kCreateRounds = 1000;

Result<void> map_section(MappedSection& section, const Geometry& geometry, std::uint64_t epoch,
                         platform::Access payload_access) {
    auto header =
        platform::map(section.object, 0, geometry.payload_offset, platform::Access::kReadWrite);
    if (!header) return pass(header.error());
    auto payload = platform::map(section.object, geometry.payload_offset,
                                 geometry.section_bytes - geometry.payload_offset, payload_access);
    if (!payload) return pass(payload.error());
    section.header = std::move(*header);
    section.payload = std::move(*payload);
    section.view = SectionView(section.header.data(), section.payload.data(), geometry, epoch);
    return {};
}

// A file may be opened from another operating system, whose bells nobody here hears.
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
    // release: everything else first; partner is the acquire load in load_ident
    shared::store(target.magic, layout::kMagic, std::memory_order_release);
}

std::uint64_t bytes_now(const Geometry& geometry, ReserveNow reserve) {
    switch (reserve) {
        case ReserveNow::kAll:
            return geometry.section_bytes;
        case ReserveNow::kAllButPayload:
            return geometry.payload_offset;
        case ReserveNow::kHeaderOnly:
            break;
    }
    return geometry.slots_offset;
}

// Builds the complete section under no name, the writer's role locked.
Result<void> build_section(MappedSection& section, const Geometry& geometry, ReserveNow reserve) {
    auto role = platform::try_lock_role(section.object, layout::kRoleWriter);
    if (!role) return pass(role.error());
    section.role = std::move(*role);
    if (auto reserved = platform::reserve(section.object, 0, bytes_now(geometry, reserve));
        !reserved)
        return reserved;
    if (auto mapped =
            map_section(section, geometry, platform::random_u64(), platform::Access::kReadWrite);
        !mapped)
        return mapped;
    publish_ident(section, geometry);
    return {};
}

std::unexpected<Status> name_taken(const SectionAddress& address, const std::string& why,
                                   std::string hint) {
    return fail(Code::kCannotCreate, to_string(address) + " " + why, std::move(hint));
}

std::string removal_command(const SectionAddress& address) {
    if (address.backing_path.empty()) return "mapferry-reader rm " + address.name;
    return "mapferry-reader rm --backing " + address.backing_path;
}

// Makes way for a new section where a dead writer's stands; kCannotCreate where that is not so.
Result<void> remove_abandoned(const SectionAddress& address) {
    auto section = open_section(address);
    if (!section) {
        switch (section.error().code) {
            case Code::kNotFound:
                return {};  // gone meanwhile
            case Code::kNotReady:
            case Code::kCorrupt:
            case Code::kVersion:
                return name_taken(address, "exists and is not a section of this version",
                                  address.backing_path.empty()
                                      ? "remove it: " + removal_command(address)
                                      : "choose another file for --backing");
            case Code::kPermission:
                return fail(Code::kCannotCreate, section.error().message, section.error().hint);
            default:
                return pass(section.error());
        }
    }
    // Only looked at, not taken: others would take the cleaner for a living writer. Nobody takes a
    // dead writer's role again, so the answer stays true.
    if (writer_lives(section->object))
        return name_taken(address, "is in use by a living writer",
                          "choose another name with --name");
    if (section->view.geometry().delivery == Delivery::kBuffer)
        return name_taken(address, "is a buffer",
                          "choose another name, or remove it: " + removal_command(address));
    if (remains_of(*section) == Remains::kKept)
        return name_taken(
            address, "holds a kept payload",
            "take it with mapferry-reader --consume, or remove it: " + removal_command(address));
    auto removed = remove_if_current(section->object);
    if (!removed) return pass(removed.error());
    return {};
}

// One acquire load, then each word once; the copy is all that anybody looks at.
layout::Ident load_ident(const layout::Ident& shared_ident) {
    // acquire: partner is the release store in publish_ident
    const std::uint64_t magic = shared::load(shared_ident.magic, std::memory_order_acquire);
    layout::Ident ident = shared::snapshot(shared_ident);
    ident.magic = magic;
    return ident;
}

}  // namespace

Result<MappedSection> prepare_section(const SectionAddress& address, const Geometry& geometry,
                                      ReserveNow reserve) {
    if (auto checked = check_section_name(address.name); !checked) return pass(checked.error());
    auto object = platform::create_object(address, geometry.section_bytes);
    if (!object) return pass(object.error());
    MappedSection section;
    section.object = std::move(*object);
    if (auto built = build_section(section, geometry, reserve); !built) return pass(built.error());
    return section;
}

Result<void> publish_section(platform::SharedObject& object) {
    for (int round = 0; round < kCreateRounds; ++round) {
        auto published = platform::publish_object(object);
        if (published || published.error().code != Code::kCannotCreate) return published;
        if (auto removed = remove_abandoned(object.address); !removed) return removed;
    }
    return name_taken(object.address, "is created by others over and over", "");
}

Result<MappedSection> open_section(const SectionAddress& address, platform::Access payload_access) {
    if (auto checked = check_section_name(address.name); !checked) return pass(checked.error());
    auto object = platform::open_object(address);
    if (!object) return pass(object.error());
    MappedSection section;
    section.object = std::move(*object);
    if (section.object.object_bytes < layout::kReadersOffset)
        return fail(section.object.object_bytes == 0 ? Code::kNotReady : Code::kCorrupt,
                    to_string(address) + " is too short to be a section");
    {
        auto front =
            platform::map(section.object, 0, layout::kReadersOffset, platform::Access::kRead);
        if (!front) return pass(front.error());
        section.ident = load_ident(*reinterpret_cast<const layout::Ident*>(front->data()));
        if (front->lost())
            return fail(Code::kIo, to_string(address) + " was cut while it was being opened");
    }
    auto geometry = validate(section.ident, section.object.object_bytes);
    if (!geometry) {
        Status status = geometry.error();
        status.message = to_string(address) + ": " + status.message;
        return pass(std::move(status));
    }
    if (auto mapped = map_section(section, *geometry, section.ident.epoch, payload_access); !mapped)
        return pass(mapped.error());
    return section;
}

std::unexpected<Status> wrong_kind(const MappedSection& section) {
    const std::string what = to_string(section.object.address);
    switch (section.view.geometry().delivery) {
        case Delivery::kLatest:
        case Delivery::kEach:
            return fail(Code::kUsage, what + " carries frames",
                        "receive them with mapferry-reader --frames");
        case Delivery::kBuffer:
            return fail(Code::kUsage, what + " is a buffer",
                        "look into it with mapferry-reader --buffer NAME");
        default:
            return fail(Code::kUsage, what + " carries files",
                        "receive them with mapferry-reader, without --frames or --buffer");
    }
}

Status explained(const MappedSection& section, Status failure) {
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
    Status found = explained(section, Status{Code::kSystem, {}});
    if (found.code == Code::kIo) return pass(std::move(found));
    return {};
}

bool writer_lives(const platform::SharedObject& object) {
    return platform::role_is_held(object, layout::kRoleWriter).value_or(true);
}

Result<bool> remove_if_current(const platform::SharedObject& object) {
    const std::int64_t give_up_ns = platform::monotonic_ns() + kRemovalWaitMs * 1'000'000;
    auto role = platform::try_lock_role(object, layout::kRoleRemover);
    while (!role && role.error().code == Code::kBusy && platform::monotonic_ns() < give_up_ns) {
        platform::sleep_us(1000);
        role = platform::try_lock_role(object, layout::kRoleRemover);
    }
    if (!role) return pass(role.error());
    auto current = platform::is_current(object);
    if (!current) return pass(current.error());
    if (!*current) return false;
    if (auto removed = platform::unlink_object(object); !removed) return pass(removed.error());
    return true;
}

Remains remains_of(const MappedSection& section) {
    if (section.view.geometry().delivery == Delivery::kBuffer) return Remains::kKept;
    // acquire: partner is the store in RingWriter::set_state
    const auto state = shared::load(section.view.writer_line().state, std::memory_order_acquire);
    const bool kept =
        section.view.geometry().delivery == Delivery::kKeep && state == layout::kStateEnded;
    return kept ? Remains::kKept : Remains::kAbandoned;
}

void SectionPeers::sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) {
    if (section_->ident.wake == platform::native_wake())
        return platform::sleep_on(word, seen, timeout_ms);
    // The native bell is heard from peers of this system; the others' changes are looked for, less
    // and less often.
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

// Also of a section that was cut where nobody looks while it waits.
bool SectionPeers::memory_is_lost() {
    return !check_whole(*section_);
}

void SectionPeers::pause() {
    for (int i = 0; i < kPausesForALook; ++i)
        platform::spin_pause();
}

std::int64_t SectionPeers::now_ms() {
    return platform::monotonic_ns() / 1'000'000;
}

}  // namespace mapferry
