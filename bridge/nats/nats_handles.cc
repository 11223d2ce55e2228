// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_handles.h"

#include <algorithm>
#include <charconv>

namespace mapferry::cli {

// natsMsg_GetMetaData() knows only messages of the client library's own subscriptions. The reply
// subject is $JS.ACK.STREAM.CONSUMER.DELIVERED.SEQUENCE.CONSUMER_SEQUENCE.TIME.PENDING, or has a
// domain and an account before the stream: see ADR-15 of NATS.
std::uint64_t sequence_of(natsMsg* message) {
    const char* const reply = natsMsg_GetReply(message);
    std::string_view rest = reply == nullptr ? "" : reply;
    const auto dots = std::ranges::count(rest, '.');
    for (int skipped = 0; skipped < (dots > 8 ? 7 : 5); ++skipped)
        rest.remove_prefix(std::min(rest.size(), rest.find('.') + 1));
    std::uint64_t sequence = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), sequence);
    return sequence;
}

}  // namespace mapferry::cli
