// SPDX-License-Identifier: Apache-2.0
#include "console/look/top_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/messages.h"
#include "cli/notes_text.h"
#include "console/section_report_text.h"
#include "mapferry/detail/units.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kNameColumns = 24;
constexpr int kColumnGap = 2;

enum class Align : std::uint8_t { kLeft, kRight };

struct Column {
    TopColumn id;
    const char* title;
    int width;  // 0: the width of the longest name
    Align align;
};
constexpr std::array kColumns = {
    Column{TopColumn::kName, "NAME", 0, Align::kLeft},
    Column{TopColumn::kMode, "MODE", 6, Align::kLeft},
    Column{TopColumn::kState, "STATE", 19, Align::kLeft},
    Column{TopColumn::kReaders, "READERS", 7, Align::kRight},
    Column{TopColumn::kFrames, "FRAMES/S", 8, Align::kRight},
    Column{TopColumn::kBytes, "MB/S", 8, Align::kRight},
    Column{TopColumn::kLatency, "LATENCY", 8, Align::kRight},
    Column{TopColumn::kMissed, "MISSED", 8, Align::kRight},
    Column{TopColumn::kMemory, "MEMORY", 9, Align::kRight},
    Column{TopColumn::kWhat, "WHAT", 36, Align::kLeft},
};

const SectionReport* find_same(const TopLook& look, const SectionReport& report) {
    const auto same = [&](const SectionReport& other) {
        return other.epoch == report.epoch && other.address.name == report.address.name &&
               other.address.backing_path == report.address.backing_path;
    };
    const auto found = std::ranges::find_if(look.sections, same);
    return found == look.sections.end() ? nullptr : &*found;
}

// A count that goes down gives no rate: another process may have written any bytes into the
// section.
double rate(std::uint64_t before, std::uint64_t now, double seconds) {
    return now > before ? static_cast<double>(now - before) / seconds : 0;
}

std::string name_of(const SectionAddress& address) {
    return address.backing_path.empty() ? address.name : address.backing_path;
}

TopRow row_of(const SectionReport& report) {
    TopRow row{.name = name_of(report.address),
               .mode = std::string(delivery_name(report.section.delivery)),
               .state = report.dead ? "writer died" : condition_of(report),
               .readers = report.readers.size(),
               .memory_bytes = report.used_bytes,
               .each_reader = report.readers,
               .image = report.image,
               .tensor = report.tensor,
               .facts = report.facts,
               .description = report.description.text};
    for (const ReaderReport& reader : report.readers) {
        row.missed += reader.figures.frames_missed;
        const auto latency_ns = reader.figures.latency_mean_ns;
        if (latency_ns && (!row.latency_ns || *row.latency_ns < *latency_ns))
            row.latency_ns = latency_ns;
    }
    return row;
}

// "640x480 BGR24, 25 frames/s"
std::string what_text(const TopRow& row) {
    std::string text = row.tensor  ? to_string(*row.tensor)
                       : row.image ? to_string(*row.image)
                                   : "-";
    const std::string facts = facts_text(row.facts);
    return facts.empty() ? text : text + ", " + facts;
}

std::string cell(const TopRow& row, TopColumn column) {
    const bool readable = row.mode != "?";
    switch (column) {
        case TopColumn::kName:
            return escape_for_terminal(row.name);
        case TopColumn::kMode:
            return row.mode;
        case TopColumn::kState:
            return row.state;
        case TopColumn::kReaders:
            return readable ? std::to_string(row.readers) : "-";
        case TopColumn::kFrames:
            return row.frames_per_s ? fmt::format("{:.1f}", *row.frames_per_s) : "-";
        case TopColumn::kBytes:
            return row.bytes_per_s ? fmt::format("{:.1f}", *row.bytes_per_s / 1e6) : "-";
        case TopColumn::kLatency:
            return row.latency_ns ? latency_text(*row.latency_ns) : "-";
        case TopColumn::kMissed:
            return readable ? std::to_string(row.missed) : "-";
        case TopColumn::kMemory:
            return readable ? format_bytes(row.memory_bytes) : "-";
        case TopColumn::kWhat:
            return what_text(row);
    }
    return {};
}

// The number to sort by; larger numbers come first. Below zero: the row has no number.
double weight(const TopRow& row, TopColumn column) {
    switch (column) {
        case TopColumn::kReaders:
            return static_cast<double>(row.readers);
        case TopColumn::kFrames:
            return row.frames_per_s.value_or(-1);
        case TopColumn::kBytes:
            return row.bytes_per_s.value_or(-1);
        case TopColumn::kLatency:
            return row.latency_ns ? static_cast<double>(*row.latency_ns) : -1;
        case TopColumn::kMissed:
            return static_cast<double>(row.missed);
        case TopColumn::kMemory:
            return static_cast<double>(row.memory_bytes);
        default:
            return 0;
    }
}

// Cuts a text to `columns` characters. Escaped names are ASCII or whole UTF-8 characters, and no
// character is cut in two.
std::string cut(const std::string& text, std::size_t columns) {
    const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; };
    if (static_cast<std::size_t>(std::ranges::count_if(text, begins)) <= columns) return text;
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size(); ++at)
        if (begins(text[at]) && ++seen == columns) break;
    return text.substr(0, at) + "~";
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<int>& widths) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const std::string text = cut(cells[i], static_cast<std::size_t>(widths[i]));
        const bool left = kColumns[i].align == Align::kLeft;
        if (i != 0) line.append(kColumnGap, ' ');
        line +=
            left ? fmt::format("{:<{}}", text, widths[i]) : fmt::format("{:>{}}", text, widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

// The widths of all columns that fit. The first column is always there.
std::vector<int> widths_for(const std::vector<TopRow>& rows, int columns) {
    std::size_t name_columns = kNameColumns / 2;
    for (const TopRow& row : rows)
        name_columns = std::max(name_columns, escape_for_terminal(row.name).size());
    const int name_width = static_cast<int>(std::min(name_columns, kNameColumns));
    std::vector<int> widths{std::clamp(columns, 1, name_width)};
    int used = widths.front();
    for (std::size_t i = 1; i < kColumns.size(); ++i) {
        used += kColumnGap + kColumns[i].width;
        if (used > columns) break;
        widths.push_back(kColumns[i].width);
    }
    return widths;
}

}  // namespace

std::vector<TopRow> top_rows(const TopLook& before, const TopLook& now) {
    std::vector<TopRow> rows;
    const double seconds = now.at_s - before.at_s;
    for (const SectionReport& report : now.sections) {
        TopRow row = row_of(report);
        const SectionReport* const old = find_same(before, report);
        if (old != nullptr && seconds > 0) {
            row.bytes_per_s = rate(old->payload_bytes, report.payload_bytes, seconds);
            if (carries_frames(report.section.delivery))
                row.frames_per_s = rate(old->published, report.published, seconds);
        }
        rows.push_back(std::move(row));
    }
    for (const SectionAddress& address : now.unreadable)
        rows.push_back({.name = name_of(address), .mode = "?", .state = "unreadable"});
    return rows;
}

void sort_rows(std::vector<TopRow>& rows, TopColumn column) {
    std::ranges::sort(rows, [column](const TopRow& a, const TopRow& b) {
        if (column == TopColumn::kMode && a.mode != b.mode) return a.mode < b.mode;
        if (column == TopColumn::kState && a.state != b.state) return a.state < b.state;
        const double heavy = weight(a, column);
        const double light = weight(b, column);
        return heavy != light ? heavy > light : a.name < b.name;
    });
}

TopColumn next_column(TopColumn column) {
    const auto next = static_cast<std::size_t>(column) + 1;
    return kColumns[next % kColumns.size()].id;
}

std::string column_title(TopColumn column) {
    return kColumns[static_cast<std::size_t>(column)].title;
}

std::vector<std::string> top_lines(const std::vector<TopRow>& rows, int columns) {
    const std::vector<int> widths = widths_for(rows, columns);
    std::vector<std::string> cells;
    cells.reserve(kColumns.size());
    for (const Column& column : kColumns)
        cells.emplace_back(column.title);
    std::vector<std::string> lines{line_of(cells, widths)};
    for (const TopRow& row : rows) {
        for (std::size_t i = 0; i < kColumns.size(); ++i)
            cells[i] = cell(row, kColumns[i].id);
        lines.push_back(line_of(cells, widths));
    }
    return lines;
}

nlohmann::json top_json(const std::vector<TopRow>& rows) {
    nlohmann::json sections = nlohmann::json::array();
    for (const TopRow& row : rows) {
        nlohmann::json object = {{"name", row.name},
                                 {"mode", row.mode},
                                 {"state", row.state},
                                 {"readers", row.readers},
                                 {"frames_missed", row.missed},
                                 {"used_bytes", row.memory_bytes}};
        if (row.frames_per_s) object["frames_per_second"] = *row.frames_per_s;
        if (row.bytes_per_s) object["bytes_per_second"] = *row.bytes_per_s;
        if (row.latency_ns) object["latency_ns"] = *row.latency_ns;
        if (row.image) object["image"] = image_json(*row.image);
        if (row.tensor) object["tensor"] = tensor_json(*row.tensor);
        add_facts(object, row.facts);
        if (!row.description.empty()) object["description"] = row.description;
        object["each_reader"] = nlohmann::json::array();
        for (const ReaderReport& reader : row.each_reader)
            object["each_reader"].push_back(reader_json(reader));
        sections.push_back(std::move(object));
    }
    return sections;
}

}  // namespace mapferry::cli
