// SPDX-License-Identifier: Apache-2.0
// Payloads with pauses between them: each reaches its reader as soon as it has ended, without a
// further call of its sender. The delay depends on the machine. So each second payload is followed
// by flush(), which wakes all sleepers; the other payloads must not be later by half of the pause.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "support/child_process.h"
#include "support/soak_time.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr std::size_t kPayloads = 40;
// Longer than a reader's spinning and its nap. The test is about the time between two payloads.
constexpr std::chrono::milliseconds kPace{20};

class Prompt : public ::testing::TestWithParam<std::size_t> {
  public:
    ~Prompt() override { section_.remove(); }

  protected:
    // Notes the time at which each payload has arrived.
    void receive() {
        auto reader = Reader::open({.address = section_.address(), .timeout = kWatchdog});
        ASSERT_TRUE(reader) << reader.error().message;
        while (true) {
            const auto payload = reader->next();
            ASSERT_TRUE(payload) << payload.error().message;
            if (!*payload) break;
            while (!reader->summary()) {
                const auto bytes = reader->read();
                ASSERT_TRUE(bytes) << bytes.error().message;
            }
            received_.push_back(Clock::now());
            ASSERT_TRUE(reader->acknowledge());
        }
        EXPECT_TRUE(reader->close());
    }
    void send(const std::string& name) {
        const Bytes payload = random_bytes(GetParam());
        const std::vector<std::uint64_t> sizes(kPayloads, GetParam());
        auto writer =
            Writer::create({.address = section_.address(), .workload = {.known_bytes = sizes}});
        ASSERT_TRUE(writer) << writer.error().message;
        ASSERT_TRUE(writer->wait_for_readers(1));
        for (std::size_t i = 0; i < kPayloads; ++i) {
            std::this_thread::sleep_for(kPace);  // time itself: the reader must fall asleep
            ASSERT_TRUE(writer->begin({.name = name, .payload_bytes = payload.size()}));
            ASSERT_TRUE(writer->write(payload));
            sent_.push_back(Clock::now());
            ASSERT_TRUE(writer->end());
            if (i % 2 == 0) {
                ASSERT_TRUE(writer->flush());
            }
        }
        EXPECT_TRUE(writer->close());
    }
    // The median of the payloads first, first + 2, ...
    [[nodiscard]] microseconds median_delay(std::size_t first) const {
        std::vector<microseconds> delays;
        for (std::size_t i = first; i < kPayloads; i += 2)
            delays.push_back(std::chrono::duration_cast<microseconds>(received_[i] - sent_[i]));
        std::ranges::sort(delays);
        print_figure("payload of " + std::to_string(GetParam()) + " bytes is there, " +
                         (first == 0 ? "with" : "without") + " flush()",
                     delays[delays.size() / 2].count(), " us, the slowest ", delays.back().count());
        return delays[delays.size() / 2];
    }
    void expect_no_delay(const std::string& name) {
        sent_.clear();
        received_.clear();
        std::jthread reading([this] { receive(); });
        send(name);
        reading.join();
        ASSERT_EQ(sent_.size(), kPayloads);
        ASSERT_EQ(received_.size(), kPayloads);
        EXPECT_LT(median_delay(1), median_delay(0) + kPace / 2);
    }

    const UniqueSection section_;
    std::vector<Clock::time_point> sent_;
    std::vector<Clock::time_point> received_;
};

INSTANTIATE_TEST_SUITE_P(OfBytes, Prompt,
                         ::testing::Values(64, 4096, std::size_t{1} << 20, std::size_t{8} << 20));

TEST_P(Prompt, PayloadWithoutANameIsThereWhenItEnds) {
    expect_no_delay({});
}

TEST_P(Prompt, PayloadWithANameIsThereWhenItEnds) {
    expect_no_delay("x");
}

}  // namespace
}  // namespace mapferry::testing
