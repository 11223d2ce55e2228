// SPDX-License-Identifier: Apache-2.0
#include "mapferry/receive.h"

#include <memory>

#include "base/exception_boundary.h"
#include "base/try.h"
#include "platform/fork_mark.h"
#include "stream/reader/reader_steps.h"
#include "transfer/reader/sparse_store.h"
#include "transfer/reader/write_behind.h"

namespace mapferry::inline v1 {

namespace {

// From this size on a payload's file is written by a thread of its own: 1 GiB in tmpfs takes 0.20 s
// to overwrite, and 0.1 s to copy and check (bench/README.md, `stages`).
constexpr std::uint64_t kAloneBytes = std::uint64_t{4} << 20;
// Blocks of at most this size are kept while they wait to be written.
constexpr std::uint64_t kBlockBytesMost = std::uint64_t{1} << 20;
// The blocks that wait or are being written, the one that is being read, and the end record.
constexpr std::size_t kBlocksKept = WriteBehind::kBlocks + 2;

// One payload on its way from the section to the output.
class PayloadCopy {
  public:
    PayloadCopy(Reader& reader, Output& output, Sparse sparse)
        : reader_(&reader), output_(&output), store_(output, sparse) {}

    // Takes one chunk and returns its size; 0 at the payload's end.
    Result<std::uint64_t> take_some() {
        if (!output_->keeps_bytes()) return ReaderSteps::verify(*reader_);
        TRY_ASSIGN(auto piece, reader_->read_piece());
        TRY(put(piece));
        taken_bytes_ += piece.bytes.size();
        return piece.bytes.size() + piece.hole_bytes;
    }

    // Afterwards all that was taken is in the output.
    Result<void> finish() {
        if (!behind_) return {};
        auto written = behind_->finish();
        behind_.reset();
        return written;
    }

  private:
    Result<void> put(const Piece& piece) {
        if (behind_) return behind_->put(piece);
        TRY(store_.put(piece));
        const bool is_large = taken_bytes_ >= kAloneBytes &&
                              reader_->section_info().slot_capacity_bytes <= kBlockBytesMost;
        if (!is_large || !output_->is_file()) return {};
        TRY(ReaderSteps::keep_blocks(*reader_, kBlocksKept));
        behind_.reset(new WriteBehind([this](const Piece& block) { return store_.put(block); }));
        return {};
    }

    Reader* reader_;
    Output* output_;
    SparseStore store_;
    std::uint64_t taken_bytes_ = 0;
    std::unique_ptr<WriteBehind, platform::LeaveInChild> behind_;
};

Result<PayloadSummary> receive_all(Reader& reader, Output& output, const ReceiveOptions& options) {
    PayloadCopy copy(reader, output, options.sparse);
    std::uint64_t received = 0;
    while (true) {
        TRY_ASSIGN(auto count, copy.take_some());
        received += count;
        if (!reader.summary()) {
            if (options.progress) options.progress(received);
            continue;
        }
        TRY(copy.finish());
        TRY(output.commit(options.attributes, options.durability));
        return *reader.summary();
    }
}

}  // namespace

Result<PayloadSummary> receive_payload(Reader& reader, Output& output,
                                       const ReceiveOptions& options) {
    return guarded([&]() -> Result<PayloadSummary> {
        auto summary = receive_all(reader, output, options);
        if (summary) return summary;
        if (const std::string loss = output.loss(); !loss.empty())
            summary.error().message += "; " + loss;
        return summary;
    });
}

}  // namespace mapferry::inline v1
