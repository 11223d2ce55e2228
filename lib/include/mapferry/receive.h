// SPDX-License-Identifier: Apache-2.0
/// \file
/// Receiving a whole payload into an output: the loop that mapferry-reader runs.
#pragma once

#include <cstdint>
#include <functional>

#include "mapferry/output.h"
#include "mapferry/reader.h"

namespace mapferry::inline v1 {

/// Which zeros become holes of the output, which take no space.
enum class Sparse : std::uint8_t {
    kAuto,    ///< the source's holes
    kAlways,  ///< each block of 4096 zeros
    kNever,   ///< none: every zero is written
};

struct ReceiveOptions {
    FileAttributes attributes = {};  ///< what commit() applies
    Durability durability = Durability::kBuffered;
    Sparse sparse = Sparse::kAuto;
    /// Called now and then with the bytes of this payload that are delivered.
    std::function<void(std::uint64_t payload_bytes)> progress = {};
};

/// Writes the payload that reader.next() announced, each chunk after it was verified, and commits
/// the output when all of it is there and its digest matches. After an error the output has not
/// appeared (standard output has only verified bytes), and the reader should fail().
[[nodiscard]] Result<PayloadSummary> receive(Reader& reader, Output& output,
                                             const ReceiveOptions& options);

}  // namespace mapferry::inline v1
