// SPDX-License-Identifier: Apache-2.0
// Looking after kept sections: second writers, ls, info, verify, rm, gc, doctor.
#include <algorithm>

#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class KeepCare : public ProgramTest {
  protected:
    void TearDown() override { section_.remove(); }

    // The line about this test's section in the output of a sub-command with --json.
    [[nodiscard]] nlohmann::json line_of_ours(const std::string& output) const {
        for (const nlohmann::json& line : json_lines(output))
            if (line.value("name", "") == section_.name()) return line;
        return {};
    }
};

TEST_F(KeepCare, SecondWriterIsRefusedAndThePayloadStays) {
    const std::string first = make_source(kMiB, "first");
    const std::string second = make_source(100, "second");
    ASSERT_TRUE(keep({first}));
    for (const Words& options : {Words{"--keep", second}, Words{second}}) {
        const Ended refused = run_writer(options);
        EXPECT_TRUE(ended_with(kExitCannotCreate, refused));
        EXPECT_TRUE(contains(refused.errors, "hint:")) << refused.errors;
        EXPECT_TRUE(contains(refused.errors, "rm")) << refused.errors;
    }
    ASSERT_TRUE(ended_with(0, run_reader({"-o", folder_.file("out/target")})));
    EXPECT_TRUE(same_content(first, folder_.file("out/target")));
}

TEST_F(KeepCare, RemovedNameIsFreeForTheNextWriter) {
    ASSERT_TRUE(keep({"--text", "one"}));
    ASSERT_TRUE(ended_with(0, run_tool({"rm", section_.name()})));
    EXPECT_FALSE(section_.exists());
    EXPECT_TRUE(ended_with(kExitNoInput, run_tool({"rm", section_.name()})));
    ASSERT_TRUE(keep({"--text", "two"}));
    EXPECT_EQ(run_reader({}).output, "two");
}

TEST_F(KeepCare, ListShowsIt) {
    ASSERT_TRUE(keep({"--text", "hello"}));
    const Ended people = run_tool({"ls"});
    ASSERT_TRUE(ended_with(0, people));
    EXPECT_TRUE(contains(people.output, section_.name())) << people.output;
    const Ended machines = run_tool({"ls", "--json"});
    ASSERT_TRUE(ended_with(0, machines));
    const auto ours = line_of_ours(machines.output);
    ASSERT_TRUE(ours.is_object()) << machines.output;
    EXPECT_EQ(ours.at("mode"), "keep");
    EXPECT_EQ(ours.at("condition"), "kept");
    EXPECT_EQ(ours.at("payloads_ended"), 1);
    EXPECT_EQ(ours.at("payload_bytes"), 5);
}

TEST_F(KeepCare, InfoShowsAllThatItSays) {
    const std::string source = make_source(10'001, "photo.raw");
    ASSERT_TRUE(keep({"--slot-size", "4KiB", source}));
    const Ended people = run_tool({"info", section_.name()});
    ASSERT_TRUE(ended_with(0, people));
    for (const char* part : {"photo.raw", "keep", "4.0 KiB", "whole"})
        EXPECT_TRUE(contains(people.output, part)) << part << " in " << people.output;
    const Ended machines = run_tool({"info", section_.name(), "--json"});
    ASSERT_TRUE(ended_with(0, machines));
    const auto info = json_lines(machines.output).at(0);
    EXPECT_EQ(info.at("slots"), 5);
    EXPECT_EQ(info.at("slot_bytes"), 4096);
    EXPECT_EQ(info.at("messages"), 5);
    EXPECT_EQ(info.at("writer_alive"), false);
    EXPECT_EQ(info.at("dead"), false);
    const auto& payload = info.at("payloads").at(0);
    EXPECT_EQ(payload.at("name"), "photo.raw");
    EXPECT_EQ(payload.at("bytes"), 10'001);
    EXPECT_EQ(payload.at("state"), "whole");
    EXPECT_EQ(payload.at("xxh3_128").get<std::string>().size(), 32u);
}

TEST_F(KeepCare, InfoOfNothingIsNotFound) {
    for (const char* command : {"info", "verify", "rm"})
        EXPECT_TRUE(ended_with(kExitNoInput, run_tool({command, section_.name()}))) << command;
}

TEST_F(KeepCare, VerifyChecksEveryPayload) {
    const std::string source = make_source(2 * kMiB, "large");
    ASSERT_TRUE(keep({source, "--text", "small"}));
    const Ended verified = run_tool({"verify", section_.name(), "--json"});
    ASSERT_TRUE(ended_with(0, verified));
    const auto lines = json_lines(verified.output);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].at("bytes"), 5);
    EXPECT_EQ(lines[1].at("name"), "large");
    EXPECT_EQ(lines[1].at("bytes"), 2 * kMiB);
    EXPECT_EQ(lines[1].at("outcome"), "verified");
    EXPECT_TRUE(contains(run_tool({"verify", section_.name()}).output, "verified"));
}

TEST_F(KeepCare, VerifyOfAStreamIsAUsageError) {
    ChildProcess writer = start_writer(Words{"--text", "x"});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    EXPECT_TRUE(ended_with(kExitUsage, run_tool({"verify", section_.name()})));
    EXPECT_TRUE(ended_with(0, run_reader({})));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(KeepCare, CollectorLeavesKeptPayloads) {
    ASSERT_TRUE(keep({"--text", "precious"}));
    const Ended collected = run_tool({"gc", "--json"});
    ASSERT_TRUE(ended_with(0, collected));
    EXPECT_FALSE(contains(collected.output, section_.name()));
    EXPECT_EQ(run_reader({}).output, "precious");
}

TEST_F(KeepCare, CollectorRemovesWhatADeadWriterLeft) {
    ChildProcess writer =
        start_writer(Launch{.arguments = {"--keep", "-"}, .input = pipe_stream()});
    ASSERT_TRUE(
        eventually_reports([](const SectionReport& now) { return now.payloads_begun == 1; }));
    writer.send(Signal::kKill);
    (void)writer.wait();
    if (!sections_outlive_processes()) {
        EXPECT_FALSE(section_.exists()) << "it went with its writer";
        EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
        return;
    }
    EXPECT_EQ(line_of_ours(run_tool({"ls", "--json"}).output).at("condition"), "dead");
    const Ended collected = run_tool({"gc", "--json"});
    ASSERT_TRUE(ended_with(0, collected));
    EXPECT_EQ(line_of_ours(collected.output).at("event"), "removed") << collected.output;
    EXPECT_FALSE(section_.exists());
}

TEST_F(KeepCare, DoctorTellsAboutSections) {
    ASSERT_TRUE(keep({"--text", "x"}));
    const Ended doctor = run_tool({"doctor", "--json"});
    const auto facts = json_lines(doctor.output);
    const auto severity_of = [&](const std::string& name) -> std::string {
        const auto fact = std::ranges::find_if(
            facts, [&](const nlohmann::json& one) { return one.at("name") == name; });
        return fact == facts.end() ? "none" : fact->at("severity").get<std::string>();
    };
    EXPECT_EQ(severity_of("shared memory"), "ok") << doctor.output;
    EXPECT_EQ(severity_of("section " + section_.name()), "ok") << doctor.output;
    // Sections of other programs, and of tests beside this one, may have faults.
    const bool has_fault = std::ranges::any_of(
        facts, [](const nlohmann::json& fact) { return fact.at("severity") == "fault"; });
    EXPECT_TRUE(ended_with(has_fault ? kExitFaultFound : 0, doctor));
}

TEST_F(KeepCare, TooFewSlotsForTheFilesIsAUsageError) {
    const std::string source = make_source(100'000);
    EXPECT_TRUE(ended_with(kExitUsage,
                           run_writer({"--keep", "--slots", "3", "--slot-size", "4KiB", source})));
    EXPECT_FALSE(section_.exists());
}

TEST_F(KeepCare, StreamThatOutgrowsItsSlotsLeavesNothing) {
    ChildProcess writer =
        start_writer(Launch{.arguments = {"--keep", "--slots", "4", "--slot-size", "4KiB", "-"},
                            .input = pipe_stream()});
    (void)writer.write_input(random_bytes(100'000));
    writer.close_input();
    EXPECT_TRUE(ended_with(kExitIo, writer));
    EXPECT_TRUE(contains(writer.errors(), "is full: it was made for")) << writer.errors();
    EXPECT_FALSE(section_.exists());
}

}  // namespace
}  // namespace mapferry::testing
