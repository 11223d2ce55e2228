// SPDX-License-Identifier: Apache-2.0
#include "bridge/options/bridge_url.h"

#include <algorithm>
#include <optional>

#include "cli/short_names.h"
#include "mapferry/detail/number_text.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kPlaceBytesMax = 64;
constexpr const char* kForms =
    "an address is nats://HOST[:PORT]/PLACE[/OBJECT], tls:// for the same with TLS, or "
    "s3://BUCKET/KEY";

std::unexpected<Status> bad_url(std::string_view text, const std::string& why) {
    return fail(Code::kUsage, "the address " + in_quotes(text) + " " + why, kForms);
}

bool is_place_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

// Takes the part before the first `mark` off the front; all of it where there is no mark.
std::string_view take_until(std::string_view& rest, char mark) {
    const std::size_t end = rest.find(mark);
    const std::string_view part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return part;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    const auto port = whole_number<std::uint16_t>(text);
    return port && *port != 0 ? port : std::nullopt;
}

// "hub", "hub:4222", "[::1]:4222"
bool take_authority(std::string_view authority, BridgeUrl& url) {
    if (authority.starts_with('[')) {
        authority.remove_prefix(1);
        if (!authority.contains(']')) return false;
        url.host = take_until(authority, ']');
        if (authority.empty()) return !url.host.empty();
        if (!authority.starts_with(':')) return false;
        authority.remove_prefix(1);
    } else {
        const bool has_port = authority.contains(':');
        url.host = take_until(authority, ':');
        if (!has_port) return !url.host.empty();
    }
    const auto port = parse_port(authority);
    url.port = port.value_or(0);
    return port && !url.host.empty();
}

Result<BridgeUrl> parse_nats(std::string_view text, std::string_view rest, Transport transport) {
    BridgeUrl url = {.engine = Engine::kNats, .transport = transport};
    if (!take_authority(take_until(rest, '/'), url)) return bad_url(text, "has no HOST[:PORT]");
    url.place = take_until(rest, '/');
    url.object = rest;
    if (url.place.empty() && !url.object.empty()) return bad_url(text, "has an empty PLACE");
    if (url.place.size() > kPlaceBytesMax || !std::ranges::all_of(url.place, is_place_character))
        return bad_url(text, "has a PLACE that is not of 1 to 64 characters A-Z a-z 0-9 _ -");
    return url;
}

Result<BridgeUrl> parse_s3(std::string_view text, std::string_view rest) {
    BridgeUrl url = {.engine = Engine::kS3, .transport = Transport::kTls, .port = 0};
    url.place = take_until(rest, '/');
    const auto is_bucket_character = [](char c) { return is_place_character(c) || c == '.'; };
    if (url.place.empty()) return bad_url(text, "has no bucket");
    if (url.place.size() > kPlaceBytesMax || url.place.starts_with('.') ||
        !std::ranges::all_of(url.place, is_bucket_character))
        return bad_url(text, "has a bucket that is not of 1 to 64 characters A-Z a-z 0-9 . _ -");
    if (rest.ends_with('/'))
        url.prefix = rest;
    else
        url.object = rest;
    return url;
}

}  // namespace

bool BridgeUrl::is_loopback() const {
    const bool is_number = host.find_first_not_of("0123456789.") == std::string::npos;
    return host == "localhost" || host == "::1" || (is_number && host.starts_with("127."));
}

std::string BridgeUrl::server() const {
    if (engine == Engine::kS3) return "s3://" + place;
    const std::string name = host.contains(':') ? "[" + host + "]" : host;
    return (transport == Transport::kTls ? "tls://" : "nats://") + name + ":" +
           std::to_string(port);
}

std::string BridgeUrl::text() const {
    std::string all = server();
    if (engine == Engine::kNats && !place.empty()) all += "/" + place;
    if (!prefix.empty()) all += "/" + prefix;
    return object.empty() ? all : all + "/" + object;
}

Result<BridgeUrl> parse_bridge_url(std::string_view text) {
    const std::size_t end = text.find("://");
    if (end == std::string_view::npos) return bad_url(text, "has no engine");
    const std::string_view scheme = text.substr(0, end);
    const std::string_view rest = text.substr(end + 3);
    if (rest.substr(0, rest.find('/')).contains('@'))
        return fail(Code::kUsage, "an address has no user and no password in it",
                    "other users see the command line: use --creds, --login or the environment");
    if (scheme == "nats") return parse_nats(text, rest, Transport::kPlain);
    if (scheme == "tls") return parse_nats(text, rest, Transport::kTls);
    if (scheme == "s3") return parse_s3(text, rest);
    return bad_url(text, "has an unknown engine");
}

}  // namespace mapferry::cli
