// SPDX-License-Identifier: Apache-2.0
/// \file
/// Examines sections without taking part in them, as `ls`, `info` and `verify` do.
///
///     mapferry::Result<std::string> state_of(const std::string& name) {
///         auto report = mapferry::inspect_section({.name = name});
///         if (!report) return std::unexpected(report.error());
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

#include "mapferry/frame_notes.h"
#include "mapferry/payload.h"
#include "mapferry/section.h"
#include "mapferry/section_info.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// What the writer last said of its section. It may have died since: see SectionReport::dead.
enum class SectionState : std::uint32_t {
    kNew = 0,      ///< the writer waits for readers
    kOpen = 1,     ///< payloads are passing
    kEnded = 2,    ///< complete
    kAborted = 3,  ///< the writer gave up
};

/// "new", "open", "ended", "aborted".
[[nodiscard]] std::string state_name(SectionState state);

/// How much of a payload is in the section.
enum class PayloadState : std::uint8_t {
    kWhole,       ///< its end is there
    kUnfinished,  ///< its end is not there yet
    kPassing,     ///< stream: the newest payload; its chunks may be gone already
};

/// "whole", "unfinished", "passing".
[[nodiscard]] std::string payload_state_name(PayloadState state);

/// One payload of a section.
struct PayloadReport {
    PayloadInfo info;
    PayloadState state = PayloadState::kUnfinished;
    std::uint64_t present_bytes = 0;        ///< keep: in its chunks so far, by their descriptors
    std::optional<PayloadSummary> summary;  ///< keep: set for kWhole
};

/// The figures that a reader of frames reports about itself.
struct ReaderFigures {
    std::uint64_t frames_taken = 0;
    std::uint64_t frames_missed = 0;
    /// The time from a frame's publication until the reader had it; empty: not measured yet.
    std::optional<std::uint64_t> latency_ns = {};  ///< of the last frame
    std::optional<std::uint64_t> latency_mean_ns = {};
};

/// One process that reads the section now.
struct ReaderReport {
    std::uint32_t line = 0;
    std::uint32_t process_id = 0;  ///< as the reader wrote it
    std::uint64_t cursor = 0;
    bool admitted = false;       ///< takes part; otherwise it waits for the next payload
    ReaderFigures figures = {};  ///< frames
};

/// A buffer's lock at the moment of the report.
enum class BufferLockState : std::uint8_t {
    kFree,
    kHeld,
    kHolderDied,  ///< free; SharedBufferLock::previous_holder_died() is true for the next holder
};

/// "free", "locked", "holder died".
[[nodiscard]] std::string lock_state_name(BufferLockState state);

/// The state of a section at one moment. A section in use may have changed since.
struct SectionReport {
    SectionAddress address;
    SectionInfo section;
    std::string label;
    std::uint64_t epoch = 0;
    std::int64_t created_unix_ns = 0;
    std::uint32_t creator_pid = 0;
    SectionState state = SectionState::kNew;
    bool writer_alive = false;
    std::string owner = {};        ///< as OtherUser::name; empty: this user
    std::string shared_with = {};  ///< "group video (gid 44)"; empty: nobody
    bool dead = false;             ///< no process can use it any more: gc would remove it
    std::uint64_t used_bytes = 0;  ///< memory that it occupies
    std::uint64_t published = 0;   ///< messages
    std::uint64_t payloads_begun = 0;
    std::uint64_t payloads_ended = 0;
    std::uint64_t payload_bytes = 0;  ///< in the chunks or frames of all payloads so far
    std::uint64_t readers_served = 0;
    std::uint64_t readers_lost = 0;
    std::vector<ReaderReport> readers;              ///< stream, frames: the living readers
    std::vector<PayloadReport> payloads;            ///< keep: the first 100'000; stream: the newest
    std::optional<ImageDescription> image = {};     ///< frames: the newest frame's image
    std::optional<TensorDescription> tensor = {};   ///< frames: the newest frame's array
    StreamFacts facts = {};                         ///< frames
    StreamDescription description = {};             ///< frames
    BufferLockState lock = BufferLockState::kFree;  ///< buffers only
};

/// Opens the section, validates it and reports its state. Accepts every delivery, and also a dead
/// writer's section. kNotFound, kNotReady, kPermission, kCorrupt, kVersion; kIo: somebody has cut
/// it.
[[nodiscard]] Result<SectionReport> inspect_section(const SectionAddress& address);

/// A payload of a kept section whose bytes were all verified.
struct VerifiedPayload {
    PayloadInfo info;
    PayloadSummary summary;
};
/// Verifies all payloads of a complete kept section. kUsage: it is a stream (its readers verify it)
/// or a buffer (it has no checksums); kStillFilling: its writer is still filling it; kPeerGone: its
/// writer left it unfinished; kCorrupt: the message names the damaged byte range. Other errors as
/// inspect_section().
[[nodiscard]] Result<std::vector<VerifiedPayload>> verify_section(const SectionAddress& address);

}  // namespace mapferry::inline v1
