// SPDX-License-Identifier: Apache-2.0
// The sections that the page shows: their table, and where each one is.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "console/look/top_table.h"
#include "console/serve/serve_command.h"

namespace mapferry::cli {

class ViewedSections {
  public:
    explicit ViewedSections(const ServeCommand& command)
        : only_(command.only), where_(command.where) {}

    // The table as top_json() has it. Viewers that ask within the same second get the same one.
    [[nodiscard]] std::string table_json();
    // The section of a name of the table. Empty: the page does not show such a section.
    [[nodiscard]] std::optional<SectionAddress> address_of(std::string_view name) const;

  private:
    [[nodiscard]] TopLook look() const;

    const std::optional<SectionAddress> only_;
    const SectionAddress where_;
    std::mutex lock_;  // of what follows
    TopLook last_ = {};
    std::string json_ = {};
};

}  // namespace mapferry::cli
