// SPDX-License-Identifier: Apache-2.0
#include "reader/made_files.h"

#include <optional>

#include "cli/short_names.h"
#include "mapferry/detail/path_facts.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

std::optional<std::array<std::uint64_t, 3>> key_of(const std::string& path) {
    const auto identity = identity_of(path);
    if (!identity) return std::nullopt;
    return std::array{identity->device, identity->file[0], identity->file[1]};
}

}  // namespace

Result<void> MadeFiles::check(const std::string& path) const {
    if (identities_.empty()) return {};
    const auto key = key_of(path);
    if (!key || !identities_.contains(*key)) return {};
    return fail(
        Code::kCannotCreate,
        in_quotes(path) + " was just made of another payload: both names lead to the same file",
        "give the payloads different names");
}

void MadeFiles::add(const std::string& path) {
    if (const auto key = key_of(path)) identities_.insert(*key);
}

}  // namespace mapferry::cli
