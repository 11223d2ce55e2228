// SPDX-License-Identifier: Apache-2.0
#include "mapferry/shared_buffer.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "buffer/holder_mark.h"
#include "format/geometry_plan.h"
#include "ring/bell.h"
#include "ring/patience.h"
#include "section/mapped_section.h"
#include "section/occupied_name.h"
#include "section/present_bytes.h"
#include "section/section_call.h"
#include "section/wait_for_section.h"

namespace mapferry::inline v1 {

namespace {

// A holder that dies rings no bell, so a waiter looks for the lock this often.
constexpr std::int64_t kLookForLockMs = 10;
// In each round of opening and creating another process made progress; none does so for long.
constexpr std::chrono::milliseconds kSettle{10'000};

std::int64_t now_ms() {
    return platform::monotonic_ns() / 1'000'000;
}

enum class Making : std::uint8_t { kOpen, kCreate, kEither };

struct Opened {
    MappedSection section;
    bool already_existed = false;
};

// Empty: there is no buffer yet, or it has just gone.
using MaybeOpened = std::optional<Opened>;

std::string size_text(std::uint64_t bytes) {
    return std::to_string(bytes) + " bytes";
}

// Whether a buffer can't be here before this section has made way. One that was cut holds nothing
// that anybody could use.
bool is_in_the_way(const SectionFront& section, Making making) {
    if (section.geometry.delivery != Delivery::kBuffer) return true;
    return making != Making::kOpen && is_cut(section);
}

// Removes a dead writer's section to make room for a buffer, as a writer does for its section.
Result<void> make_way(const SectionFront& section, Making making) {
    const auto wrong = wrong_kind(section.object.address, section.geometry.delivery);
    if (making == Making::kOpen && is_usable(section)) return wrong;
    if (making == Making::kOpen) return {};
    if (writer_lives(section.object) || remains_of(section) == Remains::kKept) {
        const Status& status = wrong.error();
        return fail(Code::kCannotCreate, status.message + " and is no buffer",
                    "choose another name");
    }
    return clear_remains(section.object);
}

Result<MaybeOpened> try_open(const SharedBufferOptions& options, Making making) {
    const bool writes = options.access == BufferAccess::kReadWrite;
    auto front = open_front(options.address);
    if (!front) {
        const Code code = front.error().code;
        const bool may_come = code == Code::kNotFound || code == Code::kNotReady;
        if (making == Making::kOpen && !may_come) return std::unexpected(front.error());
        if (making == Making::kOpen) return MaybeOpened();
        // A process that creates a buffer reports a taken name in the same way as a writer.
        TRY(taken_by_no_section(options.address, front.error()));
        return MaybeOpened();
    }
    const Geometry& geometry = front->geometry;
    if (is_in_the_way(*front, making)) {
        TRY(make_way(*front, making));
        return MaybeOpened();
    }
    if (making == Making::kCreate)
        return fail(Code::kCannotCreate,
                    to_string(options.address) + " exists: it is a buffer of " +
                        size_text(geometry.buffer_bytes),
                    "open it, or choose another name");
    if (options.size_bytes != 0 && options.size_bytes != geometry.buffer_bytes)
        return fail(Code::kCannotCreate,
                    to_string(options.address) + " is a buffer of " +
                        size_text(geometry.buffer_bytes) + ", not of " +
                        size_text(options.size_bytes),
                    "give its size, or no size, or choose another name");
    if (writes && front->object.access == platform::Access::kRead)
        return fail(Code::kPermission, to_string(options.address) + " can only be read here",
                    "read it, or run this where it can be written");
    TRY_ASSIGN(auto section, map_whole(std::move(*front), writes ? platform::Access::kReadWrite
                                                                 : platform::Access::kRead));
    TRY(check_present(section));
    TRY_ASSIGN(auto shared, platform::share_name(section.object));
    if (!shared) return MaybeOpened();  // removed at this moment
    return MaybeOpened(Opened{.section = std::move(section), .already_existed = true});
}

// Returns the prepared section if it got the name.
Result<MaybeOpened> try_create(const SharedBufferOptions& options,
                               std::optional<MappedSection>& prepared) {
    if (!prepared) {
        TRY_ASSIGN(auto geometry, plan_buffer(options.size_bytes));
        TRY_ASSIGN(prepared, prepare_section(options.address, geometry, ReserveNow::kAll));
    }
    auto published = platform::publish_object(prepared->object);
    if (!published && published.error().code == Code::kCannotCreate) return MaybeOpened();
    if (!published) return std::unexpected(published.error());
    // The writer's role only showed that the creation was under way.
    prepared->role.release();
    return MaybeOpened(Opened{.section = std::move(*prepared), .already_existed = false});
}

Status nothing_there(const SharedBufferOptions& options, Making making) {
    const std::string what = to_string(options.address);
    auto front = open_front(options.address);
    if (!front && front.error().code == Code::kNotReady)
        return still_no_section(front.error(), options.timeout);
    const SectionAddress& address = options.address;
    if (making != Making::kOpen)
        return {Code::kCannotCreate, what + " is made and removed by others over and over",
                "choose another name", 0};
    if (to_ms(options.timeout) == 0)
        return about(address,
                     {Code::kNotFound, "there is no " + what, {}, 0, Remedy::kCreateBuffer});
    return about(address,
                 {Code::kTimedOut,
                  what + " did not appear within " + std::to_string(to_ms(options.timeout)) + " ms",
                  "wait longer", 0, Remedy::kCreateBuffer});
}

Result<Opened> obtain(const SharedBufferOptions& options, Making making) {
    const bool creates = making != Making::kOpen;
    if (creates && options.access != BufferAccess::kReadWrite)
        return fail(Code::kUsage, "a buffer that is opened read-only can't be created");
    if (creates || options.size_bytes != 0) TRY(plan_buffer(options.size_bytes));
    const SectionWait wait(creates ? Timeout(kSettle) : options.timeout, options.stop);
    std::optional<MappedSection> prepared;
    while (true) {
        auto found = try_open(options, making);
        if (found && !*found && creates) found = try_create(options, prepared);
        if (!found) return std::unexpected(found.error());
        if (*found) return std::move(**found);
        TRY_ASSIGN(const bool in_time, wait.next_look());
        if (!in_time) return std::unexpected(nothing_there(options, making));
    }
}

}  // namespace

struct SharedBuffer::Impl {
    Impl(const SharedBufferOptions& wanted, Opened opened)
        : options(wanted),
          section(std::move(opened.section)),
          peers(section),
          already_existed(opened.already_existed) {}

    [[nodiscard]] std::uint64_t size_bytes() const { return section.view.geometry().buffer_bytes; }
    [[nodiscard]] std::span<std::byte> bytes() const {
        return {section.payload.data(), static_cast<std::size_t>(size_bytes())};
    }
    // The number of the `wanted` bytes that lie between `offset` and the end.
    [[nodiscard]] std::size_t within(std::uint64_t offset, std::size_t wanted) const {
        if (offset >= size_bytes()) return 0;
        return static_cast<std::size_t>(std::min<std::uint64_t>(wanted, size_bytes() - offset));
    }
    // A process that can't write can leave nothing half changed and can repair nothing, so its lock
    // does not touch the mark.
    [[nodiscard]] bool may_write() const { return options.access == BufferAccess::kReadWrite; }
    [[nodiscard]] const MappedSection& mapped_section() const { return section; }
    static Result<SharedBuffer> make(const SharedBufferOptions& options, Making making);
    Result<void> check();
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> target);
    Result<std::size_t> write_at(std::uint64_t offset, std::span<const std::byte> bytes);
    Result<bool> lock(platform::RoleLock& role, Timeout timeout);
    Result<platform::RoleLock> await_lock(std::int64_t timeout_ms);
    Result<LingerEnd> linger(Timeout timeout);

    SharedBufferOptions options;
    MappedSection section;
    SectionPeers peers;
    bool already_existed;
    bool locked = false;  // by a SharedBufferLock of this object
};

Result<void> SharedBuffer::Impl::check() {
    TRY(check_whole(section));
    if (!may_write()) return {};
    return platform::check_stored(section.object);
}

Result<SharedBuffer> SharedBuffer::Impl::make(const SharedBufferOptions& options, Making making) {
    TRY_ASSIGN(auto opened, obtain(options, making));
    return SharedBuffer(std::make_shared<Impl>(options, std::move(opened)));
}

Result<std::size_t> SharedBuffer::Impl::read_at(std::uint64_t offset, std::span<std::byte> target) {
    const std::size_t count = within(offset, target.size());
    if (count != 0) std::memcpy(target.data(), section.payload.data() + offset, count);
    TRY(require_intact(section, Result<void>()));
    return count;
}

Result<std::size_t> SharedBuffer::Impl::write_at(std::uint64_t offset,
                                                 std::span<const std::byte> bytes) {
    if (!may_write())
        return fail(Code::kPermission, to_string(options.address) + " was opened for reading only");
    const std::size_t count = within(offset, bytes.size());
    if (count != 0) std::memcpy(section.payload.data() + offset, bytes.data(), count);
    TRY(require_intact(section, Result<void>()));
    return count;
}

// Returns whether the holder before this one died.
Result<bool> SharedBuffer::Impl::lock(platform::RoleLock& role, Timeout timeout) {
    if (locked)
        return fail(Code::kUsage,
                    "this process has the lock of " + to_string(options.address) + " already");
    TRY_ASSIGN(role, require_intact(section, await_lock(to_ms(timeout))));
    locked = true;
    layout::BufferLine& line = section.view.buffer_line();
    return may_write() ? set_mark(line) : sees_mark(line);
}

Result<LingerEnd> SharedBuffer::Impl::linger(Timeout timeout) {
    if (platform::section_persists(section.object)) return LingerEnd::kNotNeeded;
    return linger_for(section.object, timeout, options.stop, [] { return false; });
}

struct SharedBufferLock::Held {
    [[nodiscard]] const MappedSection& mapped_section() const { return buffer->section; }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> target) {
        return buffer->read_at(offset, target);
    }
    Result<std::size_t> write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
        return buffer->write_at(offset, bytes);
    }

    std::shared_ptr<SharedBuffer::Impl> buffer;
    platform::RoleLock role;  // goes before the buffer
};

// The lock is the kernel's; the bell of the line only makes a waiter look sooner. The holder rings
// after the kernel has released the lock. The kernel checks its locks under a lock of its own, and
// that orders both sides: a waiter that tries once more after raising `sleeping` either gets the
// lock or is rung.
Result<platform::RoleLock> SharedBuffer::Impl::await_lock(std::int64_t timeout_ms) {
    const std::int64_t began_ms = now_ms();
    auto role = platform::try_lock_role(section.object, layout::kRoleBufferHolder);
    const auto is_settled = [&role] { return role || role.error().code != Code::kBusy; };
    while (!is_settled()) {
        TRY(check_stop(options.stop));
        const std::int64_t left_ms = timeout_ms - (now_ms() - began_ms);
        if (left_ms <= 0)
            return fail(Code::kTimedOut,
                        "the lock of " + to_string(section.object.address) +
                            " did not come free within " + std::to_string(timeout_ms) + " ms",
                        "its holder lives; end it", Remedy::kRaiseTimeout);
        sleep_at(section.view.buffer_line(), peers, std::min(left_ms, kLookForLockMs), [&] {
            role = platform::try_lock_role(section.object, layout::kRoleBufferHolder);
            return is_settled();
        });
        if (!is_settled())
            role = platform::try_lock_role(section.object, layout::kRoleBufferHolder);
    }
    return role;
}

SharedBufferLock::SharedBufferLock(std::unique_ptr<Held> held, bool previous_holder_died)
    : held_(std::move(held)), previous_holder_died_(previous_holder_died) {}
SharedBufferLock::SharedBufferLock(SharedBufferLock&&) noexcept = default;

SharedBufferLock& SharedBufferLock::operator=(SharedBufferLock&& other) noexcept {
    if (this != &other) {
        release();
        held_ = std::move(other.held_);
        previous_holder_died_ = other.previous_holder_died_;
    }
    return *this;
}

SharedBufferLock::~SharedBufferLock() {
    release();
}

std::span<const std::byte> SharedBufferLock::bytes() const {
    if (!held_ || held_->buffer->section.inherited()) return {};
    return held_->buffer->bytes();
}

std::span<std::byte> SharedBufferLock::writable_bytes() {
    if (!held_ || held_->buffer->section.inherited() || !held_->buffer->may_write()) return {};
    return held_->buffer->bytes();
}

Result<std::size_t> SharedBufferLock::read_at(std::uint64_t offset,
                                              std::span<std::byte> target) const {
    return call(held_.get(), &Held::read_at, offset, target);
}

Result<std::size_t> SharedBufferLock::write_at(std::uint64_t offset,
                                               std::span<const std::byte> bytes) {
    return call(held_.get(), &Held::write_at, offset, bytes);
}

void SharedBufferLock::release() noexcept {
    if (!held_) return;
    const std::unique_ptr<Held> held = std::move(held_);
    SharedBuffer::Impl& buffer = *held->buffer;
    if (buffer.section.inherited()) return;
    layout::BufferLine& line = buffer.section.view.buffer_line();
    if (buffer.may_write()) clear_mark(line);
    held->role.release();
    buffer.locked = false;
    ring_if_slept(line, buffer.peers, Told::by_kernel());
}

SharedBuffer::SharedBuffer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
SharedBuffer::SharedBuffer(SharedBuffer&&) noexcept = default;
SharedBuffer& SharedBuffer::operator=(SharedBuffer&&) noexcept = default;
SharedBuffer::~SharedBuffer() = default;

Result<SharedBuffer> SharedBuffer::create(const SharedBufferOptions& options) {
    return guarded([&] { return Impl::make(options, Making::kCreate); });
}

Result<SharedBuffer> SharedBuffer::open(const SharedBufferOptions& options) {
    return guarded([&] { return Impl::make(options, Making::kOpen); });
}

Result<SharedBuffer> SharedBuffer::open_or_create(const SharedBufferOptions& options) {
    return guarded([&] { return Impl::make(options, Making::kEither); });
}

std::uint64_t SharedBuffer::size_bytes() const {
    return ask(impl_.get(), &Impl::size_bytes);
}

bool SharedBuffer::already_existed() const {
    return ask(impl_.get(), &Impl::already_existed);
}

BufferAccess SharedBuffer::access() const {
    return ask(impl_.get(), [](const Impl& impl) { return impl.options.access; });
}

Result<void> SharedBuffer::check() const {
    return call(impl_.get(), &Impl::check);
}

Result<std::size_t> SharedBuffer::read_unlocked(std::uint64_t offset,
                                                std::span<std::byte> target) const {
    return call(impl_.get(), &Impl::read_at, offset, target);
}

Result<std::size_t> SharedBuffer::write_unlocked(std::uint64_t offset,
                                                 std::span<const std::byte> bytes) {
    return call(impl_.get(), &Impl::write_at, offset, bytes);
}

Result<SharedBufferLock> SharedBuffer::lock(Timeout timeout) {
    return guarded([&]() -> Result<SharedBufferLock> {
        auto held = std::make_unique<SharedBufferLock::Held>(impl_, platform::RoleLock());
        TRY_ASSIGN(const bool holder_died, call(impl_.get(), &Impl::lock, held->role, timeout));
        return SharedBufferLock(std::move(held), holder_died);
    });
}

bool SharedBuffer::section_persists() const {
    return ask(impl_.get(),
               [](const Impl& impl) { return platform::section_persists(impl.section.object); });
}

Result<LingerEnd> SharedBuffer::linger(Timeout timeout) {
    return call(impl_.get(), &Impl::linger, timeout);
}

}  // namespace mapferry::inline v1
