// SPDX-License-Identifier: Apache-2.0
#include "process/json_page.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "support/test_bytes.h"

namespace mapferry::testing {

namespace {

// "integer" of "| `code` | integer | always | ... |": the cells between the bars.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(1));
    for (std::string cell; std::getline(parts, cell, '|');) {
        const std::size_t first = cell.find_first_not_of(' ');
        const std::size_t last = cell.find_last_not_of(' ');
        cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
    }
    return cells;
}

// The text in the first pair of backquotes.
std::string quoted_in(const std::string& text) {
    const std::size_t begin = text.find('`');
    const std::size_t end = text.find('`', begin + 1);
    return end == std::string::npos ? "" : text.substr(begin + 1, end - begin - 1);
}

bool is_of(const nlohmann::json& value, const std::string& type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "any value") return true;
    if (type == "list of integers")
        return value.is_array() && std::ranges::all_of(value, [](const nlohmann::json& element) {
                   return element.is_number_integer();
               });
    if (type == "strings by name")
        return value.is_object() && std::ranges::all_of(value, [](const nlohmann::json& member) {
                   return member.is_string();
               });
    return type == "boolean" && value.is_boolean();
}

}  // namespace

JsonPage::JsonPage() {
    std::istringstream lines(read_text(MAPFERRY_JSON_PAGE_PATH));
    for (std::string line; std::getline(lines, line);)
        read_line(line);
    EXPECT_FALSE(tables_.empty()) << MAPFERRY_JSON_PAGE_PATH;
}

void JsonPage::read_line(const std::string& line) {
    for (const char* kind : {"event", "object"})
        if (line.starts_with(std::string("### ") + kind + " `"))
            tables_.push_back({.name = std::string(kind) + " " + quoted_in(line)});
    if (!line.starts_with("| `") || tables_.empty()) return;
    const std::vector<std::string> cells = cells_of(line);
    ASSERT_EQ(cells.size(), 4u) << line;
    tables_.back().fields[quoted_in(cells[0])] = {.type = cells[1], .always = cells[2] == "always"};
}

std::string JsonPage::fault_of(const nlohmann::json& event) const {
    if (!event.is_object()) return "it is no object";
    return best_fault(event, "event " + event.value("event", "?"));
}

// The object must match one of the tables with this name. Otherwise returns the fault by the last
// of them.
std::string JsonPage::best_fault(const nlohmann::json& object, const std::string& name) const {
    std::string fault = "the page has no " + name;
    for (const Table& table : tables_) {
        if (table.name != name) continue;
        fault = fault_in(object, table);
        if (fault.empty()) return {};
    }
    return fault;
}

std::string JsonPage::fault_in(const nlohmann::json& object, const Table& table) const {
    constexpr std::string_view kExact = "_base64";
    if (!object.is_object()) return "no " + table.name;
    for (const auto& [name, field] : table.fields)
        if (field.always && !object.contains(name)) return table.name + " without " + name;
    for (const auto& [key, value] : object.items()) {
        std::string name = key;
        if (name.ends_with(kExact)) name.resize(name.size() - kExact.size());
        const auto field = table.fields.find(name);
        if (field == table.fields.end()) return table.name + " has no " + key;
        const std::string fault = fault_in_value(value, field->second.type);
        if (!fault.empty()) return fmt::format("{}: {}: {}", table.name, key, fault);
    }
    return {};
}

std::string JsonPage::fault_in_value(const nlohmann::json& value, const std::string& type) const {
    if (type.starts_with("object ")) return best_fault(value, "object " + quoted_in(type));
    if (!type.starts_with("list of `")) return is_of(value, type) ? "" : "is no " + type;
    if (!value.is_array()) return "is no list";
    for (const nlohmann::json& element : value) {
        std::string fault = best_fault(element, "object " + quoted_in(type));
        if (!fault.empty()) return fault;
    }
    return {};
}

}  // namespace mapferry::testing
