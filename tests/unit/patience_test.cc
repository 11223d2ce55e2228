// SPDX-License-Identifier: Apache-2.0
// How long a wait sleeps before it looks after its peer.
#include "ring/patience.h"

#include <gtest/gtest.h>

#include "support/fake_peers.h"

namespace mapferry::testing {
namespace {

class PatienceTest : public ::testing::Test {
  protected:
    // Sleeps through the next slice and returns its length.
    std::int64_t sleep(Patience& patience) {
        const auto slice_ms = patience.next_slice_ms();
        EXPECT_TRUE(slice_ms && *slice_ms);
        peers_.advance_ms(**slice_ms);
        return **slice_ms;
    }

    FakePeers peers_;
};

TEST_F(PatienceTest, LooksSoonAfterTheLastNewsAndTenTimesASecondLater) {
    Patience patience(peers_, {});
    EXPECT_EQ(sleep(patience), kProbeSoonMs);
    std::int64_t silent_ms = kProbeSoonMs;
    while (silent_ms < 2 * kProbeMs) {
        const std::int64_t slice_ms = sleep(patience);
        EXPECT_LE(slice_ms, std::max(kProbeSoonMs, silent_ms / 2));
        silent_ms += slice_ms;
    }
    EXPECT_EQ(sleep(patience), kProbeMs);
    patience.renew();
    EXPECT_EQ(sleep(patience), kProbeSoonMs);
}

TEST_F(PatienceTest, NeverSleepsBeyondItsDeadline) {
    Patience patience(peers_, {.timeout_ms = 55});
    std::int64_t slept_ms = 0;
    while (const auto slice_ms = *patience.next_slice_ms()) {
        slept_ms += *slice_ms;
        peers_.advance_ms(*slice_ms);
    }
    EXPECT_EQ(slept_ms, 55);
}

}  // namespace
}  // namespace mapferry::testing
