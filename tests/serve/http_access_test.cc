// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "console/serve/http_access.h"

namespace mapferry::cli {
namespace {

AccessRequest asked(std::string_view host) {
    return {.method = "GET", .path = "/api/stream", .hosts = {host}};
}

TEST(HttpAccess, LoopbackNamesAreThisMachine) {
    const AccessRules rules;
    for (const char* host :
         {"localhost", "LOCALHOST:1", "127.0.0.1", "127.9.8.7:8377", "[::1]", "[::1]:8377"})
        EXPECT_EQ(access_of(rules, asked(host)), Access::kGranted) << host;
}

TEST(HttpAccess, EveryOtherHostIsRefused) {
    const AccessRules rules;
    for (const char* host :
         {"", ":8377", "evil.example", "localhost.evil.example", "localhost:", "localhost:80x",
          "127.0.0.1.evil.example", "127.0.0", "127.0.0.1.1", "127.0.0.256", "128.0.0.1",
          "0x7f.0.0.1", "[::1", "[::2]", "::1", "user@localhost", "localhost/", " localhost"})
        EXPECT_EQ(access_of(rules, asked(host)), Access::kWrongHost) << host;
    EXPECT_EQ(access_of(rules, {.method = "GET", .path = "/"}), Access::kWrongHost);
    EXPECT_EQ(access_of(rules, {.method = "GET", .hosts = {"localhost", "localhost"}}),
              Access::kWrongHost);
}

TEST(HttpAccess, AddressesAndGivenNamesAreThisMachineWhereOthersMayCome) {
    const AccessRules rules{.host_names = {"camera.example"}, .loopback_only = false};
    for (const char* host : {"192.168.1.7:8377", "[2001:db8::7]:8377", "Camera.Example:80"})
        EXPECT_EQ(access_of(rules, asked(host)), Access::kGranted) << host;
    for (const char* host : {"evil.example", "camera.example.evil", "[evil]", "[::1]x"})
        EXPECT_EQ(access_of(rules, asked(host)), Access::kWrongHost) << host;
}

TEST(HttpAccess, OnlyReadingIsGranted) {
    AccessRequest request = asked("localhost");
    request.method = "HEAD";
    EXPECT_EQ(access_of({}, request), Access::kGranted);
    for (const char* method : {"POST", "PUT", "OPTIONS", "get", ""}) {
        request.method = method;
        EXPECT_EQ(access_of({}, request), Access::kWrongMethod) << method;
    }
}

TEST(HttpAccess, OriginHasToBeThePagesOwn) {
    AccessRequest request = asked("localhost:8377");
    request.origin = "http://localhost:8377";
    EXPECT_EQ(access_of({}, request), Access::kGranted);
    for (const char* origin :
         {"null", "http://localhost", "http://localhost:8378", "http://127.0.0.1:8377",
          "http://localhost:8377.evil.example", "ftp://localhost:8377", "http://evil.example"}) {
        request.origin = origin;
        EXPECT_EQ(access_of({}, request), Access::kWrongOrigin) << origin;
    }
}

TEST(HttpAccess, OtherSitesMayLeadToThePageButNotReadIt) {
    AccessRequest request = asked("localhost");
    request.fetch_site = "cross-site";
    request.fetch_mode = "navigate";
    EXPECT_EQ(access_of({}, request), Access::kWrongOrigin);
    request.path = "/";
    EXPECT_EQ(access_of({}, request), Access::kGranted);
    request.fetch_mode = "no-cors";
    EXPECT_EQ(access_of({}, request), Access::kWrongOrigin);
    request.fetch_site = "same-origin";
    EXPECT_EQ(access_of({}, request), Access::kGranted);
}

TEST(HttpAccess, TokenIsDemandedInTheCookieOrTheQuery) {
    const AccessRules rules{.token = "secret", .cookie_name = "mapferry_1"};
    AccessRequest request = asked("localhost");
    EXPECT_EQ(access_of(rules, request), Access::kNoToken);
    for (const char* wrong : {"mapferry_1=secre", "mapferry_1=secret2", "mapferry_1=", "x=secret",
                              "mapferry_12=secret", "mapferry_1 =secret"}) {
        request.cookie = wrong;
        EXPECT_EQ(access_of(rules, request), Access::kNoToken) << wrong;
    }
    request.cookie = "a=b; mapferry_1=secret; c=d";
    EXPECT_EQ(access_of(rules, request), Access::kGranted);
    request.cookie = "";
    request.token = "secret";
    EXPECT_EQ(access_of(rules, request), Access::kGrantedByQuery);
    request.token = "Secret";
    EXPECT_EQ(access_of(rules, request), Access::kNoToken);
}

TEST(HttpAccess, TokensAreLongAndDiffer) {
    const auto one = random_token();
    const auto other = random_token();
    ASSERT_TRUE(one && other);
    EXPECT_EQ(one->size(), 64U);
    EXPECT_NE(*one, *other);
    EXPECT_TRUE(equal_in_constant_time(*one, *one));
    EXPECT_FALSE(equal_in_constant_time(*one, *other));
    EXPECT_FALSE(equal_in_constant_time("", "a"));
    EXPECT_TRUE(equal_in_constant_time("", ""));
}

}  // namespace
}  // namespace mapferry::cli
