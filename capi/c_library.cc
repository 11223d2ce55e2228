// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "capi/c_objects.h"
#include "mapferry/fault_guard.h"
#include "mapferry/version.h"
#include "mapferry/wait_any.h"

using namespace mapferry;
using namespace mapferry::capi;

static_assert(MAPFERRY_HEADER_VERSION ==
              kVersionMajor * 10000 + kVersionMinor * 100 + kVersionPatch);
static_assert(MAPFERRY_USAGE == static_cast<int>(Code::kUsage));
static_assert(MAPFERRY_NOT_FOUND == static_cast<int>(Code::kNotFound));
static_assert(MAPFERRY_NOT_READY == static_cast<int>(Code::kNotReady));
static_assert(MAPFERRY_BUSY == static_cast<int>(Code::kBusy));
static_assert(MAPFERRY_STILL_FILLING == static_cast<int>(Code::kStillFilling));
static_assert(MAPFERRY_TIMED_OUT == static_cast<int>(Code::kTimedOut));
static_assert(MAPFERRY_INTERRUPTED == static_cast<int>(Code::kInterrupted));
static_assert(MAPFERRY_PEER_GONE == static_cast<int>(Code::kPeerGone));
static_assert(MAPFERRY_EVICTED == static_cast<int>(Code::kEvicted));
static_assert(MAPFERRY_CORRUPT == static_cast<int>(Code::kCorrupt));
static_assert(MAPFERRY_FORMAT_VERSION == static_cast<int>(Code::kVersion));
static_assert(MAPFERRY_PERMISSION == static_cast<int>(Code::kPermission));
static_assert(MAPFERRY_CANNOT_CREATE == static_cast<int>(Code::kCannotCreate));
static_assert(MAPFERRY_IO == static_cast<int>(Code::kIo));
static_assert(MAPFERRY_OUT_OF_MEMORY == static_cast<int>(Code::kOutOfMemory));
static_assert(MAPFERRY_SYSTEM == static_cast<int>(Code::kSystem));

namespace {

// A handle that a caller passes, for wait_any().
struct PassedHandle {
    NativeHandle handle;
    [[nodiscard]] Result<NativeHandle> notification_handle() const { return handle; }
};

}  // namespace

int32_t mapferry_version(void) noexcept {
    return MAPFERRY_HEADER_VERSION;
}

const char* mapferry_version_text(void) noexcept {
    return kVersion.data();
}

const char* mapferry_code_name(int32_t code) noexcept {
    if (code == MAPFERRY_OK) return "ok";
    if (code == MAPFERRY_END) return "end";
    if (code == MAPFERRY_NOTHING) return "nothing";
    if (code < MAPFERRY_USAGE || code > MAPFERRY_SYSTEM) return "unknown";
    return code_name(Code{static_cast<std::uint8_t>(code)}).data();
}

const char* mapferry_remedy_name(int32_t remedy) noexcept {
    if (remedy < 0 || static_cast<std::size_t>(remedy) >= kRemedyCount) return "";
    return remedy_name(Remedy{static_cast<std::uint8_t>(remedy)}).data();
}

int32_t mapferry_stop_new(mapferry_stop** stop) noexcept {
    return run_into(stop, [&]() -> Result<void> {
        hand_out(stop, std::make_shared<std::atomic<int>>(0));
        return {};
    });
}

// relaxed: the flag alone is the message
void mapferry_stop_raise(mapferry_stop* stop) noexcept {
    if (stop != nullptr) stop->flag->store(1, std::memory_order_relaxed);
}

void mapferry_stop_lower(mapferry_stop* stop) noexcept {
    if (stop != nullptr) stop->flag->store(0, std::memory_order_relaxed);
}

int32_t mapferry_stop_is_raised(const mapferry_stop* stop) noexcept {
    return stop != nullptr && stop->flag->load(std::memory_order_relaxed) != 0 ? 1 : 0;
}

void mapferry_stop_free(mapferry_stop* stop) noexcept {
    delete stop;
}

const char* mapferry_bytes_data(const mapferry_bytes* bytes) noexcept {
    return bytes != nullptr ? bytes->content.c_str() : "";
}

size_t mapferry_bytes_size(const mapferry_bytes* bytes) noexcept {
    return bytes != nullptr ? bytes->content.size() : 0;
}

void mapferry_bytes_free(mapferry_bytes* bytes) noexcept {
    delete bytes;
}

int32_t mapferry_install_fault_guard(void) noexcept {
    return run([] { return install_fault_guard(); });
}

int32_t mapferry_wait_any(const int64_t* handles, int32_t count, int32_t timeout_ms,
                          int32_t* index) noexcept {
    return run_into(index, [&]() -> Result<void> {
        if (handles == nullptr) return is_null("the list of handles");
        if (count < 0) return fail(Code::kUsage, "the number of handles is negative");
        std::vector<Waitable> readers;
        for (std::int32_t i = 0; i < count; ++i) {
            PassedHandle passed{handle_of<NativeHandle>(handles[i])};
            readers.emplace_back(passed);
        }
        const auto which = wait_any(readers, timeout_of(timeout_ms));
        if (!which) return std::unexpected(which.error());
        *index = static_cast<std::int32_t>(*which);
        return {};
    });
}
