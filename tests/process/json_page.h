// SPDX-License-Identifier: Apache-2.0
// Reads docs/json.md: the events, and the fields of each.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mapferry::testing {

class JsonPage {
  public:
    // Reads the page. A malformed line of a table fails the test.
    JsonPage();

    // The fault of an object according to the page; empty: none.
    [[nodiscard]] std::string fault_of(const nlohmann::json& event) const;

  private:
    struct Field {
        std::string type;
        bool always = false;
    };
    struct Table {
        std::string name;  // "event payload", "object image"
        std::map<std::string, Field> fields = {};
    };

    void read_line(const std::string& line);
    [[nodiscard]] std::string fault_in(const nlohmann::json& object, const Table& table) const;
    [[nodiscard]] std::string fault_in_value(const nlohmann::json& value,
                                             const std::string& type) const;
    [[nodiscard]] std::string best_fault(const nlohmann::json& object,
                                         const std::string& name) const;

    std::vector<Table> tables_;
};

}  // namespace mapferry::testing
