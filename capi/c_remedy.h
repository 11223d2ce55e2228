// SPDX-License-Identifier: Apache-2.0
// The remedies in the words of the C interface: its calls and their options.
#pragma once

#include <string_view>

#include "mapferry/status.h"

namespace mapferry::capi {

// "raise timeout_ms"; empty for kNone, and only for that. A literal.
[[nodiscard]] std::string_view remedy_text(Remedy remedy) noexcept;

}  // namespace mapferry::capi
