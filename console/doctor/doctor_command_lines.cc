// SPDX-License-Identifier: Apache-2.0
#include "console/doctor/doctor_command_lines.h"

#include <array>

#include "console/console_command.h"
#include "console/doctor/bench_command.h"
#include "console/doctor/doctor_command.h"

namespace mapferry::cli {

namespace {

constexpr std::array kDoctorExamples = {
    Example{"@", "ok, ! or !! for each fact, and what to do about it"},
    Example{"@ --json", "a JSON object for each fact"},
};
constexpr std::array kDoctorGroups = {
    OptionGroup{"Which sections", "--global"},
    kMessageGroup,
};
constexpr Help kDoctorHelp{
    .about = "show what may be wrong on this machine; 78 when a line has !!",
    .usage = "[OPTION...]",
    .usual = "  --json  a JSON object for each fact\n",
    .examples = kDoctorExamples,
    .groups = kDoctorGroups,
};

constexpr std::array kBenchExamples = {
    Example{"@", "a table and a verdict, in about ten seconds"},
    Example{"@ --size 64MiB --json", "fewer bytes, a JSON object for each row"},
};
constexpr std::array kBenchGroups = {
    OptionGroup{"What to measure", "--size --name"},
    kMessageGroup,
};
constexpr Help kBenchHelp{
    .about = "how fast mapping, pipes and files are on this machine, every byte verified",
    .usage = "[OPTION...]",
    .usual =
        "  --size SIZE  bytes of the large payload\n"
        "  --json       a JSON object for each row\n",
    .examples = kBenchExamples,
    .groups = kBenchGroups,
};

}  // namespace

int call_doctor(const Call& call) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    add_global_option(app, command.common.address);
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kDoctorHelp)) return *code;
    return run_doctor(command.common.messages(), command.address().reach);
}

int call_bench(const Call& call) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    BenchCommand bench;
    add_size_option(app, "--size", bench.bytes, "bytes of the large payload")
        ->default_str("at most 256MiB");
    add_name_option(app, command.common.address);
    app.get_option("--name")->description("what the names of its sections begin with");
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kBenchHelp)) return *code;
    bench.section_name = command.address().name;
    return run_bench(command.common.messages(), bench, *call.stop);
}

}  // namespace mapferry::cli
