// SPDX-License-Identifier: Apache-2.0
#include "capi/c_objects.h"
#include "capi/c_section_text.h"
#include "capi/c_section_words.h"

using namespace mapferry;
using namespace mapferry::capi;

static_assert(MAPFERRY_LINGER_NOT_NEEDED == static_cast<int>(LingerEnd::kNotNeeded));
static_assert(MAPFERRY_LINGER_CONSUMED == static_cast<int>(LingerEnd::kConsumed));
static_assert(MAPFERRY_LINGER_REMOVED == static_cast<int>(LingerEnd::kRemoved));
static_assert(MAPFERRY_LINGER_TIMED_OUT == static_cast<int>(LingerEnd::kTimedOut));

struct mapferry_buffer {
    StopFlag stop;
    SharedBuffer buffer;
    std::optional<SharedBufferLock> lock = {};  ///< set while this handle has it
};

namespace {

Result<SharedBuffer> open_buffer(const char* section, const char* options, const StopFlag& stop) {
    auto address = parse_section(section);
    if (!address) return std::unexpected(address.error());
    BufferWords words;
    words.options.address = std::move(*address);
    words.options.stop = stop.get();
    if (auto read = read_options(options, words.list()); !read)
        return std::unexpected(read.error());
    using Mode = BufferWords::Mode;
    const Mode by_size = words.options.size_bytes != 0 ? Mode::kOpenOrCreate : Mode::kOpen;
    const Mode mode = words.mode == Mode::kBySize ? by_size : words.mode;
    if (mode == Mode::kCreate) return SharedBuffer::create(words.options);
    if (mode == Mode::kOpen) return SharedBuffer::open(words.options);
    return SharedBuffer::open_or_create(words.options);
}

}  // namespace

int32_t mapferry_buffer_open(const char* section, const char* options, mapferry_stop* stop,
                             mapferry_buffer** buffer) noexcept {
    return run_into(buffer, [&]() -> Result<void> {
        StopFlag flag = flag_of(stop);
        auto opened = open_buffer(section, options, flag);
        if (!opened) return std::unexpected(opened.error());
        hand_out(buffer, std::move(flag), std::move(*opened));
        return {};
    });
}

int64_t mapferry_buffer_value(const mapferry_buffer* buffer, int32_t key) noexcept {
    return ask(buffer, MAPFERRY_UNKNOWN_KEY, [key](const mapferry_buffer& one) -> std::int64_t {
        switch (key) {
            case MAPFERRY_BUFFER_SIZE:
                return static_cast<std::int64_t>(one.buffer.size_bytes());
            case MAPFERRY_BUFFER_ALREADY_EXISTED:
                return one.buffer.already_existed() ? 1 : 0;
            case MAPFERRY_BUFFER_READ_ONLY:
                return one.buffer.access() == BufferAccess::kReadOnly ? 1 : 0;
            case MAPFERRY_BUFFER_IS_LOCKED:
                return one.lock ? 1 : 0;
            case MAPFERRY_BUFFER_PREVIOUS_HOLDER_DIED:
                return one.lock && one.lock->previous_holder_died() ? 1 : 0;
            case MAPFERRY_BUFFER_PERSISTS:
                return one.buffer.section_persists() ? 1 : 0;
            default:
                return MAPFERRY_UNKNOWN_KEY;
        }
    });
}

int32_t mapferry_buffer_lock(mapferry_buffer* buffer, int32_t timeout_ms) noexcept {
    return run_on(buffer, [&](mapferry_buffer& one) -> Result<void> {
        auto lock = one.buffer.lock(timeout_of(timeout_ms));
        if (!lock) return std::unexpected(lock.error());
        one.lock.emplace(std::move(*lock));
        return {};
    });
}

int32_t mapferry_buffer_unlock(mapferry_buffer* buffer) noexcept {
    return run_on(buffer, [](mapferry_buffer& one) -> Result<void> {
        if (!one.lock) return fail(Code::kUsage, "this handle does not have the buffer's lock");
        // Fails in a child made by fork(), where the lock is the parent's.
        const auto tried = one.lock->read_at(0, {});
        if (!tried && tried.error().code == Code::kUsage) return std::unexpected(tried.error());
        one.lock.reset();
        return {};
    });
}

void* mapferry_buffer_data(mapferry_buffer* buffer) noexcept {
    return ask(buffer, static_cast<void*>(nullptr), [](mapferry_buffer& one) -> void* {
        if (!one.lock) return nullptr;
        // Pages of a read-only buffer can't be written to, whatever the pointer's type says.
        return const_cast<std::byte*>(one.lock->bytes().data());
    });
}

int32_t mapferry_buffer_read(const mapferry_buffer* buffer, size_t offset, void* target,
                             size_t size, size_t* done) noexcept {
    if (done != nullptr) *done = 0;
    return run_on(buffer, [&](const mapferry_buffer& one) -> Result<void> {
        const auto place = place_of(target, size);
        if (!place) return std::unexpected(place.error());
        const auto count =
            one.lock ? one.lock->read_at(offset, *place) : one.buffer.read_unlocked(offset, *place);
        if (!count) return std::unexpected(count.error());
        if (done != nullptr) *done = *count;
        return {};
    });
}

int32_t mapferry_buffer_write(mapferry_buffer* buffer, size_t offset, const void* data, size_t size,
                              size_t* done) noexcept {
    if (done != nullptr) *done = 0;
    return run_on(buffer, [&](mapferry_buffer& one) -> Result<void> {
        const auto bytes = bytes_of(data, size);
        if (!bytes) return std::unexpected(bytes.error());
        const auto count = one.lock ? one.lock->write_at(offset, *bytes)
                                    : one.buffer.write_unlocked(offset, *bytes);
        if (!count) return std::unexpected(count.error());
        if (done != nullptr) *done = *count;
        return {};
    });
}

int32_t mapferry_buffer_check(const mapferry_buffer* buffer) noexcept {
    return run_on(buffer, [](const mapferry_buffer& one) { return one.buffer.check(); });
}

int32_t mapferry_buffer_linger(mapferry_buffer* buffer, int32_t timeout_ms,
                               int32_t* ended) noexcept {
    if (ended != nullptr) *ended = 0;
    return run_on(buffer, [&](mapferry_buffer& one) -> Result<void> {
        const auto end = one.buffer.linger(timeout_of(timeout_ms));
        if (!end) return std::unexpected(end.error());
        if (ended != nullptr) *ended = static_cast<std::int32_t>(*end);
        return {};
    });
}

void mapferry_buffer_close(mapferry_buffer* buffer) noexcept {
    delete buffer;
}
