// SPDX-License-Identifier: Apache-2.0
#include "bridge/options/credentials.h"

#include <cstdlib>

#include "cli/short_names.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

std::string from_environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

namespace {

// The client library reads the file itself, so this only checks who else may read it, and that it
// has both parts.
Result<Credentials> take_creds_file(const std::string& path) {
    const auto text = read_small_file(path, Privacy::kRequired);
    if (!text) return std::unexpected(text.error());
    if (!text->contains("BEGIN NATS USER JWT") || !text->contains("BEGIN USER NKEY SEED"))
        return fail(Code::kUsage, "the file " + in_quotes(path) + " has no credentials",
                    "it has the identity and the seed of a user, as the tool nsc writes them");
    return Credentials{.creds_file = path};
}

std::string take_line(std::string& text) {
    const std::size_t end = text.find('\n');
    std::string line = text.substr(0, end);
    text.erase(0, end == std::string::npos ? end : end + 1);
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

Result<Credentials> take_login_file(const std::string& path) {
    auto text = read_small_file(path, Privacy::kRequired);
    if (!text) return std::unexpected(text.error());
    Credentials found = {.user = take_line(*text)};
    found.password = take_line(*text);
    if (found.user.empty() || found.password.empty())
        return fail(Code::kUsage, "the file " + in_quotes(path) + " is no login",
                    "the first line is the user, the second the password");
    return found;
}

}  // namespace

Result<Credentials> find_nats_credentials(const CredentialFiles& files) {
    if (!files.creds.empty()) return take_creds_file(files.creds);
    if (!files.login.empty()) return take_login_file(files.login);
    if (const std::string path = from_environment("NATS_CREDS"); !path.empty())
        return take_creds_file(path);
    Credentials found = {.user = from_environment("NATS_USER")};
    if (!found.user.empty())
        found.password = from_environment("NATS_PASSWORD");
    else
        found.token = from_environment("NATS_TOKEN");
    return found;
}

}  // namespace mapferry::cli
