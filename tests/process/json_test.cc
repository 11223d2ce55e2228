// SPDX-License-Identifier: Apache-2.0
// With --json, all output is JSON: whatever the task of a program and however it ends, each line of
// both streams is an event of docs/json.md.
#include "process/json_page.h"
#include "process/programs.h"
#include "support/host.h"
#include "support/text_lines.h"

namespace mapferry::testing {
namespace {

const std::string kPicture = std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp";

class JsonOutput : public ProgramTest {
  protected:
    void expect_events(const std::string& text, const std::string& of) const {
        EXPECT_TRUE(text.empty() || text.back() == '\n') << of << "\n" << text;
        for (const std::string& line : lines_of(text)) {
            const auto event = nlohmann::json::parse(line, nullptr, false);
            EXPECT_EQ(page_.fault_of(event), "") << of << "\n" << line;
        }
    }
    // Checks both streams of a program that has ended.
    Ended expect_events(Ended ended) const {
        expect_events(ended.output, ended.command + ", standard output");
        expect_events(ended.errors, ended.command + ", standard error");
        return ended;
    }
    [[nodiscard]] Ended tool(Words words) const {
        words.emplace_back("--json");
        return expect_events(run_tool(std::move(words)));
    }
    // Adds --json, the section's name and a timeout of zero.
    [[nodiscard]] Ended reader(Words words) const {
        words.insert(words.begin(), {"--json", "--timeout", "0"});
        return expect_events(run_reader(std::move(words)));
    }
    [[nodiscard]] Ended writer(Words words) const {
        words.insert(words.begin(), {"--json", "--timeout", "0"});
        return expect_events(run_writer(std::move(words)));
    }
    // Expects one error and nothing else, on standard output.
    void expect_error(int code, const Ended& ended) const {
        EXPECT_TRUE(ended_with(code, ended));
        EXPECT_EQ(lines_of(ended.output).size(), 1u) << ended.command << "\n" << ended.output;
        EXPECT_EQ(json_event(ended.output, "error").value("code", 0), code) << ended.command;
        EXPECT_EQ(ended.errors, "") << ended.command;
    }
    // Passes a payload from a writer with the words `put` to a reader with the words `take`.
    struct Both {
        Ended writer;
        Ended reader;
    };
    [[nodiscard]] Both pass(Words put, Words take) const {
        put.insert(put.begin(), {"--json", "--timeout", "20s"});
        take.insert(take.begin(), {"--json", "--timeout", "20s"});
        ChildProcess writing = start_writer(std::move(put));
        Ended taken = run_reader(std::move(take));
        return {.writer = expect_events(finish(std::move(writing))), .reader = std::move(taken)};
    }

    const JsonPage page_;
};

// ---- wrong usage -------------------------------------------------------------------------------

TEST_F(JsonOutput, WrongUsageOfACommandIsOneErrorWhereverJsonStands) {
    for (const char* command : {"", "send", "receive", "ls", "info", "verify", "rm", "gc", "doctor",
                                "bench", "top", "view", "nothing"}) {
        Words words;
        if (*command != 0) words.emplace_back(command);
        Words before = words;
        before.insert(before.begin(), "--json");
        before.insert(before.end(), "--bogus");
        Words after = words;
        after.insert(after.end(), {"--bogus", "--json"});
        Words between = words;
        between.insert(between.end(), {"--json", "--bogus"});
        for (const Words& line : {before, after, between})
            expect_error(kExitUsage, expect_events(run_tool(line)));
    }
    expect_error(kExitUsage, tool({"rm"}));
    expect_error(kExitUsage, tool({"info", "a/b"}));
    expect_error(kExitUsage, tool({"view", "x", "--follow"}));
    expect_error(kExitUsage, tool({"top", "--interval", "soon"}));
    expect_error(kExitUsage, reader({"--timeout", "soon"}));
    expect_error(kExitUsage, reader({"--frames"}));
    expect_error(kExitUsage, reader({"--null", "-o", "x"}));
    expect_error(kExitUsage, expect_events(run_tool({"--json=yes"})));
}

TEST_F(JsonOutput, WrongUsageOfTheWriterIsOneErrorWhereverJsonStands) {
    for (const Words& line :
         {Words{"--json", "--bogus", "x"}, Words{"--bogus", "x", "--json"}, Words{"--json"},
          Words{"--size", "8", "--json", "x"}, Words{"--json", "--exec"},
          Words{"--json", "--frames", "--image", "much", "x"}, Words{"-", "-", "--json"}})
        expect_error(kExitUsage, expect_events(run_writer(line)));
}

TEST_F(JsonOutput, WrongUsageWithJsonBehindTwoDashesIsForPeople) {
    const Ended ended = run_writer({"--bogus", "--", "--json"});
    EXPECT_TRUE(ended_with(kExitUsage, ended));
    EXPECT_TRUE(ended.errors.starts_with("mapferry-writer: error: ")) << ended.errors;
    EXPECT_EQ(ended.output, "");
}

TEST_F(JsonOutput, HelpAndVersionAreEvents) {
    for (const char* what : {"-h", "--help", "--version"}) {
        for (const Ended& ended :
             {reader({what}), writer({what}), tool({what}), tool({"doctor", what})}) {
            EXPECT_TRUE(ended_with(0, ended));
            EXPECT_NE(json_event(ended.output, "help").value("text", ""), "") << ended.command;
        }
    }
    for (const Words& line : {Words{"help"}, Words{"help", "ls"}}) {
        const Ended ended = tool(line);
        EXPECT_TRUE(ended_with(0, ended));
        EXPECT_NE(json_event(ended.output, "help").value("text", ""), "") << ended.command;
    }
}

// ---- missing things ----------------------------------------------------------------------------

TEST_F(JsonOutput, MissingThingsAreErrors) {
    const std::string name = section_.name();
    expect_error(kExitNoInput, reader({"--null"}));
    expect_error(kExitNoInput, reader({"--text"}));
    expect_error(kExitNoInput, reader({"--frames", "--null"}));
    expect_error(kExitNoInput, writer({folder_.file("missing")}));
    expect_error(kExitNoInput, writer({"--exec", "--", folder_.file("missing")}));
    expect_error(kExitTimedOut, writer({"--text", "x"}));
    for (const Words& line : {Words{"info", name}, Words{"verify", name}, Words{"rm", name},
                              Words{"top", name, "--once"}, Words{"view", name, "--timeout", "0"},
                              Words{"gc", "--backing", folder_.file("missing")}})
        expect_error(kExitNoInput, tool(line));
    // Where the payload goes to standard output, all events go to standard error.
    const Ended onto_stdout = reader({"-o", "-"});
    EXPECT_EQ(onto_stdout.output, "");
    EXPECT_EQ(json_event(onto_stdout.errors, "error").value("code", 0), kExitNoInput);
}

// ---- transfers ---------------------------------------------------------------------------------

TEST_F(JsonOutput, TransfersAndTheirProgressAreEvents) {
    const std::string source = make_source(3 * kMiB);
    const Both both =
        pass({"--progress", "always", source, kPicture}, {"--progress", "always", "-o", out_});
    EXPECT_TRUE(ended_with(0, expect_events(both.reader)));
    EXPECT_TRUE(ended_with(0, both.writer));
    for (const Ended& ended : {both.writer, both.reader}) {
        EXPECT_EQ(json_event(ended.output, "progress").value("total_bytes", 0u), 3 * kMiB);
        EXPECT_EQ(ended.errors, "");
    }
    EXPECT_EQ(json_event(both.writer.output, "end").value("readers_served", 0), 1);
    expect_error(kExitUsage, reader({"--count", "2"}));
}

TEST_F(JsonOutput, TextIsAnEventUnlessStandardOutputIsAskedFor) {
    for (const Words& words : {Words{}, Words{"--text"}}) {
        const Both both = pass({"--text", "one", "two"}, words);
        EXPECT_TRUE(ended_with(0, expect_events(both.reader)));
        EXPECT_EQ(json_event(both.reader.output, "text").value("text", ""), "one");
        EXPECT_EQ(both.reader.errors, "");
    }
    const Both raw = pass({"--text", "one"}, {"-o", "-"});
    EXPECT_TRUE(ended_with(0, raw.reader));
    EXPECT_EQ(raw.reader.output, "one");
    expect_events(raw.reader.errors, "reader -o -");
    EXPECT_EQ(json_event(raw.reader.errors, "payload").value("bytes", 0), 3);
}

TEST_F(JsonOutput, StreamWithoutANameFollowsNoEvent) {
    const std::string source = make_source(1000);
    ChildProcess alone = start_writer(
        Launch{.arguments = {"--json", "--timeout", "20s", "-"}, .input = file_stream(source)});
    const Ended taken = run_reader({"--json", "--timeout", "20s"});
    EXPECT_TRUE(ended_with(0, taken));
    EXPECT_EQ(taken.output, read_text(source));
    expect_events(taken.errors, taken.command);
    EXPECT_TRUE(ended_with(0, expect_events(finish(std::move(alone)))));
    ChildProcess mixed =
        start_writer(Launch{.arguments = {"--json", "--timeout", "20s", source, "-"},
                            .input = file_stream(source),
                            .folder = out_});
    const Ended refused =
        finish(start_reader(Launch{.arguments = {"--json", "--timeout", "20s"}, .folder = out_}));
    EXPECT_TRUE(ended_with(kExitUsage, expect_events(refused)));
    EXPECT_TRUE(ended_with(kExitPeerGone, expect_events(finish(std::move(mixed)))));
}

TEST_F(JsonOutput, FramesAndLostOnesAreEvents) {
    const std::string bad = folder_.file("bad.png");
    write_file(bad, bytes_of("no picture"));
    const Both both = pass({"--frames", kPicture, bad}, {"--frames", "-o", out_ + "/%d.jpg"});
    EXPECT_TRUE(ended_with(0, expect_events(both.reader)));
    EXPECT_TRUE(ended_with(kExitCorrupt, both.writer));
    EXPECT_EQ(json_event(both.writer.output, "error").value("code", 0), kExitCorrupt);
    EXPECT_EQ(json_event(both.writer.output, "end").value("left_out", 0), 1);
    EXPECT_EQ(json_event(both.reader.output, "end").value("frames", 0), 1);
}

TEST_F(JsonOutput, BuffersAndTheirWarningsAreEvents) {
    const std::string file = folder_.file("b.sect");
    const Words place{"--buffer", "b", "--backing", file, "--json", "--timeout", "0"};
    const auto with = [&place](Words more) {
        more.insert(more.begin(), place.begin(), place.end());
        return more;
    };
    const auto run = [&](const char* program, Words words) {
        return expect_events(
            finish(ChildProcess({.program = program, .arguments = with(std::move(words))})));
    };
    expect_error(kExitUsage, run(MAPFERRY_WRITER_PATH, {}));
    EXPECT_TRUE(ended_with(0, run(MAPFERRY_WRITER_PATH, {"--size", "8"})));
    EXPECT_TRUE(ended_with(0, run(MAPFERRY_WRITER_PATH, {"--text", "x"})));
    const Ended read = run(MAPFERRY_READER_PATH, {"--bytes", "100", "-o", folder_.file("part")});
    EXPECT_TRUE(ended_with(0, read));
    EXPECT_NE(json_event(read.output, "warning").value("message", ""), "");
    EXPECT_EQ(json_event(read.output, "buffer").value("bytes", 0), 8);
}

// ---- looking after sections --------------------------------------------------------------------

TEST_F(JsonOutput, WhatLooksAfterSectionsSaysEvents) {
    if (is_emulated()) GTEST_SKIP() << "QEMU refuses the filter under which view decodes";
    ASSERT_TRUE(keep({kPicture}));
    const std::string name = section_.name();
    for (const Words& line : {Words{"ls"}, Words{"info", name}, Words{"verify", name}, Words{"gc"},
                              Words{"top", "--once", "--interval", "50ms"}, Words{"view", name},
                              Words{"view", name, "--save", folder_.file("out/a.png")}})
        EXPECT_TRUE(ended_with(0, tool(line)));
    // Other tests may have sections at the same time, also damaged ones.
    std::string condition;
    for (const nlohmann::json& line : json_lines(tool({"ls"}).output))
        if (line.value("name", "") == name) condition = line.at("condition");
    EXPECT_EQ(condition, "kept");
    const Ended doctor = tool({"doctor"});
    bool found_fault = false;
    for (const nlohmann::json& finding : json_lines(doctor.output)) {
        if (finding.at("severity") != "fault") continue;
        found_fault = true;
        const std::string subject = finding.at("name");
        EXPECT_TRUE(subject.starts_with("section ") && subject != "section " + name) << finding;
    }
    EXPECT_TRUE(ended_with(found_fault ? kExitFaultFound : 0, doctor));
    expect_error(kExitCannotCreate, writer({"--text", "second"}));
    expect_error(kExitUsage, reader({"--text"}));
    EXPECT_TRUE(ended_with(0, tool({"bench", "--size", "1MiB"})));
    EXPECT_TRUE(ended_with(0, tool({"rm", name})));
}

TEST_F(JsonOutput, LiveSectionsAreShownAsEvents) {
    const std::string frame = make_source(64 * 48, "frame.raw");
    ChildProcess camera = start_writer(
        Words{"--frames", frame, "--image", "64x48:GRAY8", "--loop", "--fps", "100", "--json"});
    ChildProcess onlooker = start_reader(Words{"--frames", "--null", "--json"});
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) {
        return now.readers.size() == 1 && now.readers[0].figures.latency_mean_ns.has_value();
    }));
    EXPECT_TRUE(ended_with(0, tool({"info", section_.name()})));
    EXPECT_TRUE(ended_with(0, tool({"top", section_.name(), "--once", "--interval", "50ms"})));
    expect_error(kExitUsage, tool({"verify", section_.name()}));
    for (ChildProcess* const process : {&onlooker, &camera}) {
        process->send(Signal::kTerminate);
        EXPECT_EQ(process->wait(), ended_by(Signal::kTerminate));
        expect_events(process->output(), process->command());
        expect_events(process->errors(), process->command());
    }
}

// ---- ends --------------------------------------------------------------------------------------

TEST_F(JsonOutput, InterruptIsTheLastError) {
    ChildProcess writer = start_writer(Words{"--json", "--readers", "2", "--text", "x"});
    ChildProcess reader = start_reader(Words{"--json"});
    ASSERT_TRUE(eventually_has_readers(1));
    for (ChildProcess* const process : {&reader, &writer}) {
        process->send(Signal::kInterrupt);
        EXPECT_EQ(process->wait(), ended_by(Signal::kInterrupt));
        expect_events(process->output(), process->command());
        EXPECT_EQ(process->errors(), "");
        const auto last = json_lines(process->output()).back();
        EXPECT_EQ(last.at("cause"), "interrupted");
        EXPECT_EQ(last.at("signal"), signal_number(Signal::kInterrupt));
        EXPECT_EQ(last.at("code"), 128 + signal_number(Signal::kInterrupt));
    }
}

TEST_F(JsonOutput, FailureOfStandardOutputIsAnErrorOnStandardError) {
    if (full_device().empty()) GTEST_SKIP() << "no device here that is always full";
    ASSERT_TRUE(keep({kPicture}));
    const Ended ended = finish(start_reader(
        Launch{.arguments = {"--json", "--null"}, .output = file_stream(full_device())}));
    EXPECT_TRUE(ended_with(kExitIo, ended));
    expect_events(ended.errors, ended.command);
    EXPECT_EQ(json_event(ended.errors, "error").value("code", 0), kExitIo);
    EXPECT_TRUE(ended_with(0, tool({"rm", section_.name()})));
}

}  // namespace
}  // namespace mapferry::testing
