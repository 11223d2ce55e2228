// SPDX-License-Identifier: Apache-2.0
// Where an S3 store is, and who this program is to it: what the tools of AWS read too.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bridge/options/bridge_command.h"
#include "bridge/s3/aws_profile.h"
#include "mapferry/status.h"

namespace mapferry::cli {

struct S3Access {
    std::string base = {};  // "https://host:port"
    std::string path = {};  // of the bucket: "/bucket"; empty where the host has its name
    std::string host = {};
    std::string region = {};
    std::optional<S3Keys> keys = {};  // empty: requests without a signature, for public buckets
    std::string tls_ca = {};          // a file of certificates; empty: those of the system
    bool is_loopback = false;
};

// The endpoint is --endpoint, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, that of the profile, or AWS's
// for the region. The region is AWS_REGION, AWS_DEFAULT_REGION, that of the profile, or
// us-east-1. The keys are AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or those
// of the profile: see find_aws_profile(). kUsage: the endpoint is no address, or plain text to
// another machine without --insecure; kPermission: the profile has no keys but names a place where
// they are; errors of find_aws_profile().
[[nodiscard]] Result<S3Access> find_s3_access(const BridgeCommand& command);

}  // namespace mapferry::cli
