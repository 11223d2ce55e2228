// SPDX-License-Identifier: Apache-2.0
#include "mapferry/send.h"

#include <algorithm>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/layout.h"
#include "mapferry/printable_text.h"

namespace mapferry::inline v1 {

namespace {

// A silent source is waited for in steps of this length, so that this process notices when no
// reader is left or when it has to stop.
constexpr std::chrono::milliseconds kLook{100};

// A pipe that is empty for a moment is given this long before a partial chunk is handed over:
// waking a reader for every few bytes costs both sides more than it gains.
constexpr std::chrono::milliseconds kPrompt{1};

// Files of at least this size are read by fill_parallel(). It is also the most bytes between two
// reports of progress.
constexpr std::uint64_t kParallelBytes = std::uint64_t{32} << 20;
// The bytes between two reports of a smaller file.
constexpr std::uint64_t kSendStepBytes = std::uint64_t{4} << 20;

// Waits for a pipe. The bytes that are filled already are handed over first, so that readers do not
// wait for bytes that are here.
Result<void> await_source(Writer& writer, Source& source) {
    if (!source.may_block()) return {};
    auto ready = source.wait_ready(kPrompt);
    if (!ready) return std::unexpected(ready.error());
    if (*ready) return {};
    TRY(writer.flush());
    do {
        ready = source.wait_ready(kLook);
        if (!ready) return std::unexpected(ready.error());
        TRY(writer.check());
    } while (!*ready);
    return {};
}

// Reads once into the section; 0 at the source's end.
Result<std::size_t> send_some(Writer& writer, Source& source, std::uint64_t most_bytes) {
    while (true) {
        TRY(await_source(writer, source));
        TRY_ASSIGN(auto target, writer.loan());
        const auto wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), most_bytes));
        auto got = source.read(target.first(wanted));
        if (got) {
            TRY(writer.publish(*got));
            return got;
        }
        if (got.error().code != Code::kInterrupted) {
            // The system can't read into a section that was cut. The writer then reports the cut.
            TRY(writer.check());
            return got;
        }
        TRY(writer.check());  // a signal interrupted the read
    }
}

std::string quoted_name(const PayloadInfo& info) {
    return info.name.empty() ? "the source" : in_quotes(info.name);
}

Status became_shorter(const PayloadInfo& info, std::uint64_t sent, SourceChange wanted) {
    return Status{wanted == SourceChange::kFail ? Code::kCorrupt : Code::kIo,
                  quoted_name(info) + " became shorter while it was sent: " + std::to_string(sent) +
                      " of " + std::to_string(info.payload_bytes.value_or(0)) + " bytes were there",
                  {},
                  0};
}

// Fills all of `target` with the file's bytes from `offset` on. Two threads call it.
Result<void> read_all_at(Source& source, std::span<std::byte> target, std::uint64_t offset,
                         SourceChange wanted) {
    while (!target.empty()) {
        auto got = source.read_at(target, offset);
        if (!got && got.error().code == Code::kInterrupted) continue;  // the writer sees the flag
        if (!got) return std::unexpected(got.error());
        if (*got == 0) return std::unexpected(became_shorter(source.info(), offset, wanted));
        target = target.subspan(*got);
        offset += *got;
    }
    return {};
}

// Sends a file: by two threads where one would be too slow, and without its holes.
Result<void> send_file(Writer& writer, Source& source, std::uint64_t bytes,
                       const SendOptions& options) {
    const SourceChange wanted = options.source_change;
    const FillCall fill = [&source, wanted](std::span<std::byte> target, std::uint64_t offset) {
        return read_all_at(source, target, offset, wanted);
    };
    const bool is_large = bytes >= kParallelBytes;
    const std::uint64_t step_most = is_large ? kParallelBytes : kSendStepBytes;
    const auto fill_step = [&](std::uint64_t step) {
        return is_large ? writer.fill_parallel(step, fill) : writer.fill(step, fill);
    };
    Result<StoredRange> stored = StoredRange{.end = source.may_have_holes() ? 0 : bytes};
    for (std::uint64_t sent = 0; sent < bytes;) {
        // The file has reached the end of a stored range: the next one follows, perhaps after a
        // hole.
        if (sent == stored->end) stored = source.next_stored(sent);
        if (!stored) return std::unexpected(stored.error());
        const std::uint64_t hole = stored->begin > sent ? stored->begin - sent : 0;
        const std::uint64_t step = hole != 0 ? hole : std::min(stored->end - sent, step_most);
        auto put = hole != 0 ? writer.write_hole(step) : fill_step(step);
        if (!put) {
            TRY(writer.check());  // as in send_some()
            return put;
        }
        sent += step;
        if (options.progress) options.progress(sent);
    }
    return source.skip(bytes);
}

// Ends the payload when the source has no more bytes.
Result<PayloadSummary> end_payload(Writer& writer, const Source& source, SourceChange wanted) {
    TRY_ASSIGN(const auto changed, source.changed());
    if (changed && wanted == SourceChange::kFail)
        return fail(Code::kCorrupt, quoted_name(source.info()) + " changed while it was sent",
                    "send it when nobody writes to it");
    return writer.end(changed ? PayloadSource::kChanged : PayloadSource::kUnchanged);
}

}  // namespace

Result<PayloadSummary> send_payload(Writer& writer, Source& source, const SendOptions& options) {
    return guarded([&]() -> Result<PayloadSummary> {
        PayloadInfo info = source.info();
        info.digest = options.digest;
        info.payload_count = options.payload_count;
        TRY(writer.begin(info));
        std::uint64_t left = info.payload_bytes.value_or(layout::kUnknownBytes);
        if (source.can_read_at()) {
            TRY(send_file(writer, source, left, options));
            return end_payload(writer, source, options.source_change);
        }
        std::uint64_t sent = 0;
        while (left != 0) {
            TRY_ASSIGN(auto count, send_some(writer, source, left));
            if (count == 0) break;
            left -= count;
            sent += count;
            if (options.progress) options.progress(sent);
        }
        if (info.payload_bytes && left != 0)
            return std::unexpected(became_shorter(info, sent, options.source_change));
        return end_payload(writer, source, options.source_change);
    });
}

}  // namespace mapferry::inline v1
