// SPDX-License-Identifier: Apache-2.0
#include "mapferry/inspect.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/image_record.h"
#include "format/later_version.h"
#include "format/manifest.h"
#include "format/notes.h"
#include "format/reader_line.h"
#include "format/shared_access.h"
#include "format/slot_seal.h"
#include "inspect/section_report.h"
#include "mapferry/detail/hash.h"
#include "platform/space.h"
#include "ring/ring_reader.h"
#include "section/mapped_section.h"
#include "section/present_bytes.h"
#include "section/stream_description.h"
#include "stream/payload_progress.h"

namespace mapferry::inline v1 {

namespace {

static_assert(std::to_underlying(SectionState::kNew) == layout::kStateNew &&
              std::to_underlying(SectionState::kOpen) == layout::kStateOpen &&
              std::to_underlying(SectionState::kEnded) == layout::kStateEnded &&
              std::to_underlying(SectionState::kAborted) == layout::kStateAborted);

// An onlooker's copy of the board is good if its checksum matches. The writer replaces the board
// only once in a payload, so a few looks are enough.
constexpr int kBoardLooks = 100;
// The most payloads of a kept section that a report lists.
constexpr std::size_t kPayloadsListedMax = 100'000;
// Limits for the numbers of readers, so that sums over 64 readers can't overflow.
constexpr std::uint64_t kFramesBelievable = std::uint64_t{1} << 56;
constexpr std::uint64_t kLatencyBelievableNs = std::uint64_t{86'400} * 1'000'000'000;

std::string label_of(const layout::Ident& ident) {
    const auto* text = reinterpret_cast<const char*>(ident.label);
    const auto* end = std::find(text, text + layout::kLabelBytes, '\0');
    return {text, end};
}

void report_writer(const MappedSection& section, SectionReport& report) {
    report.writer_alive = writer_lives(section.object);
    // Read after the lock was asked: a writer that ended properly is seen to have ended.
    const auto line = shared::snapshot(section.view.writer_line());
    report.state = static_cast<SectionState>(std::min(line.state, layout::kStateAborted));
    report.published = line.published;
    report.payloads_begun = line.payloads_begun;
    report.payloads_ended = line.payloads_ended;
    report.payload_bytes = line.payload_bytes;
    report.readers_served = line.readers_served;
    report.readers_lost = line.readers_lost;
    const bool kept =
        report.section.delivery == Delivery::kKeep && report.state == SectionState::kEnded;
    const bool buffer = report.section.delivery == Delivery::kBuffer;
    report.dead = !report.writer_alive && !kept && !buffer;
}

// A reader's figures about itself, which may be any numbers.
ReaderFigures figures_of(const layout::ReaderFigures& line) {
    const auto count = [](std::uint64_t number) {
        return number <= kFramesBelievable ? number : 0;
    };
    const auto latency = [](std::uint64_t number) -> std::optional<std::uint64_t> {
        if (number == 0 || number > kLatencyBelievableNs) return std::nullopt;
        return number;
    };
    return {.frames_taken = count(line.frames_taken),
            .frames_missed = count(line.frames_missed),
            .latency_ns = latency(line.latency_ns),
            .latency_mean_ns = latency(line.latency_mean_ns)};
}

void report_readers(const MappedSection& section, SectionReport& report) {
    SectionPeers peers(section);
    for (std::uint32_t i = 0; i < report.section.reader_limit; ++i) {
        const auto line = shared::snapshot(section.view.reader_line(i));
        if (phase_of(line.attachment) != layout::kPhaseWaiting || !peers.reader_lives(i)) continue;
        const auto answer = shared::snapshot(section.view.admission(i));
        // Readers of frames need no admission.
        const bool admitted =
            carries_frames(report.section.delivery) ||
            answer.verdict == line_word(ticket_of(line.attachment), layout::kVerdictAdmitted);
        // A reader that takes only the newest frame is never behind.
        const bool unset = line.cursor == layout::kCursorUnset;
        const std::uint64_t first =
            carries_frames(report.section.delivery) ? report.published : answer.first_sequence;
        report.readers.push_back({.line = i,
                                  .process_id = line.pid,
                                  .cursor = unset ? first : line.cursor,
                                  .admitted = admitted,
                                  .figures = figures_of(line.figures)});
    }
}

// What the frame's notes say of its array and planes. The slot may be filled anew meanwhile: then
// their checksum is wrong, and nothing is reported.
void add_notes_of_frame(const MappedSection& section, const layout::FrameSlot& facts,
                        std::uint64_t slot, SectionReport& report) {
    const std::uint64_t begin = layout::notes_offset(facts.bytes);
    const std::uint64_t end = begin + facts.notes_bytes;
    if (facts.notes_bytes > layout::kNotesBytesMax || end > report.section.slot_capacity_bytes)
        return;
    if (!PresentBytes(section).check(slot, end)) return;
    const auto mapped = section.slots->bytes_of(section.object, slot, end);
    if (!mapped) return;
    const auto notes = read_frame_notes(mapped->bytes.subspan(static_cast<std::size_t>(begin)),
                                        section.ident.epoch + facts.sequence);
    if (!notes) return;
    report.tensor = notes->tensor;
    if (notes->plane_count == 0) return;
    const auto planes = std::span(notes->planes).first(notes->plane_count);
    report.image = image_from_record(facts.image, planes).value_or(std::nullopt);
}

// The newest frame's image. Without a lease the frame may be replaced while it is read; then its
// checksum is wrong.
void report_frame(const MappedSection& section, SectionReport& report) {
    for (int look = 0; look < kBoardLooks; ++look) {
        // not slept for; relaxed: an onlooker trusts only a copy whose checksum matches
        const std::uint64_t newest =
            shared::load(section.view.frame_line().newest, std::memory_order_relaxed);
        const std::uint64_t slot = newest & (layout::kFrameSlotsMax - 1);
        if (newest == 0 || slot >= report.section.slot_count) return;
        auto facts = shared::snapshot(section.view.frame_slot(slot));
        facts.sequence = newest >> layout::kNewestSlotBits;
        if (!is_sealed(facts, section.ident.epoch)) continue;
        report.image = image_from_record(facts.image).value_or(std::nullopt);
        if (facts.notes_bytes != 0) add_notes_of_frame(section, facts, slot, report);
        return;
    }
}

void report_lock(const MappedSection& section, SectionReport& report) {
    const bool held =
        platform::role_is_held(section.object, layout::kRoleBufferHolder).value_or(true);
    // relaxed: a hint for onlookers
    const std::uint32_t mark =
        shared::load(section.view.buffer_line().held, std::memory_order_relaxed);
    report.lock = held        ? BufferLockState::kHeld
                  : mark != 0 ? BufferLockState::kHolderDied
                              : BufferLockState::kFree;
}

// The board has no room for a manifest's notes. They are in the manifest's slot, until the ring
// uses it for another message.
void add_notes(const MappedSection& section, std::uint64_t sequence, PayloadInfo& info) {
    const auto slot = shared::snapshot(section.view.slot(sequence));
    if (!is_sealed(slot, section.ident.epoch) || slot.sequence != sequence + 1 ||
        slot.kind != layout::kKindManifest || slot.bytes > layout::kSlotCapacityMin)
        return;
    const auto bytes = section.view.payload(sequence).first(static_cast<std::size_t>(slot.bytes));
    const std::vector<std::byte> message(bytes.begin(), bytes.end());
    if (xxh3_64(message) != slot.xxh3) return;
    const auto with_notes = payload_from_message(message);
    if (!with_notes) return;
    info.tensor = with_notes->tensor;
    info.pairs = with_notes->pairs;
}

// Reports the newest manifest, from the board.
void report_passing(const MappedSection& section, SectionReport& report) {
    for (int look = 0; look < kBoardLooks; ++look) {
        const auto board = shared::snapshot(section.view.board());
        if (board.sequence == 0) return;
        const auto bytes = std::as_bytes(std::span(&board.manifest, 1));
        if (board.xxh3 != xxh3_64(bytes, section.ident.epoch + board.sequence)) continue;
        auto info = payload_from_record(board.manifest);
        if (!info) return;
        if (board.manifest.notes_bytes != 0) add_notes(section, board.sequence - 1, *info);
        const bool whole = report.payloads_ended > info->payload_index;
        report.payloads.push_back({.info = *info,
                                   .state = whole ? PayloadState::kWhole : PayloadState::kPassing,
                                   .present_bytes = 0,
                                   .summary = std::nullopt});
        return;
    }
}

// Takes one message into the report of a kept section.
Result<void> report_message(const Message& message, PayloadProgress& progress,
                            SectionReport& report) {
    std::vector<std::byte> record;
    if (message.facts.kind == layout::kKindManifest || message.facts.kind == layout::kKindEnd) {
        record.assign(message.bytes.begin(), message.bytes.end());
        if (xxh3_64(record) != message.facts.xxh3)
            return std::unexpected(progress.mismatch(message));
    }
    if (message.facts.kind == layout::kKindManifest) {
        TRY_ASSIGN(auto info, progress.begin(message, record));
        report.payloads.push_back({.info = info,
                                   .state = PayloadState::kUnfinished,
                                   .present_bytes = 0,
                                   .summary = std::nullopt});
    } else if (report.payloads.empty()) {
        return fail(Code::kCorrupt, "message 0 is damaged: a manifest was due");
    } else if (message.facts.kind == layout::kKindChunk) {
        report.payloads.back().present_bytes += message.payload_bytes();
    } else if (record.size() == sizeof(layout::EndRecord)) {
        layout::EndRecord end{};
        std::memcpy(&end, record.data(), sizeof end);
        TRY(check_flags(end.flags, kEndFlagsKnown, "the end of payload ",
                        report.payloads.back().info.payload_index));
        report.payloads.back().state = PayloadState::kWhole;
        report.payloads.back().summary =
            PayloadSummary{.payload_bytes = end.payload_bytes,
                           .chunk_count = end.chunk_count,
                           .digest_kind = report.payloads.back().info.digest,
                           .digest = {.low64 = end.digest_low64, .high64 = end.digest_high64},
                           .source_changed = (end.flags & layout::kEndSourceChanged) != 0};
    }
    return {};
}

// Walks the descriptors of a kept section, but does not read its chunks.
Result<void> report_kept(const MappedSection& section, SectionReport& report) {
    SectionPeers peers(section);
    RingReader ring(section.view, peers, {.timeout_ms = 0, .stop = nullptr});
    PayloadProgress progress;
    const std::uint64_t last = std::min(report.published, report.section.slot_count);
    while (ring.sequence() < last && report.payloads.size() < kPayloadsListedMax) {
        TRY_ASSIGN(const auto message, ring.next());
        if (!message) break;
        TRY(report_message(*message, progress, report));
        ring.done();
    }
    return {};
}

}  // namespace

std::string state_name(SectionState state) {
    switch (state) {
        case SectionState::kNew:
            return "new";
        case SectionState::kOpen:
            return "open";
        case SectionState::kEnded:
            return "ended";
        case SectionState::kAborted:
            return "aborted";
    }
    return "unknown";
}

std::string lock_state_name(BufferLockState state) {
    switch (state) {
        case BufferLockState::kFree:
            return "free";
        case BufferLockState::kHeld:
            return "locked";
        case BufferLockState::kHolderDied:
            return "holder died";
    }
    return "unknown";
}

std::string payload_state_name(PayloadState state) {
    switch (state) {
        case PayloadState::kWhole:
            return "whole";
        case PayloadState::kUnfinished:
            return "unfinished";
        case PayloadState::kPassing:
            return "passing";
    }
    return "unknown";
}

namespace {

Result<SectionReport> look_at(const MappedSection& section) {
    SectionReport report;
    report.address = section.object.address;
    report.section = section_info_of(section.view.geometry());
    report.label = label_of(section.ident);
    report.epoch = section.ident.epoch;
    report.created_unix_ns = section.ident.created_unix_ns;
    report.creator_pid = section.ident.creator_pid;
    TRY_ASSIGN(auto place, platform::look_at_object(section.object));
    report.owner = std::move(place.owner);
    report.shared_with = std::move(place.shared_with);
    TRY_ASSIGN(auto used, platform::used_bytes(section.object));
    report.used_bytes = used;
    report_writer(section, report);
    if (report.section.delivery == Delivery::kBuffer) {
        report_lock(section, report);
    } else if (report.section.delivery == Delivery::kKeep) {
        TRY(report_kept(section, report));
    } else {
        report_readers(section, report);
        if (carries_frames(report.section.delivery)) {
            report_frame(section, report);
            report.facts = read_stream_facts(section.view);
            report.description = read_description(section).value_or(StreamDescription{});
        } else {
            report_passing(section, report);
        }
    }
    return report;
}

}  // namespace

Result<SectionReport> report_of(const MappedSection& section) {
    return require_intact(section, look_at(section));
}

Result<SectionReport> inspect_section(const SectionAddress& address) {
    return guarded([&]() -> Result<SectionReport> {
        TRY_ASSIGN(auto section, open_section(address));
        return report_of(section);
    });
}

}  // namespace mapferry::inline v1
