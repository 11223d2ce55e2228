// SPDX-License-Identifier: Apache-2.0
// Who this program is to the engine. Secrets come from files that only their owner may read, or
// from the environment, never from the command line.
#pragma once

#include <cstdint>
#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

// What was found. At most one of `creds_file`, `user` and `token` is set.
struct Credentials {
    std::string creds_file = {};  // of the tool nsc: a JWT and a seed; for the client library
    std::string user = {};
    std::string password = {};
    std::string token = {};
};

// Where the user says that they are. Empty: not given.
struct CredentialFiles {
    std::string creds = {};  // --creds
    std::string login = {};  // --login: the user in the first line, the password in the second
};

// A variable of the environment; empty where it is not set.
[[nodiscard]] std::string from_environment(const char* name);

// The files that are named, otherwise NATS_CREDS (a path), NATS_USER with NATS_PASSWORD, or
// NATS_TOKEN; otherwise nothing. kNotFound, kIo; kPermission: others may read a file.
[[nodiscard]] Result<Credentials> find_nats_credentials(const CredentialFiles& files);

// Whether nobody but its owner may be able to read a file.
enum class Privacy : std::uint8_t { kRequired, kAny };

// Reads a small file. kNotFound, kIo; kPermission: privacy is required, and the group or others may
// read it, or it belongs to another user; kUsage: it is larger than 64 KiB or no file.
[[nodiscard]] Result<std::string> read_small_file(const std::string& path, Privacy privacy);

}  // namespace mapferry::cli
