// SPDX-License-Identifier: Apache-2.0
// What a logout does to shared memory. systemd-logind removes the objects of a user whose last
// session ends, also those that a running process still fills. It leaves them when its
// configuration has RemoveIPC=no, when the user lingers, and when the user is a system user.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mapferry/detail/machine_fact.h"

namespace mapferry::inline v1::platform {

struct LoginUser {
    std::uint32_t user_id = 0;
    std::string name;
};

// `root`: the folder that stands for "/", empty for the real one. Empty: no logind runs here.
[[nodiscard]] std::optional<MachineFact> logout_fact(const std::string& root,
                                                     const LoginUser& user);

// Of the real root and this process's user.
[[nodiscard]] std::optional<MachineFact> logout_fact();

}  // namespace mapferry::inline v1::platform
