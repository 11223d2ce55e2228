// SPDX-License-Identifier: Apache-2.0
// Paths as UTF-8 text, which mapferry uses on every system. A path that is made of plain chars
// would have another encoding on some systems.
#pragma once

#include <filesystem>
#include <string>

namespace mapferry::testing {

[[nodiscard]] inline std::filesystem::path path_of(const std::string& utf8) {
    return std::filesystem::path(std::u8string(utf8.begin(), utf8.end()));
}

[[nodiscard]] inline std::string text_of(const std::filesystem::path& path) {
    const std::u8string utf8 = path.u8string();
    return {utf8.begin(), utf8.end()};
}

}  // namespace mapferry::testing
