// SPDX-License-Identifier: Apache-2.0
// The only unit that sees relacy.
#include "weak_memory.h"

#include <cstring>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>
#include <tuple>
#include <unordered_map>

// Behind all others: it defines `new`, `delete` and the names of the orders as macros.
#include <relacy/relacy.hpp>
#undef new
#undef delete
#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst

namespace mapferry::weak {

namespace {

constexpr unsigned kSlots = 4;

struct Word {
    std::unique_ptr<rl::atomic<std::uint64_t>> value;
    const std::string* name = nullptr;
};

// Of one execution.
struct Memory {
    std::unordered_map<const void*, Word> words;
    rl::var<std::uint64_t> bytes[kSlots];
    rl::mutex kernel;
    rl::condition_variable woken;
};

using Kind = std::tuple<const std::string*, Operation, std::memory_order, const char*>;

Memory* memory = nullptr;
Scene* scene = nullptr;
std::set<std::string> names;
std::map<Kind, std::optional<std::memory_order>> kinds;  // and the weaker order of each
std::map<std::string, std::memory_order> weakened;
std::string broken;  // what did not hold

const char* name_of(Operation operation) {
    constexpr const char* kNames[] = {"load", "store", "exchange", "add", "set_bits", "fence"};
    return kNames[static_cast<int>(operation)];
}

const char* name_of(std::memory_order order) {
    constexpr const char* kNames[] = {"relaxed", "consume", "acquire",
                                      "release", "acq_rel", "seq_cst"};
    return kNames[static_cast<int>(order)];
}

// "RingReader::examine" of "mapferry::v1::Result<...> mapferry::v1::RingReader::examine()".
std::string short_name(const std::string& function) {
    const std::string head = function.substr(0, function.find('('));
    for (const std::string space : {"{anonymous}::", "v1::"})
        if (const auto at = head.rfind(space); at != std::string::npos)
            return head.substr(at + space.size());
    return head.substr(head.rfind(' ') + 1);
}

std::string name_of(const Kind& kind) {
    const auto& [field, operation, order, where] = kind;
    return *field + " " + name_of(operation) + " " + name_of(order) + " " + short_name(where);
}

// The orders have the same numbers.
rl::memory_order to_relacy(std::memory_order order) {
    return static_cast<rl::memory_order>(static_cast<int>(order));
}

rl::memory_order order_of(const std::string& name, const Access& access) {
    const Kind kind{&name, access.operation, access.order, access.where};
    auto known = kinds.find(kind);
    if (known == kinds.end()) {
        const auto weak = weakened.find(name_of(kind));
        known =
            kinds.emplace(kind, weak == weakened.end() ? std::nullopt : std::optional(weak->second))
                .first;
    }
    return to_relacy(known->second.value_or(access.order));
}

template <int kThreads>
struct Suite : rl::test_suite<Suite<kThreads>, kThreads> {
    Memory own;
    void before() {
        memory = &own;
        for (auto& byte : own.bytes)
            byte(RL_INFO).store(0);
        scene->begin();
    }
    void thread(unsigned index) { scene->thread(index); }
    void after() {
        scene->end();
        own.words.clear();
    }
};

template <int kThreads>
Outcome run(const Search& search) {
    std::ostringstream said;
    rl::test_params params;
    params.search_type = rl::fair_context_bound_scheduler_type;
    params.context_bound = search.switches_most;
    params.execution_depth_limit = 20'000;
    params.output_stream = &said;
    params.progress_stream = &said;
    const bool holds = rl::simulate<Suite<kThreads>>(params);
    return {.holds = holds,
            .fault = rl::test_result_str(params.test_result) + std::string(": ") + broken,
            .executions = params.stop_iteration};
}

}  // namespace

Outcome explore(Scene& explored, const Search& search) {
    scene = &explored;
    return search.threads == 2 ? run<2>(search) : run<3>(search);
}

void add_word(const void* word, std::size_t bytes, const std::string& name) {
    std::uint64_t value = 0;
    std::memcpy(&value, word, bytes);
    memory->words.emplace(word, Word{.value = std::make_unique<rl::atomic<std::uint64_t>>(value),
                                     .name = &*names.insert(name).first});
}

std::uint64_t access(const Access& access, std::uint64_t operand) {
    const auto found = memory->words.find(access.word);
    if (found == memory->words.end()) {
        check(false, access.where);
        return 0;
    }
    const Word& word = found->second;
    const rl::memory_order order = order_of(*word.name, access);
    switch (access.operation) {
        case Operation::kLoad:
            return word.value->load(order, RL_INFO);
        case Operation::kStore:
            word.value->store(operand, order, RL_INFO);
            return 0;
        case Operation::kExchange:
            return word.value->exchange(operand, order, RL_INFO);
        case Operation::kAdd:
            return word.value->fetch_add(operand, order, RL_INFO);
        case Operation::kSetBits:
            return word.value->fetch_or(operand, order, RL_INFO);
        case Operation::kFence:
            break;
    }
    return 0;
}

void fence(const Access& access) {
    static const std::string name = "bytes";
    const rl::memory_order order = order_of(name, access);
    if (order != rl::mo_relaxed) rl::atomic_thread_fence(order, RL_INFO);
}

void write_bytes(unsigned slot, std::uint64_t value) {
    memory->bytes[slot](RL_INFO).store(value);
}

std::uint64_t read_bytes(unsigned slot) {
    return memory->bytes[slot](RL_INFO).load();
}

// The kernel compares the word and goes to sleep in one step.
void sleep_while(const void* word, std::uint64_t seen) {
    memory->kernel.lock(RL_INFO);
    if (memory->words.at(word).value->load(rl::mo_relaxed, RL_INFO) == seen)
        memory->woken.wait(memory->kernel, RL_INFO);
    memory->kernel.unlock(RL_INFO);
}

void wake_sleepers() {
    memory->kernel.lock(RL_INFO);
    memory->woken.notify_all(RL_INFO);
    memory->kernel.unlock(RL_INFO);
}

void check(bool holds, const char* what) {
    if (holds) return;
    broken = what;
    rl::ctx().fail_test(what, rl::test_result_user_assert_failed, RL_INFO);
}

void weaken(const std::string& name, std::memory_order weaker) {
    weakened[name] = weaker;
}

std::string known_accesses() {
    std::set<std::string> lines;  // a template has several functions of one name
    for (const auto& [kind, weaker] : kinds)
        lines.insert(name_of(kind) + "\n");
    return std::accumulate(lines.begin(), lines.end(), std::string());
}

}  // namespace mapferry::weak
