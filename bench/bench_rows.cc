// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_rows.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace mapferry::bench {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Machine& machine) {
    Json json = {{"cpu", machine.cpu},
                 {"processors", machine.processors},
                 {"memory", machine.memory_bytes},
                 {"kernel", machine.kernel},
                 {"compiler", machine.compiler},
                 {"distribution", machine.distribution}};
    if (machine.usable_processors != 0) json["usable_processors"] = machine.usable_processors;
    return json;
}

Json to_json(const Row& row) {
    Json json = {{"question", row.question}, {"case", row.case_name}, {"way", row.way},
                 {"verified", row.verified}, {"unit", row.unit},      {"median", row.median},
                 {"min", row.min},           {"max", row.max},        {"rounds", row.rounds}};
    if (!row.note.empty()) json["note"] = row.note;
    if (!row.options.empty()) json["options"] = row.options;
    return json;
}

Json to_json(const SkippedWay& skipped) {
    return {{"question", skipped.question}, {"way", skipped.way}, {"reason", skipped.reason}};
}

template <typename T>
Json to_array(const std::vector<T>& items) {
    Json array = Json::array();
    for (const T& item : items)
        array.push_back(to_json(item));
    return array;
}

}  // namespace

Row with_figures(Row row, const Samples& rounds) {
    row.median = median(rounds);
    row.min = quantile(rounds, 0);
    row.max = quantile(rounds, 1);
    row.rounds = rounds.size();
    return row;
}

bool write_rows(const std::string& path, const Machine& machine, const BenchResults& results) {
    const Json json = {{"machine", to_json(machine)},
                       {"rows", to_array(results.rows)},
                       {"skipped", to_array(results.skipped)}};
    std::ofstream file(path);
    file << json.dump(1) << "\n";
    return file.flush().good();
}

}  // namespace mapferry::bench
