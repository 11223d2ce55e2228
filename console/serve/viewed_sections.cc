// SPDX-License-Identifier: Apache-2.0
#include "console/serve/viewed_sections.h"

#include <nlohmann/json.hpp>

#include "cli/progress.h"
#include "mapferry/inspect.h"
#include "mapferry/section.h"

namespace mapferry::cli {

namespace {

constexpr double kIntervalS = 0.9;  // viewers ask once a second

std::vector<SectionAddress> addresses(const std::optional<SectionAddress>& only,
                                      const SectionAddress& where) {
    if (only) return {*only};
    std::vector<SectionAddress> found;
    const auto names = list_sections(where.reach, where.sharing);
    for (const std::string& name : names ? *names : std::vector<std::string>())
        found.push_back({.name = name, .reach = where.reach, .sharing = where.sharing});
    return found;
}

}  // namespace

TopLook ViewedSections::look() const {
    TopLook now{.at_s = clock_s()};
    for (const SectionAddress& address : addresses(only_, where_)) {
        auto report = inspect_section(address);
        if (report)
            now.sections.push_back(std::move(*report));
        else if (report.error().code != Code::kNotFound)  // kNotFound: gone meanwhile
            now.unreadable.push_back(address);
    }
    return now;
}

std::string ViewedSections::table_json() {
    const std::scoped_lock locked(lock_);
    if (!json_.empty() && clock_s() - last_.at_s < kIntervalS) return json_;
    TopLook now = look();
    std::vector<TopRow> rows = top_rows(last_, now);
    sort_rows(rows, TopColumn::kName);
    json_ = top_json(rows).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    last_ = std::move(now);
    return json_;
}

std::optional<SectionAddress> ViewedSections::address_of(std::string_view name) const {
    if (only_) {
        const std::string& own = only_->backing_path.empty() ? only_->name : only_->backing_path;
        return own == name ? only_ : std::nullopt;
    }
    SectionAddress address{
        .name = std::string(name), .reach = where_.reach, .sharing = where_.sharing};
    if (!check_section_name(name)) return std::nullopt;
    return address;
}

}  // namespace mapferry::cli
