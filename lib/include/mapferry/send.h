// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sending a whole source through a writer: the loop that mapferry-writer runs.
///
///     mapferry::Result<void> send_file(const std::string& name, const std::string& path) {
///         auto source = mapferry::Source::open_file(path);
///         if (!source) return mapferry::pass(source.error());
///         auto writer = mapferry::Writer::create({.address = {.name = name}});
///         if (!writer) return mapferry::pass(writer.error());
///         if (auto came = writer->wait_for_readers(1); !came) return came;
///         auto sent = mapferry::send(*writer, *source, {});
///         if (!sent) return mapferry::pass(sent.error());  // the writer aborts at its destruction
///         auto report = writer->close();                   // the reader has stored the file
///         return report ? mapferry::Result<void>() : mapferry::pass(report.error());
///     }
#pragma once

#include <cstdint>
#include <functional>

#include "mapferry/source.h"
#include "mapferry/writer.h"

namespace mapferry::inline v1 {

/// Called now and then with the bytes of this payload that are handed over.
using ProgressCall = std::function<void(std::uint64_t payload_bytes)>;

/// What becomes of a payload whose source changed while it was sent.
enum class SourceChange : std::uint8_t {
    kMark,  ///< it ends, and both sides' PayloadSummary::source_changed says so
    kFail,  ///< it does not end: kCorrupt
};

struct SendOptions {
    DigestKind digest = DigestKind::kChunks;
    SourceChange source_change = SourceChange::kMark;
    std::uint64_t payload_count = 0;  ///< payloads announced for the section; 0 = unknown
    ProgressCall progress = {};
};

/// Reads the source to its end straight into the section's slots and ends the payload. A file is
/// sent with the size it had when it was opened: kIo when it turns out shorter, the rest stays out
/// when it grew; whether it changed is asked after the last byte. A silent pipe is waited for as
/// long as it is open and a reader is left. After an error the payload is unfinished: abort the
/// writer.
[[nodiscard]] Result<PayloadSummary> send(Writer& writer, Source& source,
                                          const SendOptions& options);

}  // namespace mapferry::inline v1
