// SPDX-License-Identifier: Apache-2.0
// Who may read what the server says. Pure functions over a request's parts; http_server.h calls
// them before anything else sees the request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapferry/status.h"

namespace mapferry::cli {

// ASCII letters in lower case: names of hosts.
[[nodiscard]] std::string lower(std::string_view text);

// What the server grants.
struct AccessRules {
    std::string token = {};                    // empty: none is demanded
    std::string cookie_name = {};              // of the token
    std::vector<std::string> host_names = {};  // in lower case, besides addresses and localhost
    bool loopback_only = true;                 // no other address is named in Host
};

// The parts of a request that decide.
struct AccessRequest {
    std::string_view method = {};
    std::string_view path = {};
    std::vector<std::string_view> hosts = {};  // every Host header
    std::string_view origin = {};              // empty: there is none
    std::string_view fetch_site = {};          // Sec-Fetch-Site
    std::string_view fetch_mode = {};          // Sec-Fetch-Mode
    std::string_view cookie = {};
    std::string_view token = {};  // of the query
};

enum class Access : std::uint8_t {
    kGranted,
    kGrantedByQuery,  // the answer sets the cookie
    kWrongMethod,
    kWrongHost,
    kWrongOrigin,
    kNoToken,
};

// The first rule that the request breaks: it only reads (GET, HEAD), names this machine as its host
// (so no page of another name reaches it: DNS rebinding), comes from the server's own page or from
// no page (cross-site reads), and has the token.
[[nodiscard]] Access access_of(const AccessRules& rules, const AccessRequest& request);

// Whether a Host header names this machine: with or without a port, in any case.
[[nodiscard]] bool names_this_machine(const AccessRules& rules, std::string_view host);

// Takes the same time wherever the texts differ.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

// The value of a cookie in a Cookie header; empty: there is none.
[[nodiscard]] std::string_view cookie_value(std::string_view header, std::string_view name);

// 256 random bits in hexadecimal. kSystem.
[[nodiscard]] Result<std::string> random_token();

}  // namespace mapferry::cli
