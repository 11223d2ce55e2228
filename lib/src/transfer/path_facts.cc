// SPDX-License-Identifier: Apache-2.0
#include "mapferry/detail/path_facts.h"

#include "platform/output_file.h"

namespace mapferry::inline v1 {

bool is_folder(const std::string& path) {
    return platform::is_folder(path);
}

std::optional<FileIdentity> identity_of(const std::string& path) {
    return platform::identity_of(path);
}

}  // namespace mapferry::inline v1
