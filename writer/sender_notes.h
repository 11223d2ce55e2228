// SPDX-License-Identifier: Apache-2.0
// What the user says of payloads and frames: --meta, --meta-json, --describe.
#pragma once

#include <string>
#include <vector>

#include "mapferry/frame_notes.h"
#include "mapferry/payload.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// The pairs of each payload. kUsage: a --meta is no KEY=VALUE or comes twice, or the file has no
// object or a value that is no string, number or boolean; errors of reading the file.
[[nodiscard]] Result<std::vector<PayloadPair>> pairs_for_payloads(const WriterCommand& command);

// The metadata of each frame, in JSON; empty: none. kUsage: a --meta is no KEY=VALUE, or the file
// is no JSON or too long; errors of reading the file.
[[nodiscard]] Result<std::string> metadata_for_frames(const WriterCommand& command);

// The description of the stream; empty: none. kUsage: it is too long; errors of reading the file.
[[nodiscard]] Result<std::string> description_of(const WriterCommand& command);

}  // namespace mapferry::cli
