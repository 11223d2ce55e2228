// SPDX-License-Identifier: Apache-2.0
// What is stored beside a kept payload's bytes, as JSON. docs/reach.md describes it.
#pragma once

#include <string>
#include <string_view>

#include "bridge/kept/object_store.h"

namespace mapferry::cli {

[[nodiscard]] std::string record_text(const ObjectRecord& record);
// kCorrupt: the text is no record, or one that contradicts itself; kVersion: a later version.
[[nodiscard]] Result<ObjectRecord> parse_record(std::string_view text);

}  // namespace mapferry::cli
