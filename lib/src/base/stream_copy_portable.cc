// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "base/stream_copy.h"

namespace mapferry::inline v1 {

void stream_copy(std::span<std::byte> target, std::span<const std::byte> source) {
    if (!source.empty()) std::memcpy(target.data(), source.data(), source.size());
}

}  // namespace mapferry::inline v1
