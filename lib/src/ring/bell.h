// SPDX-License-Identifier: Apache-2.0
// Sleeping and ringing without lost wake-ups and without a system call while nobody sleeps.
//
// The sleeper raises `sleeping` and then looks for news; the ringer stores the news and then looks
// at `sleeping`. All four accesses are sequentially consistent, so at least one of the two sees the
// other's store: either the sleeper finds the news or the ringer finds the sleeper.
//
// "News" are the words of the section that a process can sleep for: WriterLine.published and state,
// FrameLine.newest, Admission.verdict, ReaderLine.attachment, cursor and leases. A ringer stores
// them by store_news(), because without its result it can't ring. A sleeper looks at them by
// load_news(). Every weaker access to one of these words says "not slept for" in a comment
// (tests/structure/checks/news_orders.sh).
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "format/layout.h"
#include "format/shared_access.h"
#include "ring/patience.h"
#include "ring/peers.h"

namespace mapferry::inline v1 {

// Proof that news was stored in the order that ringing needs. Only the functions below make one.
class Told {
  public:
    // The news is a role that the kernel released. The sleeper raises `sleeping` and then asks for
    // the role; the ringer releases the role and then looks at `sleeping`. The kernel's own lock
    // orders the two calls, so the ringer sees a sleeper that asked too early.
    [[nodiscard]] static Told by_kernel() { return {}; }

  private:
    Told() = default;
    template <typename T>
    friend Told store_news(T& word, std::type_identity_t<T> value);
};

template <typename T>
Told store_news(T& word, std::type_identity_t<T> value) {
    // seq_cst: partner is the load in load_news
    shared::store(word, value, std::memory_order_seq_cst);
    return {};
}

template <typename T>
[[nodiscard]] T load_news(const T& word) {
    // seq_cst: partner is the store in store_news
    return shared::load(word, std::memory_order_seq_cst);
}

// Which sleepers are worth the system call of a ring.
inline constexpr std::uint32_t kSleeping = layout::kBellSleeping;
inline constexpr std::uint32_t kSleepingOrNapping = layout::kBellSleeping | layout::kBellNapping;

template <typename Bell>
void ring_if_slept(Bell& bell, Peers& peers, Told, std::uint32_t whom = kSleepingOrNapping) {
    // seq_cst: partner is the change in sleep_at and nap_at
    if ((shared::load(bell.sleeping, std::memory_order_seq_cst) & whom) == 0) return;
    if (peers.only_reads()) return;  // can't ring: waiters for a lock look again by themselves
    // Clearing the flags loses no sleeper. One that raised its flag before the news was stored
    // wakes by the change of `word` below; one that raised it later finds the news. seq_cst:
    // partner is the change in sleep_at and nap_at
    shared::store(bell.sleeping, std::uint32_t{0}, std::memory_order_seq_cst);
    // seq_cst: partner is the load of `word` at the start of sleep_at
    const std::uint32_t before =
        shared::add(bell.word, std::uint32_t{1}, std::memory_order_seq_cst);
    peers.ring(bell.word, before);
}

// A process that may only read raises no flag, so nobody rings for it. It looks again this often.
inline constexpr std::int64_t kLookWithoutBellMs = 10;

// Sleeps at most slice_ms, or not at all when news() holds already. REQUIRES: news() looks by
// load_news(), or asks the kernel.
template <typename Bell, typename News>
void sleep_at(Bell& bell, Peers& peers, std::int64_t slice_ms, const News& news) {
    // `word` is read before the flag is raised. A ring in between changes it, and sleep_on() then
    // returns at once. seq_cst: partners are the additions in ring_if_slept and wake_without_news
    const std::uint32_t seen = shared::load(bell.word, std::memory_order_seq_cst);
    if (peers.only_reads())
        slice_ms = std::min(slice_ms, kLookWithoutBellMs);
    else  // seq_cst: partner is the load in ring_if_slept
        shared::set_bits(bell.sleeping, layout::kBellSleeping, std::memory_order_seq_cst);
    if (news()) return;
    peers.sleep_on(bell.word, seen, slice_ms);
}

// A sleep so short that a ringer with more to come need not ring. The sleeper finds what came
// meanwhile at the end of the nap, and the ringer saves its system call.
template <typename Bell, typename News>
void nap_at(Bell& bell, Peers& peers, const News& news) {
    if (peers.only_reads()) return;
    // seq_cst, both: the partners are those of the same accesses in sleep_at
    const std::uint32_t seen = shared::load(bell.word, std::memory_order_seq_cst);
    shared::set_bits(bell.sleeping, layout::kBellNapping, std::memory_order_seq_cst);
    if (news()) return;
    peers.nap_on(bell.word, seen);
}

// Wakes all sleepers at a bell although the section has no news. It serves a sleeper whose news()
// holds by now for a reason inside its own process; that reason must have been stored with seq_cst.
// The other sleepers wake for nothing and sleep again. Where the section may only be read, a
// sleeper looks again by itself.
template <typename Bell>
void wake_without_news(Bell& bell, Peers& peers) {
    if (peers.only_reads()) return;
    // seq_cst: partner is the load of `word` at the start of sleep_at
    const std::uint32_t before =
        shared::add(bell.word, std::uint32_t{1}, std::memory_order_seq_cst);
    peers.ring(bell.word, before);
}

// Spins for a moment before the caller sleeps. Returns true when news() holds.
template <typename News>
[[nodiscard]] bool spin_for(Peers& peers, const News& news) {
    for (int i = 0; i < kSpins; ++i) {
        if (news()) return true;
        peers.pause();
    }
    return news();
}

}  // namespace mapferry::inline v1
