// SPDX-License-Identifier: Apache-2.0
// The facts of a frame, by key.
#include <algorithm>
#include <span>

#include "capi/c_description.h"
#include "capi/c_frame_object.h"

using namespace mapferry;
using namespace mapferry::capi;

static_assert(MAPFERRY_CLOCK_UNKNOWN == static_cast<int>(CaptureClock::kUnknown));
static_assert(MAPFERRY_CLOCK_REALTIME == static_cast<int>(CaptureClock::kRealtime));
static_assert(MAPFERRY_CLOCK_MONOTONIC == static_cast<int>(CaptureClock::kMonotonic));
static_assert(MAPFERRY_CLOCK_TAI == static_cast<int>(CaptureClock::kTai));
static_assert(MAPFERRY_TYPE_INT == static_cast<int>(TensorType::kInt));
static_assert(MAPFERRY_TYPE_UINT == static_cast<int>(TensorType::kUint));
static_assert(MAPFERRY_TYPE_FLOAT == static_cast<int>(TensorType::kFloat));
static_assert(MAPFERRY_TYPE_OPAQUE == static_cast<int>(TensorType::kOpaque));
static_assert(MAPFERRY_TYPE_BFLOAT == static_cast<int>(TensorType::kBfloat));
static_assert(MAPFERRY_TYPE_COMPLEX == static_cast<int>(TensorType::kComplex));
static_assert(MAPFERRY_TYPE_BOOL == static_cast<int>(TensorType::kBool));
static_assert(MAPFERRY_ORIENTATION_TOP_DOWN == static_cast<int>(Orientation::kTopDown));
static_assert(MAPFERRY_ORIENTATION_BOTTOM_UP == static_cast<int>(Orientation::kBottomUp));
static_assert(MAPFERRY_RANGE_LIMITED == static_cast<int>(ColorRange::kLimited));
static_assert(MAPFERRY_RANGE_FULL == static_cast<int>(ColorRange::kFull));
static_assert(MAPFERRY_CHROMA_LEFT == static_cast<int>(ChromaSite::kLeft));
static_assert(MAPFERRY_CHROMA_CENTER == static_cast<int>(ChromaSite::kCenter));
static_assert(MAPFERRY_CHROMA_TOP_LEFT == static_cast<int>(ChromaSite::kTopLeft));
static_assert(MAPFERRY_CHROMA_TOP == static_cast<int>(ChromaSite::kTop));
static_assert(MAPFERRY_CHROMA_BOTTOM_LEFT == static_cast<int>(ChromaSite::kBottomLeft));
static_assert(MAPFERRY_CHROMA_BOTTOM == static_cast<int>(ChromaSite::kBottom));

namespace {

std::int64_t number_of_address(const void* data) {
    return static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(data));
}

std::int64_t own_value(const Frame& frame, std::int32_t key) {
    switch (key) {
        case MAPFERRY_FRAME_BYTES:
            return static_cast<std::int64_t>(frame.bytes().size());
        case MAPFERRY_FRAME_ADDRESS:
            return number_of_address(frame.bytes().data());
        case MAPFERRY_FRAME_SEQUENCE:
            return static_cast<std::int64_t>(frame.sequence());
        case MAPFERRY_FRAME_MISSED:
            return static_cast<std::int64_t>(frame.missed());
        case MAPFERRY_FRAME_EPOCH:
            return static_cast<std::int64_t>(frame.epoch());
        case MAPFERRY_FRAME_WRITER_RESTARTED:
            return frame.writer_restarted() ? 1 : 0;
        case MAPFERRY_FRAME_HAS_CHECKSUM:
            return frame.has_checksum() ? 1 : 0;
        case MAPFERRY_FRAME_PUBLISHED_UNIX_NS:
            return frame.timestamp_unix_ns();
        case MAPFERRY_FRAME_LATENCY_NS:
            return static_cast<std::int64_t>(frame.latency_ns().value_or(UINT64_MAX));
        case MAPFERRY_FRAME_CAPTURED_NS:
            return frame.captured().value_or(CaptureTime{}).ns;
        case MAPFERRY_FRAME_CAPTURE_CLOCK:
            return static_cast<std::int64_t>(frame.captured().value_or(CaptureTime{}).clock);
        case MAPFERRY_FRAME_HAS_SOURCE_NUMBER:
            return frame.source_number().has_value() ? 1 : 0;
        case MAPFERRY_FRAME_SOURCE_NUMBER:
            return static_cast<std::int64_t>(frame.source_number().value_or(0));
        case MAPFERRY_FRAME_METADATA_BYTES:
            return static_cast<std::int64_t>(frame.metadata().bytes.size());
        case MAPFERRY_FRAME_METADATA_ADDRESS:
            return number_of_address(frame.metadata().bytes.data());
        default:
            return MAPFERRY_UNKNOWN_KEY;
    }
}

}  // namespace

int64_t mapferry_frame_value(const mapferry_frame* frame, int32_t key) noexcept {
    return ask(frame, MAPFERRY_UNKNOWN_KEY, [key](const mapferry_frame& one) {
        if (key < MAPFERRY_IMAGE_WIDTH) return own_value(*one.frame, key);
        return described_value(key, one.frame->image(), one.frame->tensor());
    });
}

int32_t mapferry_frame_values(const mapferry_frame* frame, int64_t* values,
                              int32_t count) noexcept {
    return run_on(frame, [&](const mapferry_frame& one) -> Result<void> {
        const auto size = count_of(count);
        if (!size) return std::unexpected(size.error());
        if (values == nullptr && *size != 0) return is_null("the list of values");
        const std::span all(values, *size);
        std::ranges::fill(all, MAPFERRY_UNKNOWN_KEY);
        for (std::int32_t key = 0; key < std::min(count, MAPFERRY_FRAME_METADATA_ADDRESS + 1);
             ++key)
            values[key] = own_value(*one.frame, key);
        put_image(all, one.frame->image());
        put_tensor(all, one.frame->tensor());
        return {};
    });
}
