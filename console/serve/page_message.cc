// SPDX-License-Identifier: Apache-2.0
#include "console/serve/page_message.h"

#include <cstdint>

namespace mapferry::cli {

namespace {

void append_length(std::string& message, std::size_t length) {
    auto rest = static_cast<std::uint32_t>(length);
    for (int byte = 0; byte < 4; ++byte, rest >>= 8)
        message += static_cast<char>(rest & 0xFF);
}

}  // namespace

std::string page_message(const json::Value& object, std::string_view bytes) {
    const std::string text = object.dump();
    std::string message;
    message.reserve(8 + text.size() + bytes.size());
    append_length(message, text.size());
    append_length(message, bytes.size());
    message += text;
    message += bytes;
    return message;
}

}  // namespace mapferry::cli
