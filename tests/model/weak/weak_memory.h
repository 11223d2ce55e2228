// SPDX-License-Identifier: Apache-2.0
// The memory of a scene: words that several threads access with the orders that the code names, and
// bytes that no two threads may access at the same time. All orders of the threads' steps are tried
// within a bound, and every load returns each value that C++'s memory model lets it return, as far
// as the checker (relacy) goes back in a word's history.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mapferry::weak {

// One execution of a scene: begin(), then all threads at the same time, then end().
class Scene {
  public:
    virtual ~Scene() = default;
    virtual void begin() = 0;
    virtual void thread(unsigned index) = 0;
    virtual void end() {}
};

struct Search {
    unsigned threads = 2;
    unsigned switches_most = 2;  // forced changes from one thread to another in an execution
};

struct Outcome {
    bool holds = false;
    std::string fault;  // what the first bad execution did
    std::uint64_t executions = 0;
};

[[nodiscard]] Outcome explore(Scene& scene, const Search& search);

// In begin(): the word has this name from now on, and the value that it has in memory.
void add_word(const void* word, std::size_t bytes, const std::string& name);

enum class Operation : std::uint8_t { kLoad, kStore, kExchange, kAdd, kSetBits, kFence };

// An access to a word, or a fence (null). `where` is the name of the function that makes it, and
// stays valid.
struct Access {
    const void* word = nullptr;
    Operation operation = Operation::kLoad;
    std::memory_order order = std::memory_order_relaxed;
    const char* where = "";
};

// Returns the word's value before the access. Each change stores what Operation says of `operand`.
std::uint64_t access(const Access& access, std::uint64_t operand = 0);
void fence(const Access& access);

// Bytes that are not atomic, by the number of their slot: two accesses that nothing orders are a
// fault, unless both are reads.
void write_bytes(unsigned slot, std::uint64_t value);
[[nodiscard]] std::uint64_t read_bytes(unsigned slot);

// Sleeping without a time-out: a wake-up that is lost is a deadlock, and a deadlock is a fault.
void sleep_while(const void* word, std::uint64_t seen);
void wake_sleepers();

// The execution is bad unless this holds.
void check(bool holds, const char* what);

// Accesses that `name` describes, as known_accesses() words them, are made with the order `weaker`.
void weaken(const std::string& name, std::memory_order weaker);
// Every kind of access that was made: `field operation order function`, one a line.
[[nodiscard]] std::string known_accesses();

}  // namespace mapferry::weak
