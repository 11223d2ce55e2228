// SPDX-License-Identifier: Apache-2.0
// What the ring needs from the outside world: to sleep, to wake, to learn who is alive and what
// time it is. Real sections ask the platform; tests answer from a table.
#pragma once

#include <cstdint>

namespace mapferry::inline v1 {

class Peers {
  public:
    virtual ~Peers() = default;
    // Sleeps until `word` is rung, differs from `seen`, or timeout_ms have passed. May also return
    // early for no reason.
    virtual void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) = 0;
    // Sleeps in the same way for about a tenth of a millisecond. Does not sleep where the system
    // can't wait for so short a time.
    virtual void nap_on(std::uint32_t&, std::uint32_t) {}
    // Wakes all sleepers on `word`, which the caller has changed from `before`.
    virtual void ring(std::uint32_t& word, std::uint32_t before) = 0;
    // Whether a process holds the role. True where the system can't answer: then only a deadline
    // ends the wait.
    [[nodiscard]] virtual bool writer_lives() = 0;
    [[nodiscard]] virtual bool reader_lives(std::uint32_t reader) = 0;
    // Whether the section's memory is gone, so that nothing new will ever appear in it.
    [[nodiscard]] virtual bool memory_is_lost() { return false; }
    // Whether this process may only read the section, so that it can neither raise nor ring a bell.
    [[nodiscard]] virtual bool only_reads() { return false; }
    // Whether the section's name still leads to it, so that readers can come.
    [[nodiscard]] virtual bool is_found_by_name() { return true; }
    // One step of a spinning wait.
    virtual void pause() = 0;
    // Monotonic.
    [[nodiscard]] virtual std::int64_t now_ms() = 0;
};

}  // namespace mapferry::inline v1
