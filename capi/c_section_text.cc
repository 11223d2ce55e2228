// SPDX-License-Identifier: Apache-2.0
#include "capi/c_section_text.h"

#include <string_view>

#include "capi/c_call.h"

namespace mapferry::capi {

namespace {

constexpr std::string_view kFile = "file:";
constexpr std::string_view kGlobal = "global:";

}  // namespace

Result<SectionAddress> parse_section(const char* section) {
    if (section == nullptr) return is_null("the section");
    std::string_view text = section;
    SectionAddress address;
    if (text.starts_with(kFile)) {
        address.backing_path = text.substr(kFile.size());
        if (address.backing_path.empty())
            return fail(Code::kUsage, "the section is a file without a path",
                        "write file: and its path");
        return address;
    }
    if (text.starts_with(kGlobal)) {
        address.reach = Reach::kMachine;
        text.remove_prefix(kGlobal.size());
    }
    address.name = text;
    if (auto checked = check_address(address); !checked) return std::unexpected(checked.error());
    return address;
}

}  // namespace mapferry::capi
