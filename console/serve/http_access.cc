// SPDX-License-Identifier: Apache-2.0
#include "console/serve/http_access.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <random>

#include "cli/short_names.h"

namespace mapferry::cli {

std::string lower(std::string_view text) {
    std::string low(text);
    std::ranges::transform(low, low.begin(), [](unsigned char c) { return std::tolower(c); });
    return low;
}

namespace {

// "[::1]:8377" and "localhost:8377" without the port. Empty: malformed.
std::string_view without_port(std::string_view host) {
    const bool is_bracketed = host.starts_with('[');
    const std::size_t end = is_bracketed ? host.find(']') : host.find(':');
    if (is_bracketed && end == std::string_view::npos) return {};
    const std::size_t name_end = is_bracketed ? end + 1 : std::min(end, host.size());
    const std::string_view rest = host.substr(name_end);
    const bool is_port =
        rest.empty() ||
        (rest.front() == ':' && rest.size() > 1 &&
         std::ranges::all_of(rest.substr(1), [](char c) { return c >= '0' && c <= '9'; }));
    return is_port ? host.substr(0, name_end) : std::string_view{};
}

// Four numbers from 0 to 255. A name that a resolver would look up has a letter.
bool is_ipv4(std::string_view host) {
    int numbers = 0;
    std::size_t at = 0;
    while (true) {
        const std::size_t end = std::min(host.find('.', at), host.size());
        const std::string_view part = host.substr(at, end - at);
        const bool digits = std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
        if (part.empty() || part.size() > 3 || !digits) return false;
        int value = 0;
        for (const char digit : part)
            value = value * 10 + (digit - '0');
        if (value > 255 || ++numbers > 4) return false;
        if (end == host.size()) return numbers == 4;
        at = end + 1;
    }
}

bool is_ipv6(std::string_view host) {
    if (!host.starts_with('[') || !host.ends_with(']')) return false;
    const auto allowed = [](unsigned char c) {
        return std::isxdigit(c) != 0 || c == ':' || c == '.';
    };
    const std::string_view inner = host.substr(1, host.size() - 2);
    return inner.contains(':') && std::ranges::all_of(inner, allowed);
}

bool is_own_origin(std::string_view origin, std::string_view host) {
    for (const std::string_view scheme : {"http://", "https://"})
        if (origin.starts_with(scheme) && lower(origin.substr(scheme.size())) == lower(host))
            return true;
    return false;
}

bool comes_from_here(const AccessRequest& request) {
    if (!request.origin.empty() && !is_own_origin(request.origin, request.hosts.front()))
        return false;
    const std::string_view site = request.fetch_site;
    if (site.empty() || site == "same-origin" || site == "none") return true;
    // A link on another page may lead here. That page can't read what it leads to.
    return request.fetch_mode == "navigate" && request.path == "/";
}

}  // namespace

bool names_this_machine(const AccessRules& rules, std::string_view host) {
    const std::string name = lower(without_port(host));
    if (name.empty()) return false;
    if (name == "localhost" || name == "[::1]") return true;
    if (is_ipv4(name)) return !rules.loopback_only || name.starts_with("127.");
    if (is_ipv6(name)) return !rules.loopback_only;
    return std::ranges::find(rules.host_names, name) != rules.host_names.end();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    // The length of a token is no secret.
    if (a.size() != b.size()) return false;
    // volatile: the compiler must not end the loop at the first difference
    volatile unsigned char difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference = static_cast<unsigned char>(
            difference | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
    return difference == 0;
}

std::string_view cookie_value(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(';'), header.size());
        std::string_view pair = header.substr(0, end);
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            return pair.substr(name.size() + 1);
        header.remove_prefix(std::min(end + 1, header.size()));
    }
    return {};
}

Access access_of(const AccessRules& rules, const AccessRequest& request) {
    if (request.method != "GET" && request.method != "HEAD") return Access::kWrongMethod;
    if (request.hosts.size() != 1 || !names_this_machine(rules, request.hosts.front()))
        return Access::kWrongHost;
    if (!comes_from_here(request)) return Access::kWrongOrigin;
    if (rules.token.empty()) return Access::kGranted;
    if (equal_in_constant_time(cookie_value(request.cookie, rules.cookie_name), rules.token))
        return Access::kGranted;
    const bool is_right = equal_in_constant_time(request.token, rules.token);
    return is_right ? Access::kGrantedByQuery : Access::kNoToken;
}

Result<std::string> random_token() {
    constexpr std::size_t kWords = 8;
    constexpr std::string_view kDigits = "0123456789abcdef";
    try {
        std::random_device device("/dev/urandom");
        std::string token;
        for (std::size_t i = 0; i < kWords; ++i) {
            std::uint32_t word = device();
            for (int digit = 0; digit < 8; ++digit, word >>= 4)
                token += kDigits[word & 0xF];
        }
        return token;
    } catch (const std::exception& what) {
        return fail(Code::kSystem, std::string("no random numbers: ") + what.what());
    }
}

}  // namespace mapferry::cli
