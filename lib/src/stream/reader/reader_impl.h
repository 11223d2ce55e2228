// SPDX-License-Identifier: Apache-2.0
// The parts of a Reader: the section, the ring, and the payload that is under way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "format/holes.h"
#include "mapferry/reader.h"
#include "platform/fork_mark.h"
#include "platform/work_team.h"
#include "ring/probe_pace.h"
#include "ring/ring_reader.h"
#include "section/mapped_section.h"
#include "section/news_watch.h"
#include "section/present_bytes.h"
#include "stream/payload_progress.h"
#include "stream/reader/chunk_parts.h"
#include "stream/reader/stream_news.h"

namespace mapferry::inline v1 {

// A private copy of a message's bytes.
struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t capacity_bytes = 0;
};

// The threads that check chunks of a kept payload, and the chunks that they check.
struct VerifyTeam {
    std::array<Message, platform::WorkTeam::kPiecesMax> chunks;
    // Where each thread reads its chunk.
    std::array<std::unique_ptr<std::byte[]>, platform::WorkTeam::kThreadsMax> blocks;
    // Last: its threads use the others. Empty until a run is large enough for them.
    std::optional<platform::WorkTeam> threads;
};

// Whether the caller looks at the bytes after they are checked.
enum class Touch : std::uint8_t { kNothing, kPages };

using ChunkCheck = std::function<Result<void>(const Message&)>;

struct Reader::Impl {
    Impl(const ReaderOptions& wanted, MappedSection mapped)
        : options(wanted),
          section(std::move(mapped)),
          peers(section),
          ring(section.view, peers,
               {.timeout_ms = stall_limit_ms(wanted.stall_timeout), .stop = wanted.stop}) {}

    [[nodiscard]] const MappedSection& mapped_section() const { return section; }
    // The calls of a Reader (reader.h).
    Result<std::optional<PayloadInfo>> next();
    Result<std::span<const std::byte>> read();
    Result<Piece> read_at_most(std::uint64_t zeros_most);
    Result<void> keep_blocks(std::size_t count);
    Result<std::size_t> verify();
    Result<std::span<const std::byte>> view();
    Result<void> acknowledge();
    Result<void> close();
    void leave_out(Code cause);
    void abort(Code cause);
    // Those for event loops (reader_events.cc).
    Result<std::optional<PayloadInfo>> try_next();
    Result<NativeHandle> notification_handle();
    void show_news(const Status* failure);
    [[nodiscard]] const std::optional<PayloadSummary>& summary() const {
        static const std::optional<PayloadSummary> none;
        return end_was_read ? progress.summary() : none;
    }

    [[nodiscard]] StreamNews news() const;
    [[nodiscard]] bool has_news() const;
    Result<bool> is_ready();
    [[nodiscard]] bool keeps() const { return section.view.geometry().delivery == Delivery::kKeep; }
    Result<std::span<std::byte>> next_block(std::size_t bytes);
    [[nodiscard]] Result<void> check_there(const Message& message);
    Result<void> check_hash(const Message& message, std::span<const std::byte> bytes);
    [[nodiscard]] std::uint64_t offset_of(const Message& message) const;
    [[nodiscard]] bool reads_kept(const Message& message) const;
    Result<std::span<const std::byte>> verified_copy(const Message& message);
    Result<std::span<const std::byte>> verified_in_place(const Message& message);
    Result<void> cover_holes(const Message& message);
    Result<void> finish(const Message& message);
    Result<Message> next_of_payload();
    [[nodiscard]] Result<void> check_settled() const;
    Result<std::optional<PayloadInfo>> begin_next();
    void release_last();
    Result<void> consume();
    // Checking by several threads (reader_verify.cc).
    Result<std::optional<Message>> next_of_run(const ChunkCheck& check_place);
    Result<void> verify_read(const Message& chunk, std::size_t thread);
    Result<std::size_t> verify_run(const ChunkCheck& check_place, Touch touch);
    template <typename Check>
    Result<std::span<const std::byte>> take_whole(const Check& check);
    template <typename Check>
    Result<std::span<const std::byte>> next_chunk(const Check& check);
    template <typename Check>
    Result<Piece> next_piece(std::uint64_t hole_bytes_most, const Check& check);

    ReaderOptions options;
    MappedSection section;
    SectionPeers peers;
    RingReader ring;
    PresentBytes present{section};
    bool open = true;
    bool is_unreleased = false;         // the payload's last message was read
    std::int64_t released_unix_ns = 0;  // coarse clock, when a payload's last message was released
    // end_was_read: the payload's end was returned to the caller. is_settled: the payload was
    // acknowledged or left out; true where there is no payload.
    bool end_was_read = false;
    bool is_settled = true;
    PayloadProgress progress;
    std::vector<Block> blocks = std::vector<Block>(1);
    std::size_t block = 0;         // the last one that was handed out
    std::optional<Message> whole;  // the payload that began is this message
    HoleHash hole_hash;
    std::optional<Status> damage;  // of a chunk that the ring has passed already
    ChunkParts parts;              // what is left of a chunk with holes
    bool has_ended = false;        // next() found the writer's end
    std::unique_ptr<VerifyTeam, platform::LeaveInChild> team;  // null until it is needed
    // For event loops.
    bool is_lost = false;  // the writer has gone without an end
    ProbePace pace;
    std::optional<NewsWatch<StreamNews>> watch;  // last: its thread looks at the others
};

}  // namespace mapferry::inline v1
