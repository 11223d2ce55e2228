// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a frame says beside its bytes, and what a stream of frames says of all its frames.
///
///     mapferry::Result<void> send_batch(mapferry::FrameWriter& writer,
///                                       std::span<const std::byte> numbers,
///                                       const mapferry::TensorDescription& tensor) {
///         const std::string json = R"({"model": "resnet"})";
///         const mapferry::FrameNotes notes{
///             .tensor = tensor,
///             .captured = mapferry::CaptureTime{.ns = 1'700'000'000'000'000'000,
///                                               .clock = mapferry::CaptureClock::kTai},
///             .metadata = {.content_type = "application/json",
///                          .bytes = std::as_bytes(std::span(json))}};
///         auto sequence = writer.publish_copy(numbers, notes, std::chrono::seconds(1));
///         return sequence ? mapferry::Result<void>() : std::unexpected(sequence.error());
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mapferry/image.h"
#include "mapferry/tensor.h"

namespace mapferry::inline v1 {

/// The clock that took a frame's capture time.
enum class CaptureClock : std::uint32_t {
    kUnknown = 0,    ///< ticks of the source, comparable only with each other
    kRealtime = 1,   ///< UTC since 1970: CLOCK_REALTIME
    kMonotonic = 2,  ///< since this machine started: CLOCK_MONOTONIC, QueryPerformanceCounter
    kTai = 3,        ///< TAI since 1970, as PTP sends it: CLOCK_TAI
};

/// "unknown", "realtime", "monotonic", "tai".
[[nodiscard]] std::string_view clock_name(CaptureClock clock);

/// When the source took the frame. Zero nanoseconds: not known.
struct CaptureTime {
    std::int64_t ns = 0;
    CaptureClock clock = CaptureClock::kUnknown;

    friend bool operator==(const CaptureTime&, const CaptureTime&) = default;
};

/// The longest content type, in bytes.
inline constexpr std::size_t kContentTypeBytesMax = 64;
/// The most metadata of one frame, in bytes.
inline constexpr std::size_t kMetadataBytesMax = 65536;

/// Bytes that accompany a frame, and what they are. Both views belong to another object.
struct FrameMetadata {
    std::string_view content_type = {};  ///< "application/json" by custom; printable ASCII
    std::span<const std::byte> bytes = {};
};

/// What a frame says beside its bytes. Each part is optional, and costs nothing where it is absent.
struct FrameNotes {
    std::optional<ImageDescription> image = {};
    std::optional<TensorDescription> tensor = {};
    std::optional<CaptureTime> captured = {};
    std::optional<std::uint64_t> source_number = {};  ///< the source's own number of the frame
    FrameMetadata metadata = {};                      ///< empty content type and bytes: none
};

/// A fraction as its source gives it: 30000/1001. A denominator of 0: not known.
struct Ratio {
    std::uint32_t numerator = 0;
    std::uint32_t denominator = 0;

    friend bool operator==(const Ratio&, const Ratio&) = default;
};

/// How the rows of a picture were taken.
enum class Scan : std::uint32_t {
    kUnknown = 0,
    kProgressive = 1,
    kTopFieldFirst = 2,  ///< interlaced: rows 0, 2, 4, ... are the earlier ones
    kBottomFieldFirst = 3,
    kMixed = 4,  ///< changes from frame to frame
};

/// What is true of all frames of a stream. Advisory: for people and players.
struct StreamFacts {
    Ratio frame_rate = {};    ///< frames per second
    Ratio pixel_aspect = {};  ///< a pixel's width over its height
    Scan scan = Scan::kUnknown;

    friend bool operator==(const StreamFacts&, const StreamFacts&) = default;
};

/// The most bytes of a stream's description.
inline constexpr std::size_t kDescriptionBytesMax = 65536;

/// A stream's description of itself: JSON by custom, from another process, never trusted.
struct StreamDescription {
    std::uint64_t version = 0;  ///< 0: none; grows by one with every change
    std::string text = {};      ///< a private copy
};

}  // namespace mapferry::inline v1
