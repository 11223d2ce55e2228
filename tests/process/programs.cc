// SPDX-License-Identifier: Apache-2.0
#include "process/programs.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <utility>

#include "support/host.h"
#include "support/utf8_path.h"

namespace mapferry::testing {

namespace {

Launch with_section(Launch launch, const char* program, const std::string& name) {
    launch.program = program;
    launch.arguments.insert(launch.arguments.begin(), {"--name", name});
    return launch;
}

}  // namespace

::testing::AssertionResult ended_with(const Exit& expected, const Ended& ended) {
    if (ended.exit == expected) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure()
           << ended.command << "\n  ended with " << ended.exit << ", not " << expected
           << "\n  output: " << ended.output.substr(0, 1000) << "\n  errors: " << ended.errors;
}

::testing::AssertionResult ended_with(const Exit& expected, ChildProcess& child) {
    const Exit exit = child.wait();
    return ended_with(expected, Ended{.exit = exit,
                                      .output = child.output(),
                                      .errors = child.errors(),
                                      .command = child.command()});
}

::testing::AssertionResult ended_with(int code, const Ended& ended) {
    return ended_with(exited(code), ended);
}

::testing::AssertionResult ended_with(int code, ChildProcess& child) {
    return ended_with(exited(code), child);
}

std::vector<nlohmann::json> json_lines(const std::string& text) {
    std::vector<nlohmann::json> objects;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        auto object = nlohmann::json::parse(line, nullptr, false);
        if (object.is_object())
            objects.push_back(std::move(object));
        else
            ADD_FAILURE() << "no JSON object: " << line;
    }
    return objects;
}

nlohmann::json json_event(const std::string& text, const std::string& event) {
    for (const nlohmann::json& object : json_lines(text))
        if (object.value("event", "") == event) return object;
    ADD_FAILURE() << "no event \"" << event << "\" in: " << text;
    return {};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string program_path(const std::string& name) {
    const std::filesystem::path writer = path_of(MAPFERRY_WRITER_PATH);
    return text_of(writer.parent_path() / path_of(name)) + text_of(writer.extension());
}

std::string plain_lines(std::string output) {
    std::erase(output, '\r');
    return output;
}

ProgramTest::ProgramTest() : out_(folder_.make_folder("out")) {}

ProgramTest::~ProgramTest() {
    if (section_.exists()) return;  // the guard of the section reports it
    for (ChildProcess& keeper : keepers_)
        EXPECT_TRUE(ended_with(0, keeper));
}

ChildProcess ProgramTest::start_example(const std::string& program, Words arguments) const {
    arguments.insert(arguments.begin(), section_.name());
    return ChildProcess({.program = program_path(program), .arguments = std::move(arguments)});
}

ChildProcess ProgramTest::start_writer(Launch launch) const {
    return ChildProcess(with_section(std::move(launch), MAPFERRY_WRITER_PATH, section_.name()));
}

ChildProcess ProgramTest::start_reader(Launch launch) const {
    return ChildProcess(with_section(std::move(launch), MAPFERRY_READER_PATH, section_.name()));
}

ChildProcess ProgramTest::start_writer(Words arguments) const {
    return start_writer(Launch{.arguments = std::move(arguments)});
}

ChildProcess ProgramTest::start_reader(Words arguments) const {
    return start_reader(Launch{.arguments = std::move(arguments)});
}

Ended ProgramTest::finish(ChildProcess child) {
    const Exit exit = child.wait();
    return {.exit = exit,
            .output = child.output(),
            .errors = child.errors(),
            .command = child.command()};
}

std::vector<ChildProcess> ProgramTest::start_many(int count,
                                                  const std::function<ChildProcess(int)>& start) {
    std::vector<ChildProcess> children;
    children.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        children.push_back(start(i));
    return children;
}

Ended ProgramTest::run_writer(Words arguments) const {
    return finish(start_writer(std::move(arguments)));
}

Ended ProgramTest::run_reader(Words arguments) const {
    return finish(start_reader(std::move(arguments)));
}

::testing::AssertionResult ProgramTest::keep(Words arguments) {
    const bool in_memory = std::ranges::count(arguments, "--backing") == 0;
    const bool stays = in_memory && !sections_outlive_processes();
    // The timeout is long enough for any test.
    if (stays) arguments.insert(arguments.begin(), {"--timeout", "10m"});
    arguments.insert(arguments.begin(), "--keep");
    if (!stays) return ended_with(0, run_writer(std::move(arguments)));
    ChildProcess writer = start_writer(std::move(arguments));
    auto kept = has_kept(writer);
    if (writer.is_running()) keepers_.push_back(std::move(writer));
    return kept;
}

::testing::AssertionResult ProgramTest::has_kept(ChildProcess& writer) const {
    if (sections_outlive_processes()) return ended_with(0, writer);
    const bool settled = eventually([&] {
        if (!writer.is_running()) return true;
        const auto now = report();
        return now && now->state == SectionState::kEnded && !now->writer_alive;
    });
    if (settled && writer.is_running()) return ::testing::AssertionSuccess();
    return ended_with(0, writer);
}

Ended ProgramTest::run_tool(Words arguments) {
    return finish(
        ChildProcess({.program = MAPFERRY_CONSOLE_PATH, .arguments = std::move(arguments)}));
}

std::optional<SectionReport> ProgramTest::report() const {
    auto found = inspect_section(section_.address());
    if (!found) return std::nullopt;
    return std::move(*found);
}

::testing::AssertionResult ProgramTest::leave_dead_section() const {
    ChildProcess dead = start_writer(Words{"--text", "dead"});
    const std::uint32_t process = dead.process_id();
    const bool is_there =
        eventually_reports([=](const SectionReport& now) { return now.creator_pid == process; });
    dead.send(Signal::kKill);
    (void)dead.wait();
    if (is_there) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "no section came from " << dead.command();
}

bool ProgramTest::eventually_reports(
    const std::function<bool(const SectionReport&)>& condition) const {
    return eventually([&] {
        const auto now = report();
        return now && condition(*now);
    });
}

bool ProgramTest::eventually_has_readers(std::size_t count) const {
    return eventually_reports(
        [count](const SectionReport& now) { return now.readers.size() == count; });
}

bool ProgramTest::eventually_admits_readers(std::size_t count) const {
    return eventually_reports([count](const SectionReport& now) {
        const auto admitted = std::ranges::count(now.readers, true, &ReaderReport::admitted);
        return static_cast<std::size_t>(admitted) == count;
    });
}

bool ProgramTest::eventually_holds(std::uint64_t payload_bytes) const {
    return eventually_reports(
        [=](const SectionReport& now) { return now.payload_bytes == payload_bytes; });
}

std::string ProgramTest::make_source(std::uint64_t bytes, const std::string& name) const {
    std::string path = folder_.file(name);
    write_random_file(path, bytes, bytes + name.size());
    return path;
}

}  // namespace mapferry::testing
