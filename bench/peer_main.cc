// SPDX-License-Identifier: Apache-2.0
// mapferry-bench-peer: one process of a run, in a role for which the system has no program. It is
// small and has no shared libraries, because it has to start as fast as `cat`.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bench/give_up.h"
#include "bench/peer_words.h"

namespace mapferry::bench {

void give_up(const std::string& why) {
    std::fprintf(stderr, "bench peer: error: %s\n", why.c_str());
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
}

}  // namespace mapferry::bench

int main(int argc, char** argv) {
    using namespace mapferry::bench;
    if (argc < 2) give_up("which role?");
    const std::string_view role = argv[1];
    const PeerWords words(argc - 2, argv + 2);
    if (role == "send") return send_stream(words);
    if (role == "receive") return receive_stream(words);
    if (role == "send-payloads") return send_payloads(words);
    if (role == "receive-payloads") return receive_payloads(words);
    give_up("no such role: " + std::string(role));
}
