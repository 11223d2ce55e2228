// SPDX-License-Identifier: Apache-2.0
// The roles `send-payloads` and `receive-payloads`.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "bench/give_up.h"
#include "bench/payload_way.h"
#include "bench/peer_words.h"
#include "bench/spawn.h"
#include "bench/stream_roles.h"
#include "mapferry/detail/hash.h"

namespace mapferry::bench {

namespace {

constexpr std::size_t kVariants = 256;  // different payloads; at most 1 MiB, which the caches hold

PayloadWay find_way(const std::string& name) {
    std::vector<PayloadWay> ways;
    add_mapferry_payload_ways(ways);
    add_boost_payload_ways(ways);
    add_queue_payload_ways(ways);
    add_stream_payload_ways(ways);
    const auto way = std::ranges::find(ways, name, &PayloadWay::name);
    if (way == ways.end()) give_up("no such way: " + name);
    return *way;
}

PayloadTask task_of(const PeerWords& words) {
    PayloadTask task = {.channel = words.text("channel"),
                        .payload_count = words.number("count"),
                        .payload_bytes = static_cast<std::size_t>(words.number("bytes"))};
    // Each payload begins with its number.
    if (task.payload_bytes < sizeof(std::uint64_t)) give_up("how many bytes has a payload?");
    return task;
}

std::vector<std::byte> make_records(std::size_t record_bytes) {
    std::vector<std::byte> records(kVariants * record_bytes);
    std::uint64_t state = 0x9E3779B97F4A7C15u;
    for (std::size_t at = 0; at + sizeof(state) <= records.size(); at += sizeof(state)) {
        // xorshift64 (Marsaglia 2003)
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        std::memcpy(&records[at], &state, sizeof(state));
    }
    return records;
}

bool is_record_right(std::span<const std::byte> record) {
    std::uint64_t digest = 0;
    std::memcpy(&digest, record.data(), sizeof(digest));
    return digest == xxh3_64(record.subspan(sizeof(digest)));
}

std::uint64_t number_of(std::span<const std::byte> payload) {
    std::uint64_t number = 0;
    std::memcpy(&number, payload.data(), sizeof(number));
    return number;
}

}  // namespace

int send_payloads(const PeerWords& words) {
    const PayloadWay way = find_way(words.text("way"));
    const PayloadTask task = task_of(words);
    std::vector<std::byte> records = make_records(task.record_bytes());
    const auto sender = way.make_sender(task);
    for (std::uint64_t number = 0; number < task.payload_count; ++number) {
        const auto record = std::span(records).subspan(number % kVariants * task.record_bytes(),
                                                       task.record_bytes());
        const auto payload = record.subspan(kDigestBytes);
        std::memcpy(payload.data(), &number, sizeof(number));
        if (way.verifies == Verifies::kWithRecord) {
            const std::uint64_t digest = xxh3_64(payload);
            std::memcpy(record.data(), &digest, sizeof(digest));
        }
        sender->send(record);
    }
    sender->finish();
    return 0;
}

// Writes the nanoseconds between the first payload and the last to kFigureDescriptor.
int receive_payloads(const PeerWords& words) {
    using Clock = std::chrono::steady_clock;
    const PayloadWay way = find_way(words.text("way"));
    const PayloadTask task = task_of(words);
    const auto receiver = way.make_receiver(task);
    Clock::time_point began = {};
    for (std::uint64_t number = 0; number < task.payload_count; ++number) {
        std::span<std::byte> payload = receiver->receive();
        if (number == 0) began = Clock::now();
        if (!payload.empty() && way.verifies == Verifies::kWithRecord) {
            if (number != 0 && number == words.number("fault-at")) payload.back() ^= std::byte{1};
            payload = is_record_right(payload) ? payload.subspan(kDigestBytes) : payload.first(0);
        }
        if (payload.empty() || number_of(payload) != number) {
            std::fprintf(stderr, "bench peer: error: payload %llu came with wrong bytes\n",
                         static_cast<unsigned long long>(number));
            return kWrongBytes;
        }
    }
    const std::int64_t took_ns = (Clock::now() - began) / std::chrono::nanoseconds(1);
    receiver->finish();
    write_all(kFigureDescriptor, std::as_bytes(std::span(&took_ns, 1)));
    return 0;
}

}  // namespace mapferry::bench
