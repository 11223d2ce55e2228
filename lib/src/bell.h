// Sleeping and ringing without lost wake-ups and without a system call while nobody sleeps.
//
// The sleeper raises `sleeping` and then looks at the news; the ringer stores the news and then
// looks at `sleeping`. All four accesses are sequentially consistent, so at least one of the two
// sees the other's store: either the sleeper finds the news or the ringer finds the sleeper.
#pragma once

#include <cstdint>

#include "patience.h"
#include "peers.h"
#include "shared_access.h"

namespace mapferry {

// REQUIRES: the news was stored with seq_cst order (partner: the sleeper's news() in sleep_at).
template <typename Bell>
void ring_if_slept(Bell& bell, Peers& peers) {
    // seq_cst: partner is the exchange in sleep_at
    if (shared::load(bell.sleeping, std::memory_order_seq_cst) == 0) return;
    shared::store(bell.sleeping, std::uint32_t{0}, std::memory_order_seq_cst);
    // seq_cst: partner is the load of `word` at the start of sleep_at
    const std::uint32_t before =
        shared::add(bell.word, std::uint32_t{1}, std::memory_order_seq_cst);
    peers.ring(bell.word, before);
}

// Sleeps at most slice_ms unless news() holds already. REQUIRES: news() loads with seq_cst order.
template <typename Bell, typename News>
void sleep_at(Bell& bell, Peers& peers, std::int64_t slice_ms, const News& news) {
    const std::uint32_t seen = shared::load(bell.word, std::memory_order_seq_cst);
    shared::exchange(bell.sleeping, std::uint32_t{1}, std::memory_order_seq_cst);
    if (news()) return;
    peers.sleep_on(bell.word, seen, slice_ms);
}

// A moment's attention before sleeping; true when news() came.
template <typename News>
[[nodiscard]] bool spin_for(Peers& peers, const News& news) {
    for (int i = 0; i < kSpins; ++i) {
        if (news()) return true;
        peers.pause();
    }
    return news();
}

}  // namespace mapferry
