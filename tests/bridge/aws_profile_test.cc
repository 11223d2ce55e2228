// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/aws_profile.h"

#include <gtest/gtest.h>

namespace mapferry::cli {
namespace {

AwsProfile of_credentials(std::string_view text, std::string_view profile) {
    return read_aws_profile(text, profile, AwsFile::kCredentials);
}

AwsProfile of_config(std::string_view text, std::string_view profile) {
    return read_aws_profile(text, profile, AwsFile::kConfig);
}

TEST(AwsProfile, KeysAreThoseOfTheProfile) {
    const std::string text =
        "[default]\r\naws_access_key_id = A\r\naws_secret_access_key=B=C\r\n"
        "[work]\n# aws_access_key_id = no\naws_access_key_id=D\naws_session_token = F\n"
        "aws_secret_access_key = E\n[half]\naws_access_key_id = G";
    EXPECT_EQ(of_credentials(text, "default").keys->secret, "B=C");
    EXPECT_EQ(of_credentials(text, "work").keys->id, "D");
    EXPECT_EQ(of_credentials(text, "work").keys->token, "F");
    EXPECT_TRUE(of_credentials(text, "half").is_there);
    EXPECT_FALSE(of_credentials(text, "half").keys);
    EXPECT_FALSE(of_credentials(text, "other").is_there);
}

TEST(AwsProfile, HeadsOfTheConfigurationHaveAWordMore) {
    const std::string text =
        "[default]\nregion = eu-north-1\n[profile work]\nregion=us-west-2\n"
        "endpoint_url = https://store:7443\n[home]\nregion = no\n[sso-session work]\nregion = no\n";
    EXPECT_EQ(of_config(text, "default").region, "eu-north-1");
    EXPECT_EQ(of_config(text, "work").region, "us-west-2");
    EXPECT_EQ(of_config(text, "work").endpoint, "https://store:7443");
    EXPECT_FALSE(of_config(text, "home").is_there);
    EXPECT_FALSE(of_credentials(text, "work").is_there);
    EXPECT_EQ(of_credentials(text, "home").region, "no");
}

TEST(AwsProfile, PlaceOfTheKeysThatIsNotReadIsNamed) {
    const std::string text =
        "[profile role]\nrole_arn = arn:aws:iam::1:role/x\n[profile sso]\nsso_session = a\n"
        "[profile keys]\naws_access_key_id = A\naws_secret_access_key = B\n";
    EXPECT_EQ(of_config(text, "role").source, "role_arn");
    EXPECT_EQ(of_config(text, "sso").source, "sso_session");
    EXPECT_EQ(of_config(text, "keys").source, "");
    EXPECT_TRUE(of_config(text, "keys").keys);
}

}  // namespace
}  // namespace mapferry::cli
