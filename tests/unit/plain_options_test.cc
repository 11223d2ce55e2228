// SPDX-License-Identifier: Apache-2.0
// The few options of a plain transfer against the complete ones: the plain parser understands its
// options in the same way, and leaves all others to the complete parser.
#include <gtest/gtest.h>

#include <tuple>

#include "cli/command_line.h"
#include "reader/reader_options.h"
#include "writer/writer_options.h"

namespace mapferry::cli {
namespace {

using Words = std::vector<std::string>;

std::optional<WriterCommand> plain_writer(const Words& words) {
    return parse_plain("writer", add_plain_writer_options, words);
}

WriterCommand complete_writer(const Words& words) {
    CLI::App app("", "writer");
    WriterCommand command;
    add_writer_options(app, command);
    EXPECT_FALSE(parse_command_line(app, words, kWriterHelp));
    return command;
}

std::optional<ReaderCommand> plain_reader(const Words& words) {
    return parse_plain("reader", add_plain_reader_options, words);
}

ReaderCommand complete_reader(const Words& words) {
    CLI::App app("", "reader");
    ReaderCommand command;
    add_reader_options(app, command);
    EXPECT_FALSE(parse_command_line(app, words, kReaderHelp));
    return command;
}

auto fields(const CommonOptions& common) {
    return std::tuple(common.address.name, common.address.backing_path, common.timeout,
                      common.timeout_given, common.quiet, common.json);
}

auto fields(const WriterCommand& command) {
    return std::tuple(fields(command.common), command.keep, command.files, command.texts,
                      command.readers, command.readers_given, command.frames);
}

auto fields(const ReaderCommand& command) {
    return std::tuple(fields(command.common), command.output, command.force, command.in_place,
                      command.discard, command.consume, command.text, command.frames);
}

std::string joined(const Words& words) {
    std::string text;
    for (const std::string& word : words)
        text += " [" + word + "]";
    return text;
}

TEST(PlainOptions, OfAWriterMeanWhatTheCompleteOnesMean) {
    const std::vector<Words> lines{{},
                                   {"a.bin"},
                                   {"-"},
                                   {"--name", "cam", "a", "b"},
                                   {"a", "--name=cam", "-q", "b"},
                                   {"--keep", "--timeout", "2m", "ls"},
                                   {"--quiet", "--timeout=0", "/x", "C:\\x"}};
    for (const Words& words : lines) {
        const auto plain = plain_writer(words);
        ASSERT_TRUE(plain) << joined(words);
        EXPECT_EQ(fields(*plain), fields(complete_writer(words))) << joined(words);
    }
}

TEST(PlainOptions, OfAReaderMeanWhatTheCompleteOnesMean) {
    const std::vector<Words> lines{{},
                                   {"--null"},
                                   {"-o", "-"},
                                   {"-o", "ls", "-f"},
                                   {"-fq", "--output=out/", "--name", "info"},
                                   {"-oout", "--in-place", "--timeout", "500ms"},
                                   {"--name=top", "--force", "--quiet"}};
    for (const Words& words : lines) {
        const auto plain = plain_reader(words);
        ASSERT_TRUE(plain) << joined(words);
        EXPECT_EQ(fields(*plain), fields(complete_reader(words))) << joined(words);
    }
}

TEST(PlainOptions, LeaveAllOthersOfAWriterToTheCompleteOnes) {
    const std::vector<Words> lines{{"--help"},
                                   {"-h"},
                                   {"-qh"},
                                   {"--version"},
                                   {"--nme", "x", "a"},
                                   {"a", "--name"},
                                   {"--timeout", "x"},
                                   {"--text", "hello"},
                                   {"-x", "a"},
                                   {"--frames", "a.bmp"},
                                   {"--json", "a"},
                                   {"--name", "x", "--buffer", "y"}};
    for (const Words& words : lines)
        EXPECT_FALSE(plain_writer(words)) << joined(words);
}

TEST(PlainOptions, LeaveAllOthersOfAReaderToTheCompleteOnes) {
    const std::vector<Words> lines{{"--help"},
                                   {"-fh"},
                                   {"ls"},
                                   {"--null", "ls"},
                                   {"a.bin"},
                                   {"-o"},
                                   {"--text"},
                                   {"--null", "--x"},
                                   {"--timeout", "soon"},
                                   {"--json", "-f"},
                                   {"view", "-f"},
                                   {"--name", "a", "info"},
                                   {"-o", "a", "--durable"}};
    for (const Words& words : lines)
        EXPECT_FALSE(plain_reader(words)) << joined(words);
}

}  // namespace
}  // namespace mapferry::cli
