// SPDX-License-Identifier: Apache-2.0
// Values of json/ as members of the objects that the programs print.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "json/json_value.h"

namespace mapferry::json {

// By this, a Value is assigned to and converted into an object of nlohmann-json.
void to_json(nlohmann::json& object, const Value& value);

}  // namespace mapferry::json
