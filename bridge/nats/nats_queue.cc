// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_queue.h"

namespace mapferry::cli {

std::string queue_stream(std::string_view place) {
    return "MFQ_" + std::string(place);
}

std::string queue_subject(std::string_view place) {
    return "mfq." + std::string(place);
}

}  // namespace mapferry::cli
