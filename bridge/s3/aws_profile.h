// SPDX-License-Identifier: Apache-2.0
// What the two files of AWS's tools say of a profile: ~/.aws/credentials and ~/.aws/config.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::cli {

struct S3Keys {
    std::string id = {};
    std::string secret = {};
    std::string token = {};  // of a session; empty: none
};

struct AwsProfile {
    std::optional<S3Keys> keys = {};
    std::string region = {};
    std::string endpoint = {};
    // Where its keys come from, if the bridge cannot go there: "role_arn", "sso_session". Empty:
    // the profile names no such place.
    std::string source = {};
    bool is_there = false;
};

// The two files write the head of a section differently: [NAME], and [profile NAME] except for
// [default].
enum class AwsFile : std::uint8_t { kCredentials, kConfig };

// What the text of such a file says of the profile.
[[nodiscard]] AwsProfile read_aws_profile(std::string_view text, std::string_view profile,
                                          AwsFile file);

// The profile AWS_PROFILE ("default") in AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials) and
// AWS_CONFIG_FILE (~/.aws/config); what stands in the first wins. kNotFound: AWS_PROFILE is in
// neither; kPermission: others may read a file that has keys; errors of reading.
[[nodiscard]] Result<AwsProfile> find_aws_profile();

}  // namespace mapferry::cli
