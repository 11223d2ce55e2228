// SPDX-License-Identifier: Apache-2.0
#include "mapferry/sharing.h"

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "mapferry/printable_text.h"
#include "platform/account.h"

namespace mapferry::inline v1 {

Result<Sharing> parse_sharing(std::string_view text) {
    return guarded([&]() -> Result<Sharing> {
        const std::size_t colon = text.find(':');
        const std::string_view kind = text.substr(0, colon);
        Sharing sharing;
        if (kind == "group") sharing.with = ShareWith::kGroup;
        if (kind == "user") sharing.with = ShareWith::kUser;
        if (colon != std::string_view::npos) sharing.account = text.substr(colon + 1);
        if (sharing.with == ShareWith::kNobody || sharing.account.empty())
            return fail(Code::kUsage, in_quotes(text) + " names neither a group nor a user",
                        "write group:NAME or user:NAME");
        TRY_ASSIGN(sharing.id, platform::account_id(sharing.with, sharing.account));
        return sharing;
    });
}

}  // namespace mapferry::inline v1
