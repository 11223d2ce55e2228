// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sends a whole source through a writer: the loop of a program that sends files.
///
///     mapferry::Result<void> send_file(const std::string& name, const std::string& path) {
///         auto source = mapferry::Source::open_file(path);
///         if (!source) return std::unexpected(source.error());
///         auto writer = mapferry::Writer::create({.address = {.name = name}});
///         if (!writer) return std::unexpected(writer.error());
///         if (auto came = writer->wait_for_readers(1); !came) return came;
///         auto sent = mapferry::send_payload(*writer, *source, {});
///         if (!sent)
///             return std::unexpected(sent.error());  // the writer aborts at its destruction
///         auto report = writer->close();             // the reader has stored the file
///         return report ? mapferry::Result<void>() : std::unexpected(report.error());
///     }
#pragma once

#include <cstdint>
#include <functional>

#include "mapferry/source.h"
#include "mapferry/writer.h"

namespace mapferry::inline v1 {

/// Called now and then with the number of this payload's bytes that were handed over so far.
using ProgressCall = std::function<void(std::uint64_t payload_bytes)>;

/// What happens to a payload whose source changed while it was sent.
enum class SourceChange : std::uint8_t {
    kMark,  ///< it ends; PayloadSummary::source_changed is true on both sides
    kFail,  ///< it does not end, and send_payload() fails with kCorrupt
};

/// What send_payload() computes and says of the payload, and whom it tells.
struct SendOptions {
    DigestKind digest = DigestKind::kChunks;
    SourceChange source_change = SourceChange::kMark;
    std::uint64_t payload_count = 0;  ///< payloads announced for the section; 0 = unknown
    ProgressCall progress = {};
};

/// Reads the source to its end straight into the section's slots and ends the payload. A file is
/// sent with the size that it had when it was opened; bytes that were added since are left out.
/// kIo: it became shorter (kCorrupt with SourceChange::kFail). After the last byte send_payload()
/// checks whether the file changed. It waits for a silent pipe while that is open and a reader is
/// left. After an error the payload is unfinished: abort the writer.
[[nodiscard]] Result<PayloadSummary> send_payload(Writer& writer, Source& source,
                                                  const SendOptions& options);

}  // namespace mapferry::inline v1
