// SPDX-License-Identifier: Apache-2.0
#include "writer/frame_input.h"

#include <filesystem>

namespace mapferry::cli {

bool is_looked_into(const std::string& path) {
    std::error_code unknown;
    const auto status = std::filesystem::status(path, unknown);
    return path != "-" && !std::filesystem::is_fifo(status) &&
           !std::filesystem::is_socket(status) && !std::filesystem::is_character_file(status);
}

}  // namespace mapferry::cli
