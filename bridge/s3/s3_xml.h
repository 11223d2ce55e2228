// SPDX-License-Identifier: Apache-2.0
// The few elements that a store's answers in XML have. No general parser: no attributes, and no
// element inside one of the same name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mapferry::cli {

// What lies inside each element of this name, in order. Parts of `xml`, as they are written there.
[[nodiscard]] std::vector<std::string_view> xml_elements(std::string_view xml,
                                                         std::string_view name);
// The text of the first element of this name. Empty: there is none, or it is empty.
[[nodiscard]] std::string xml_text(std::string_view xml, std::string_view name);

}  // namespace mapferry::cli
