// SPDX-License-Identifier: Apache-2.0
// The program mapferry: its commands are the former programs, under the names that the user typed,
// and its help is the same however the user asks for it.
#include <algorithm>
#include <set>
#include <sstream>

#include "process/programs.h"
#include "support/text_lines.h"

namespace mapferry::testing {
namespace {

constexpr std::size_t kShortLinesMost = 14;

const Words kSectionCommands{"ls",  "info", "verify", "rm",     "gc",
                             "top", "view", "serve",  "doctor", "bench"};

class FrontDoor : public ProgramTest {
  protected:
    [[nodiscard]] static Words all_commands() {
        Words commands{"send", "receive"};
        commands.insert(commands.end(), kSectionCommands.begin(), kSectionCommands.end());
        return commands;
    }
    // Starts a command on this test's section.
    [[nodiscard]] ChildProcess start(Words words) const {
        words.insert(words.begin() + 1, {"--name", section_.name()});
        return ChildProcess({.program = MAPFERRY_CONSOLE_PATH, .arguments = std::move(words)});
    }
    static void expect_usage_error(const Ended& ended, const std::string& program,
                                   const std::string& hint) {
        EXPECT_TRUE(ended_with(kExitUsage, ended));
        EXPECT_TRUE(ended.errors.starts_with(program + ": error: ")) << ended.errors;
        EXPECT_TRUE(contains(ended.errors, "\nhint: ")) << ended.errors;
        EXPECT_TRUE(contains(ended.errors, hint)) << ended.errors;
        EXPECT_EQ(ended.output, "");
    }
    // Collects "--name" and the like, wherever they stand.
    [[nodiscard]] static std::set<std::string> options_in(const std::string& text) {
        std::set<std::string> options;
        std::istringstream words(text);
        for (std::string word; words >> word;) {
            word.resize(std::min(word.size(), word.find_first_of(",=:")));
            if (word.starts_with("-") && word.find_first_not_of('-') != std::string::npos)
                options.insert(word);
        }
        return options;
    }
    // Checks the text of -h and --help of the same program.
    static void expect_helps(const Ended& brief, const Ended& whole, const std::string& program) {
        ASSERT_TRUE(ended_with(0, brief));
        ASSERT_TRUE(ended_with(0, whole));
        EXPECT_EQ(brief.errors + whole.errors, "");
        EXPECT_LE(lines_of(brief.output).size(), kShortLinesMost) << brief.output;
        EXPECT_TRUE(contains(brief.output, program + " --help")) << brief.output;
        const std::set<std::string> known = options_in(whole.output);
        for (const std::string& option : options_in(brief.output))
            EXPECT_TRUE(known.contains(option)) << option << " of:\n" << brief.output;
        EXPECT_TRUE(whole.output.starts_with(program + ": ")) << whole.output;
        const std::size_t usage = whole.output.find("\nUsage: " + program + " ");
        const std::size_t examples = whole.output.find("\nExamples:\n  ");
        const std::size_t options = whole.output.find("\n  --json ");
        const std::size_t codes = whole.output.find("\nExit codes:\n");
        EXPECT_LT(usage, examples) << whole.output;
        EXPECT_LT(examples, options) << whole.output;
        EXPECT_LT(options, codes) << whole.output;
        EXPECT_NE(codes, std::string::npos) << whole.output;
    }
};

// ---- commands ----------------------------------------------------------------------------------

TEST_F(FrontDoor, SendAndReceivePassAFile) {
    const std::string source = make_source(3 * kMiB);
    ChildProcess sending = start({"send", source});
    ChildProcess receiving = start({"receive", "-o", folder_.file("out/target")});
    EXPECT_TRUE(ended_with(0, receiving));
    EXPECT_TRUE(ended_with(0, sending));
    EXPECT_TRUE(same_content(source, folder_.file("out/target")));
}

TEST_F(FrontDoor, SendAndReceiveMeetTheTwoPrograms) {
    ChildProcess sending = start({"send", "--text", "to the reader"});
    EXPECT_EQ(run_reader({"--timeout", "20s", "-q"}).output, "to the reader");
    EXPECT_TRUE(ended_with(0, sending));
    ChildProcess writer = start_writer(Words{"--text", "from the writer"});
    const Ended received = finish(start({"receive", "--timeout", "20s", "-q"}));
    EXPECT_EQ(received.output, "from the writer");
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(FrontDoor, SendEndsBySignalsAsTheWriterDoes) {
    for (const Signal signal : {Signal::kInterrupt, Signal::kTerminate}) {
        ChildProcess sending = start({"send", "--text", "never"});
        ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
        sending.send(signal);
        EXPECT_TRUE(ended_with(ended_by(signal), sending));
        EXPECT_FALSE(section_.exists());
    }
}

TEST_F(FrontDoor, WrongUsageNamesTheCommandAsTyped) {
    for (const std::string& command : all_commands())
        expect_usage_error(run_tool({command, "--bogus"}), "mapferry " + command,
                           "mapferry " + command + " --help");
    expect_usage_error(run_writer({"--bogus"}), "mapferry-writer", "mapferry-writer --help");
    expect_usage_error(run_reader({"--bogus"}), "mapferry-reader", "mapferry-reader --help");
    const Ended exec = run_tool({"send", "--exec"});
    expect_usage_error(exec, "mapferry send", "mapferry send --exec -- COMMAND");
}

TEST_F(FrontDoor, FailureNamesTheCommandAsTyped) {
    const Ended receive = finish(start({"receive", "--timeout", "0"}));
    EXPECT_TRUE(ended_with(kExitNoInput, receive));
    EXPECT_TRUE(receive.errors.starts_with("mapferry receive: error: ")) << receive.errors;
    const Ended info = run_tool({"info", section_.name()});
    EXPECT_TRUE(info.errors.starts_with("mapferry info: error: ")) << info.errors;
}

// ---- words that are no commands ----------------------------------------------------------------

TEST_F(FrontDoor, UnknownCommandIsAnErrorThatNamesTheNearest) {
    for (const auto& [typed, meant] :
         std::vector<std::pair<std::string, std::string>>{{"lst", "ls"},
                                                          {"sedn", "send"},
                                                          {"rec", "receive"},
                                                          {"verfy", "verify"},
                                                          {"docter", "doctor"},
                                                          {"tpo", "top"},
                                                          {"list", "ls"}})
        expect_usage_error(run_tool({typed, "--force"}), "mapferry",
                           "did you mean mapferry " + meant + "?\n");
    for (const char* const word : {"photo.bmp", "x", "", "--name", "remove"})
        expect_usage_error(run_tool({word}), "mapferry", "mapferry");
    EXPECT_TRUE(contains(run_tool({"photo.bmp"}).errors, "mapferry --help lists"));
    expect_usage_error(run_tool({"help", "lst"}), "mapferry", "did you mean mapferry ls?\n");
}

TEST_F(FrontDoor, OptionBeforeACommandSaysWhereItBelongs) {
    expect_usage_error(run_tool({"--name", "x", "ls"}), "mapferry", "behind the command");
    expect_usage_error(run_tool({"-q"}), "mapferry", "behind the command");
}

TEST_F(FrontDoor, ReaderKnowsWhereTheCommandsAre) {
    for (const std::string& command : kSectionCommands) {
        expect_usage_error(run_reader({command}), "mapferry-reader", "mapferry " + command + "\n");
        expect_usage_error(run_tool({"receive", command}), "mapferry receive",
                           "mapferry " + command + "\n");
    }
    const Ended other = run_reader({"photo.bmp"});
    expect_usage_error(other, "mapferry-reader", "mapferry-reader --help shows");
}

// ---- help --------------------------------------------------------------------------------------

TEST_F(FrontDoor, HelpOfACommandIsTheSameEitherWay) {
    for (const std::string& command : all_commands()) {
        const Ended whole = run_tool({command, "--help"});
        expect_helps(run_tool({command, "-h"}), whole, "mapferry " + command);
        const Ended asked = run_tool({"help", command});
        EXPECT_TRUE(ended_with(0, asked));
        EXPECT_EQ(asked.output, whole.output);
    }
    const Ended whole = run_tool({"--help"});
    expect_helps(run_tool({"-h"}), whole, "mapferry");
    EXPECT_EQ(run_tool({"help"}).output, whole.output);
    for (const std::string& command : all_commands())
        EXPECT_TRUE(contains(whole.output, "\n  " + command + " ")) << command;
}

TEST_F(FrontDoor, TwoProgramsAndTheirCommandsHelpAlike) {
    for (const auto& [program, command] : std::vector<std::pair<std::string, std::string>>{
             {"mapferry-writer", "send"}, {"mapferry-reader", "receive"}}) {
        const auto run = [&path = program](const char* option) {
            return finish(ChildProcess({.program = program_path(path), .arguments = {option}}));
        };
        const Ended whole = run("--help");
        expect_helps(run("-h"), whole, program);
        EXPECT_EQ(options_in(whole.output), options_in(run_tool({command, "--help"}).output));
    }
}

TEST_F(FrontDoor, AloneShowsTheShortHelpAsAnError) {
    const Ended alone = run_tool({});
    EXPECT_TRUE(ended_with(kExitUsage, alone));
    EXPECT_EQ(alone.output, "");
    EXPECT_EQ(alone.errors, run_tool({"-h"}).output);
}

TEST_F(FrontDoor, VersionIsThatOfTheTwoPrograms) {
    const Ended version = run_tool({"--version"});
    EXPECT_TRUE(ended_with(0, version));
    EXPECT_EQ(version.output, run_tool({"send", "--version"}).output);
    EXPECT_EQ(version.output, run_writer({"--version"}).output);
}

}  // namespace
}  // namespace mapferry::testing
