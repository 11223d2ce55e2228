// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>

#include "bridge/options/reader_id.h"

namespace mapferry::cli {

std::string machine_name() {
    std::array<char, 256> name = {};
    // The last byte stays zero.
    if (::gethostname(name.data(), name.size() - 1) != 0) return {};
    return name.data();
}

}  // namespace mapferry::cli
