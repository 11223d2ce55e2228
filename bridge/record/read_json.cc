// SPDX-License-Identifier: Apache-2.0
#include "bridge/record/read_json.h"

#include <string>

#include "cli/short_names.h"

namespace mapferry::cli {

Result<void> read_json(std::string_view text,
                       const std::function<void(const nlohmann::json&)>& read) {
    try {
        read(nlohmann::json::parse(text));
    } catch (const nlohmann::json::exception& what) {
        return fail(Code::kCorrupt, std::string("the description is damaged: ") + what.what());
    } catch (const std::out_of_range& what) {
        return fail(Code::kCorrupt, std::string("the description is damaged: ") + what.what());
    }
    return {};
}

}  // namespace mapferry::cli
