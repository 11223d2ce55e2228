// Receiving a whole payload into an output: the loop that mapferry-reader runs.
#pragma once

#include <cstdint>
#include <functional>

#include "mapferry/output.h"
#include "mapferry/reader.h"

namespace mapferry {

struct ReceiveOptions {
    FileAttributes attributes = {};  // what commit() applies
    Durability durability = Durability::kBuffered;
    // Called now and then with the bytes of this payload that are delivered.
    std::function<void(std::uint64_t payload_bytes)> progress = {};
};

// Writes the payload that reader.next() announced, each chunk after it was verified, and commits
// the output when all of it is there and its digest matches. After an error the output has not
// appeared (standard output has only verified bytes), and the reader should fail().
[[nodiscard]] Result<PayloadSummary> receive(Reader& reader, Output& output,
                                             const ReceiveOptions& options);

}  // namespace mapferry
