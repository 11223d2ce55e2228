// SPDX-License-Identifier: Apache-2.0
// Reads an object by ranges, several at once, into a block that has the size of a part:
//
//     part n      |range|range|range|range|    into the block; checked there by the part's XXH3-64
//     part n + 1  |range|range|range|range|    asked for already; wait in their sockets
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "bridge/kept/object_store.h"
#include "bridge/s3/s3_client.h"

namespace mapferry::cli {

// One range that is being read. What is there of it stays when the connection breaks.
struct S3Range {
    using Clock = std::chrono::steady_clock;

    std::uint64_t offset = 0;  // in the object
    std::uint64_t bytes = 0;
    std::uint64_t done_bytes = 0;
    std::span<std::byte> target = {};           // empty: not known yet
    std::unique_ptr<S3Transfer> transfer = {};  // null: not under way
    int failures = 0;
    Clock::time_point not_before = {};

    [[nodiscard]] bool is_done() const { return done_bytes == bytes; }
};

// The ranges of one part.
struct S3RangesOfPart {
    std::uint64_t index = 0;
    std::vector<S3Range> ranges = {};
};

class S3Download : public ObjectSource {
  public:
    // `client` must outlive it.
    S3Download(S3Client& client, std::string key, const StoredObject& object);
    ~S3Download() override;

    [[nodiscard]] Result<void> read(std::span<std::byte> target, std::uint64_t offset) override;

  private:
    using Part = S3RangesOfPart;

    // Fills the block with the part's bytes, verified.
    Result<void> read_part(std::uint64_t index);
    Result<void> run_until_done(Part& part);
    Part cut(std::uint64_t index) const;
    Result<void> start(S3Range& range);
    Result<void> start_all(Part& part);
    Result<void> take_ended();
    Result<void> take_answer(S3Range& range, CURLcode result);
    std::unique_ptr<S3Transfer> take_transfer();
    void leave(S3Range& range);
    S3Range* range_of(const CURL* handle);
    std::uint64_t bytes_of_part(std::uint64_t index) const;

    S3Client* client_;
    std::string key_;
    StoredObject object_;
    CURLM* multi_;
    std::vector<Part> parts_;  // that are under way, in order
    std::vector<std::unique_ptr<S3Transfer>> free_;
    bool is_lost_ = false;

    // The part that read() hands out. Null until it is needed.
    std::unique_ptr<std::byte[]> block_;
    std::uint64_t block_index_ = UINT64_MAX;
};

}  // namespace mapferry::cli
