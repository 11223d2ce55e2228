// SPDX-License-Identifier: Apache-2.0
/// \file
/// Receives a whole payload into an output: the loop of a program that receives files.
///
///     mapferry::Result<void> receive_file(const std::string& name, const std::string& path) {
///         auto reader = mapferry::Reader::open({.address = {.name = name}});  // waits for it
///         if (!reader) return std::unexpected(reader.error());
///         auto info = reader->next();
///         if (!info) return std::unexpected(info.error());
///         if (!*info)
///             return std::unexpected(mapferry::Status{mapferry::Code::kNotFound, "no file came"});
///         const auto source = (*info)->source;  // a file is never written over itself
///         auto output = mapferry::Output::to_file(path, mapferry::Overwrite::kRefuse, source);
///         if (!output) return std::unexpected(output.error());
///         auto received = mapferry::receive_payload(*reader, *output, {});
///         if (!received) return std::unexpected(received.error());  // there is no file at `path`
///         if (auto stored = reader->acknowledge(); !stored) return stored;
///         return reader->close();
///     }
#pragma once

#include <cstdint>
#include <functional>

#include "mapferry/output.h"
#include "mapferry/reader.h"

namespace mapferry::inline v1 {

/// The zeros that become holes of the output. Holes take no space.
enum class Sparse : std::uint8_t {
    kAuto,    ///< the holes of the source
    kAlways,  ///< each block of 4096 zeros
    kNever,   ///< none: every zero is written
};

/// What receive_payload() writes, and whom it tells.
struct ReceiveOptions {
    FileAttributes attributes = {};  ///< what commit() applies
    Durability durability = Durability::kBuffered;
    Sparse sparse = Sparse::kAuto;
    /// Called now and then with the number of this payload's bytes that were received so far.
    std::function<void(std::uint64_t payload_bytes)> progress = {};
};

/// Writes the payload that reader.next() announced. Each chunk is verified before it is written.
/// When the payload is complete and its digest matches, commits the output. After an error call
/// reader.abort(). An output file has not appeared then, except with Durability::kOnDisk (see
/// Output::commit()) and Overwrite::kInPlace; standard output got only verified bytes.
[[nodiscard]] Result<PayloadSummary> receive_payload(Reader& reader, Output& output,
                                                     const ReceiveOptions& options);

}  // namespace mapferry::inline v1
