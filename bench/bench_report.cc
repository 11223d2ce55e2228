// SPDX-License-Identifier: Apache-2.0
// mapferry-bench-report [--compare EARLIER] FOLDER FILE...: combines the rows of the benchmark
// programs. Writes FOLDER/results.json, table.txt and the charts, and prints the table. FILE may
// also be the results.json of an earlier run. EARLIER is one too: what has become faster or slower
// since then is printed after the table.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/give_up.h"
#include "bench/report.h"
#include "bench/report_compare.h"

namespace mapferry::bench {

void give_up(const std::string& why) {
    std::cerr << "bench report: error: " << why << "\n";
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
}

namespace {

using Json = nlohmann::json;

Machine machine_from(const Json& json) {
    return {.cpu = json.value("cpu", "unknown"),
            .processors = json.value("processors", 0u),
            .usable_processors = json.value("usable_processors", 0u),
            .memory_bytes = json.value("memory", std::uint64_t{0}),
            .kernel = json.value("kernel", "unknown"),
            .compiler = json.value("compiler", "unknown"),
            .distribution = json.value("distribution", "unknown")};
}

Row row_from(const Json& json) {
    return {.question = json.at("question"),
            .case_name = json.at("case"),
            .way = json.at("way"),
            .verified = json.at("verified"),
            .unit = json.at("unit"),
            .median = json.at("median"),
            .min = json.at("min"),
            .max = json.at("max"),
            .rounds = json.at("rounds"),
            .note = json.value("note", ""),
            .options = json.value("options", "")};
}

// Adds the output of `mapferry bench --json` of the Windows programs: one event on each line.
void add_events(Results& results, const std::string& path) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        const Json event = Json::parse(line, nullptr, false);
        if (!event.is_object() || event.value("event", "") != "bench") continue;
        Row row = row_from(event);
        row.question += ", Windows programs under Wine";
        results.results.rows.push_back(row);
    }
}

// Adds the rows of a file. The first file names the machine, because one run makes all files.
void add_file(Results& results, const std::string& path) {
    std::ifstream file(path);
    const Json json = Json::parse(file, nullptr, false);
    if (!json.is_object() || !json.contains("rows")) {
        add_events(results, path);
        return;
    }
    if (results.results.rows.empty() && json.contains("machine"))
        results.machine = machine_from(json["machine"]);
    for (const Json& row : json["rows"])
        results.results.rows.push_back(row_from(row));
    for (const Json& one : json.value("skipped", Json::array()))
        results.results.skipped.push_back(
            {.question = one.at("question"), .way = one.at("way"), .reason = one.at("reason")});
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    if (!file.flush()) give_up("can't write " + path);
}

Results earlier_results(const std::string& path) {
    Results results;
    add_file(results, path);
    if (results.results.rows.empty()) give_up("no results of an earlier run: " + path);
    return results;
}

// `earlier`: the results to compare with; empty: none.
int report(const std::string& folder, const std::vector<std::string>& paths,
           const std::string& earlier) {
    // Read before FOLDER/results.json is written, because it may be that file.
    const Results before = earlier.empty() ? Results() : earlier_results(earlier);
    Results results;
    for (const std::string& path : paths)
        add_file(results, path);
    if (!write_rows(folder + "/results.json", results.machine, results.results))
        give_up("can't write " + folder + "/results.json");
    const std::string text = table_text(results) + ratios_text(results.results.rows);
    write_file(folder + "/table.txt", text);
    write_charts(folder, results);
    std::cout << text;
    if (!earlier.empty()) std::cout << compare_text(before, results);
    return 0;
}

}  // namespace

}  // namespace mapferry::bench

int main(int argc, char** argv) {
    using namespace mapferry::bench;
    std::vector<std::string> words(argv + 1, argv + argc);
    std::string earlier;
    if (words.size() > 1 && words[0] == "--compare") {
        earlier = words[1];
        words.erase(words.begin(), words.begin() + 2);
    }
    if (words.size() < 2)
        give_up("usage: mapferry-bench-report [--compare EARLIER] FOLDER FILE...");
    return report(words[0], {words.begin() + 1, words.end()}, earlier);
}
