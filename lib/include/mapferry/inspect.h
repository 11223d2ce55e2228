// SPDX-License-Identifier: Apache-2.0
/// \file
/// Looking at sections without taking part: what `ls`, `info` and `verify` show.
///
///     mapferry::Result<std::string> state_of(const std::string& name) {
///         auto report = mapferry::inspect_section({.name = name});
///         if (!report) return mapferry::pass(report.error());
///         std::string text = mapferry::state_name(report->state);  // "open"
///         for (const mapferry::PayloadReport& payload : report->payloads)
///             text += ", " + payload.info.name;
///         return report->writer_alive ? text : text + ", the writer has gone";
///     }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mapferry/geometry.h"
#include "mapferry/payload.h"
#include "mapferry/section.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

enum class SectionState : std::uint32_t {
    kNew = 0,      ///< the writer waits for readers
    kOpen = 1,     ///< payloads are passing
    kEnded = 2,    ///< complete
    kAborted = 3,  ///< given up by its writer
};

/// "new", "open", "ended", "aborted".
[[nodiscard]] std::string state_name(SectionState state);

enum class PayloadState : std::uint8_t {
    kWhole,       ///< its end is there
    kUnfinished,  ///< its end is not there yet
    kPassing,     ///< stream: the newest one; its chunks may be gone already
};

[[nodiscard]] std::string payload_state_name(PayloadState state);

struct PayloadReport {
    PayloadInfo info;
    PayloadState state = PayloadState::kUnfinished;
    std::uint64_t present_bytes = 0;        ///< of its chunks, that the section says are there
    std::optional<PayloadSummary> summary;  ///< kWhole
};

/// What a reader of frames says of itself.
struct ReaderFigures {
    std::uint64_t frames_taken = 0;
    std::uint64_t frames_missed = 0;
    /// From a frame's publication until the reader had it; empty when it has taken no time yet.
    std::optional<std::uint64_t> latency_ns = {};  ///< of the last frame
    std::optional<std::uint64_t> latency_mean_ns = {};
};

struct ReaderReport {
    std::uint32_t line = 0;
    std::uint32_t process_id = 0;  ///< as the reader wrote it
    std::uint64_t cursor = 0;
    bool admitted = false;       ///< takes part; else waits for the next payload
    ReaderFigures figures = {};  ///< frames
};

enum class BufferLockState : std::uint8_t {
    kFree,
    kHeld,
    kHolderDied,  ///< free, and the next holder will be told that the one before died
};

/// "free", "locked", "holder died".
[[nodiscard]] std::string lock_state_name(BufferLockState state);

/// One moment of a section; a living one has moved on already.
struct SectionReport {
    SectionAddress address;
    Geometry geometry;
    std::string label;
    std::uint64_t epoch = 0;
    std::int64_t created_unix_ns = 0;
    std::uint32_t creator_pid = 0;
    SectionState state = SectionState::kNew;
    bool writer_alive = false;
    bool dead = false;             ///< nobody can use it any more: gc would remove it
    std::uint64_t used_bytes = 0;  ///< memory that it occupies
    std::uint64_t published = 0;   ///< messages
    std::uint64_t payloads_begun = 0;
    std::uint64_t payloads_ended = 0;
    std::uint64_t payload_bytes = 0;  ///< of chunks or frames so far, all payloads
    std::uint64_t readers_served = 0;
    std::uint64_t readers_lost = 0;
    std::vector<ReaderReport> readers;              ///< living ones of a stream
    std::vector<PayloadReport> payloads;            ///< keep: all; stream: the newest
    std::optional<ImageDescription> image = {};     ///< frames: of the newest
    BufferLockState lock = BufferLockState::kFree;  ///< of a buffer
};

/// Opens, validates and reports. Errors as Reader::open without waiting.
[[nodiscard]] Result<SectionReport> inspect_section(const SectionAddress& address);

/// One payload of a kept section, verified byte by byte.
struct VerifiedPayload {
    PayloadInfo info;
    PayloadSummary summary;
};
/// All payloads of a kept section that is complete. kUsage for a stream (its readers verify it) and
/// for a buffer (it has no checksums);
/// kStillFilling for one that is still being filled; kCorrupt names the damaged byte range.
[[nodiscard]] Result<std::vector<VerifiedPayload>> verify_section(const SectionAddress& address);

}  // namespace mapferry::inline v1
