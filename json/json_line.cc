// SPDX-License-Identifier: Apache-2.0
#include "json/json_line.h"

#include <nlohmann/json.hpp>

namespace mapferry::json {

namespace {

bool is_utf8(const nlohmann::json& value) {
    try {
        (void)value.dump();
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}

// Adds the bytes of each member that is not UTF-8 as a second member: "text_base64" for "text".
void add_exact_bytes(nlohmann::json& value) {
    if (value.is_array())
        for (nlohmann::json& element : value)
            add_exact_bytes(element);
    if (!value.is_object()) return;
    nlohmann::json exact = nlohmann::json::object();
    for (auto& [key, member] : value.items()) {
        if (!member.is_string())
            add_exact_bytes(member);
        else if (!is_utf8(member))
            exact[key + "_base64"] = base64(member.get_ref<const std::string&>());
    }
    value.update(exact);
}

}  // namespace

std::string json_line(const nlohmann::json& object) try {
    return object.dump() + "\n";
} catch (const nlohmann::json::type_error&) {  // not all of it is UTF-8
    nlohmann::json exact = object;
    add_exact_bytes(exact);
    return exact.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto byte_at = [bytes](std::size_t at) {
        return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0u;
    };
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const unsigned three = byte_at(at) << 16 | byte_at(at + 1) << 8 | byte_at(at + 2);
        for (std::size_t digit = 0; digit < 4; ++digit)
            text += at + digit > bytes.size() ? '=' : kDigits[three >> (18 - 6 * digit) & 63];
    }
    return text;
}

}  // namespace mapferry::json
