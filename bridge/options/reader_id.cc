// SPDX-License-Identifier: Apache-2.0
#include "bridge/options/reader_id.h"

#include <algorithm>

#include "cli/short_names.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kCharactersMost = 64;

bool is_allowed(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

}  // namespace

std::string default_reader_id(const std::string& section_name) {
    std::string id = machine_name() + "-" + section_name;
    std::ranges::replace_if(id, [](char c) { return !is_allowed(c); }, '_');
    if (id.size() > kCharactersMost) id.resize(kCharactersMost);
    return id;
}

Result<void> check_reader_id(const std::string& id) {
    if (!id.empty() && id.size() <= kCharactersMost && std::ranges::all_of(id, is_allowed))
        return {};
    return fail(Code::kUsage,
                "the reader id " + in_quotes(id) + " is not of 1 to 64 characters A-Z a-z 0-9 _ -");
}

}  // namespace mapferry::cli
