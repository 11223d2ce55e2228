// SPDX-License-Identifier: Apache-2.0
#include "cli/json_object.h"

#include <nlohmann/json.hpp>

namespace mapferry::json {

void to_json(nlohmann::json& object, const Value& value) {
    object = nlohmann::json::parse(value.dump());
}

}  // namespace mapferry::json
