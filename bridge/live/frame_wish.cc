// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/frame_wish.h"

#include <nlohmann/json.hpp>

#include "bridge/record/read_json.h"
#include "cli/short_names.h"

namespace mapferry::cli {

std::string wish_text(const FrameWish& wish) {
    nlohmann::json object = {{"importer", wish.importer}};
    if (!wish.epoch.empty()) {
        object["epoch"] = wish.epoch;
        object["ordinal"] = wish.ordinal;
    }
    return object.dump();
}

Result<FrameWish> parse_wish(std::string_view text) {
    FrameWish wish;
    auto read = read_json(text, [&wish](const nlohmann::json& object) {
        wish.importer = object.at("importer").get<std::string>();
        if (!object.contains("epoch")) return;
        wish.epoch = object.at("epoch").get<std::string>();
        wish.ordinal = read_number<std::uint64_t>(object.at("ordinal"));
    });
    if (!read) return std::unexpected(read.error());
    return wish;
}

}  // namespace mapferry::cli
