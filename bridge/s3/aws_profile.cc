// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/aws_profile.h"

#include <algorithm>
#include <array>

#include "bridge/options/credentials.h"
#include "cli/short_names.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::array kOtherSources = {"role_arn", "credential_process", "sso_session",
                                      "sso_start_url", "web_identity_token_file"};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// The profile that a section's head stands for; empty: for none.
std::string_view profile_of(std::string_view head, AwsFile file) {
    constexpr std::string_view kWord = "profile ";
    const std::string_view name = trimmed(head);
    if (file == AwsFile::kCredentials || name == "default") return name;
    return name.starts_with(kWord) ? trimmed(name.substr(kWord.size())) : std::string_view();
}

void take_setting(AwsProfile& found, S3Keys& keys, std::string_view name,
                  const std::string& value) {
    if (name == "aws_access_key_id") keys.id = value;
    if (name == "aws_secret_access_key") keys.secret = value;
    if (name == "aws_session_token") keys.token = value;
    if (name == "region") found.region = value;
    if (name == "endpoint_url") found.endpoint = value;
    if (std::ranges::find(kOtherSources, name) != kOtherSources.end()) found.source = name;
}

// Empty: there is no home.
std::string path_of_file(const char* variable, const char* below_home) {
    if (std::string path = from_environment(variable); !path.empty()) return path;
    const std::string home = from_environment("HOME");
    return home.empty() ? std::string() : home + below_home;
}

// What the file says. Only a file that has keys must be readable by its owner alone.
Result<AwsProfile> read_file(const std::string& path, const std::string& profile, AwsFile file) {
    if (path.empty()) return AwsProfile();
    const auto text =
        read_small_file(path, file == AwsFile::kCredentials ? Privacy::kRequired : Privacy::kAny);
    if (!text) {
        if (text.error().code == Code::kNotFound) return AwsProfile();
        return std::unexpected(text.error());
    }
    AwsProfile found = read_aws_profile(*text, profile, file);
    if (!found.keys || file == AwsFile::kCredentials) return found;
    if (const auto again = read_small_file(path, Privacy::kRequired); !again)
        return std::unexpected(again.error());
    return found;
}

}  // namespace

AwsProfile read_aws_profile(std::string_view text, std::string_view profile, AwsFile file) {
    AwsProfile found;
    S3Keys keys;
    bool is_inside = false;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = trimmed(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (line.starts_with('[') && line.ends_with(']')) {
            is_inside = profile_of(line.substr(1, line.size() - 2), file) == profile;
            found.is_there = found.is_there || is_inside;
            continue;
        }
        const std::size_t equals = line.find('=');
        if (!is_inside || equals == std::string_view::npos || line.starts_with('#')) continue;
        take_setting(found, keys, trimmed(line.substr(0, equals)),
                     std::string(trimmed(line.substr(equals + 1))));
    }
    if (!keys.id.empty() && !keys.secret.empty()) found.keys = std::move(keys);
    return found;
}

Result<AwsProfile> find_aws_profile() {
    const std::string wanted = from_environment("AWS_PROFILE");
    const std::string profile = wanted.empty() ? "default" : wanted;
    auto found = read_file(path_of_file("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"),
                           profile, AwsFile::kCredentials);
    if (!found) return found;
    auto config =
        read_file(path_of_file("AWS_CONFIG_FILE", "/.aws/config"), profile, AwsFile::kConfig);
    if (!config) return config;
    if (!wanted.empty() && !found->is_there && !config->is_there)
        return fail(Code::kNotFound, "no file of AWS has the profile " + in_quotes(wanted));
    if (!found->keys) found->keys = std::move(config->keys);
    if (found->region.empty()) found->region = std::move(config->region);
    if (found->endpoint.empty()) found->endpoint = std::move(config->endpoint);
    if (found->source.empty()) found->source = std::move(config->source);
    return found;
}

}  // namespace mapferry::cli
