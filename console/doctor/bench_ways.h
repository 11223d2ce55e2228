// SPDX-License-Identifier: Apache-2.0
// The ways that `mapferry bench` compares. In each way another process sends the bytes of a file,
// and this process receives them. Both hash every byte.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "console/doctor/bench_peer.h"
#include "mapferry/section.h"

namespace mapferry::cli {

// The only argument of the other process in all ways except mapping.
inline constexpr const char* kSendArgument = "send-checked-for-my-parent";

// The work of that process: copies standard input and a checksum to standard output. Returns the
// exit code.
[[nodiscard]] int send_for_parent();

// The bytes that each round sends.
struct BenchPayload {
    OpenFile file;
    std::uint64_t bytes = 0;
};
// Bytes that no file system can shrink, in a nameless file of `folder`.
[[nodiscard]] Result<BenchPayload> make_payload(const std::string& folder, std::uint64_t bytes);

// The values that all ways need.
struct BenchSetting {
    std::string folder;           // for nameless files
    SectionAddress section = {};  // of this run alone
    const std::atomic<int>* stop = nullptr;
};

class BenchWay {
  public:
    explicit BenchWay(std::string name) : name_(std::move(name)) {}
    virtual ~BenchWay() = default;
    BenchWay(const BenchWay&) = delete;
    BenchWay& operator=(const BenchWay&) = delete;
    [[nodiscard]] const std::string& name() const { return name_; }
    // Sends and receives once. Returns the seconds from the start of the sending process until
    // every byte is here and verified. kCorrupt: a byte is wrong; kInterrupted; kTimedOut;
    // kPeerGone.
    [[nodiscard]] virtual Result<double> run(const BenchPayload& payload) = 0;

  private:
    std::string name_;
};

// All ways of this system; mapping is the first.
[[nodiscard]] Result<std::vector<std::unique_ptr<BenchWay>>> make_ways(const BenchSetting& setting);

}  // namespace mapferry::cli
