// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_access.h"

#include <array>

#include "bridge/options/credentials.h"
#include "cli/short_names.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr const char* kEndpointForm = "an endpoint is https://HOST[:PORT]";

// The first of these variables that is set.
template <std::size_t kCount>
std::string first_of_environment(const std::array<const char*, kCount>& names) {
    for (const char* const name : names)
        if (std::string value = from_environment(name); !value.empty()) return value;
    return {};
}

Result<std::optional<S3Keys>> find_keys(const AwsProfile& profile) {
    S3Keys keys = {.id = from_environment("AWS_ACCESS_KEY_ID"),
                   .secret = from_environment("AWS_SECRET_ACCESS_KEY"),
                   .token = from_environment("AWS_SESSION_TOKEN")};
    if (!keys.id.empty() && !keys.secret.empty()) return keys;
    if (!profile.keys && !profile.source.empty())
        return fail(Code::kPermission,
                    "the profile takes its keys by " + profile.source + ", and they are not known",
                    "put them into the environment: aws configure export-credentials --format env");
    return profile.keys;
}

// Takes "https://host:port" apart.
Result<void> take_endpoint(std::string_view text, bool may_be_plain, S3Access& access) {
    while (text.ends_with('/'))
        text.remove_suffix(1);
    if (text.contains('@'))  // not repeated: it may be a password
        return fail(Code::kUsage, "an endpoint has no user and no password in it", kEndpointForm);
    const bool is_tls = text.starts_with("https://");
    if (!is_tls && !text.starts_with("http://"))
        return fail(Code::kUsage, "the endpoint " + in_quotes(text) + " has no https://",
                    kEndpointForm);
    const std::string_view authority = text.substr(text.find("//") + 2);
    if (authority.empty() || authority.find_first_of("/?#") != std::string_view::npos)
        return fail(Code::kUsage, "the endpoint " + in_quotes(text) + " is more than an address",
                    kEndpointForm);
    BridgeUrl url;
    url.host = authority.starts_with('[') ? authority.substr(1, authority.find(']') - 1)
                                          : authority.substr(0, authority.find(':'));
    access.host = url.host;
    access.base = text;
    access.is_loopback = url.is_loopback();
    if (!is_tls && !access.is_loopback && !may_be_plain)
        return fail(Code::kUsage, access.base + " is on another machine, and http:// is plain text",
                    "use https://, or allow it with --insecure");
    return {};
}

}  // namespace

Result<S3Access> find_s3_access(const BridgeCommand& command) {
    const auto profile = find_aws_profile();
    if (!profile) return std::unexpected(profile.error());
    S3Access access = {.tls_ca = command.tls_ca};
    const std::string& bucket = command.url.place;
    access.region = first_of_environment(std::array{"AWS_REGION", "AWS_DEFAULT_REGION"});
    if (access.region.empty()) access.region = profile->region;
    if (access.region.empty()) access.region = "us-east-1";
    std::string endpoint = command.endpoint;
    if (endpoint.empty())
        endpoint = first_of_environment(std::array{"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
    if (endpoint.empty()) endpoint = profile->endpoint;
    if (endpoint.empty()) {
        // A bucket's own host, unless a dot in its name would not fit the certificate.
        const bool has_host = !bucket.contains('.');
        endpoint = "https://" + (has_host ? bucket + "." : std::string()) + "s3." + access.region +
                   ".amazonaws.com";
        access.path = has_host ? std::string() : "/" + bucket;
    } else {
        access.path = "/" + bucket;
    }
    if (auto taken = take_endpoint(endpoint, command.insecure, access); !taken)
        return std::unexpected(taken.error());
    auto keys = find_keys(*profile);
    if (!keys) return std::unexpected(keys.error());
    access.keys = std::move(*keys);
    return access;
}

}  // namespace mapferry::cli
