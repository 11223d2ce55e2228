// SPDX-License-Identifier: Apache-2.0
// Options as text, and the remedies in the words of the C interface.
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "capi/c_options.h"
#include "capi/c_remedy.h"

namespace mapferry::capi {
namespace {

// One option of each kind.
struct Words {
    std::string text = "untouched";
    std::uint32_t number = 1;
    Timeout time = kDefaultTimeout;
    bool is_on = false;
    std::optional<double> real = {};
    std::vector<std::uint64_t> numbers = {};
    int word = 0;

    OptionList list() {
        return {text_option("text", text),
                number_option("number", number),
                time_option("time_ms", time),
                yes_no_option("on", is_on),
                real_option("real", real),
                numbers_option("numbers", numbers),
                word_option<int>("word", word, {{"one", 1}, {"two", 2}})};
    }
    Result<void> read(const char* from) { return read_options(from, list()); }
};

TEST(COptions, NoTextSetsNothing) {
    for (const char* const text : {static_cast<const char*>(nullptr), "", " ", " \t\n "}) {
        Words words;
        EXPECT_TRUE(words.read(text));
        EXPECT_EQ(words.text, "untouched");
    }
}

TEST(COptions, EachKindIsRead) {
    Words words;
    const auto read = words.read(
        "text=a=b number=4294967295 time_ms=250\ton=yes real=-2.5e1 numbers=1,2,3 word=two");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(words.text, "a=b");
    EXPECT_EQ(words.number, 4294967295U);
    EXPECT_EQ(words.time, std::chrono::milliseconds(250));
    EXPECT_TRUE(words.is_on);
    EXPECT_EQ(words.real, -25.0);
    EXPECT_EQ(words.numbers, (std::vector<std::uint64_t>{1, 2, 3}));
    EXPECT_EQ(words.word, 2);
    ASSERT_TRUE(words.read("time_ms=-1"));
    EXPECT_EQ(words.time, kForever);
    ASSERT_TRUE(words.read("time_ms=0"));
    EXPECT_EQ(words.time, std::chrono::milliseconds(0));
}

TEST(COptions, QuotesHoldBlanksQuotesAndNothing) {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {R"(text="")", ""},
        {R"(text="a b")", "a b"},
        {R"(text="a\"b")", "a\"b"},
        {R"(text="a\\b")", R"(a\b)"},
        {R"(text="a\b")", R"(a\b)"},
        {R"(text="C:\dir" on=yes)", R"(C:\dir)"},
        {R"(text=C:\dir)", R"(C:\dir)"},
        {R"( text="x" )", "x"}};
    for (const auto& [text, expected] : cases) {
        Words words;
        ASSERT_TRUE(words.read(text)) << text;
        EXPECT_EQ(words.text, expected) << text;
    }
}

TEST(COptions, MalformedOnesAreRefused) {
    for (const char* const text : {"text",
                                   "=x",
                                   "text=",
                                   "text = x",
                                   R"(text="x)",
                                   R"(text="x"y)",
                                   R"(text=x")",
                                   R"(text="x\")",
                                   "unknown=1",
                                   "text=a text=b",
                                   "number=-1",
                                   "number=x",
                                   "number=1x",
                                   "number=4294967296",
                                   "number=+1",
                                   "number=0x10",
                                   "number=1.0",
                                   "time_ms=-2",
                                   "time_ms=2147483648",
                                   "on=true",
                                   "on=",
                                   "on=YES",
                                   "real=nan",
                                   "real=inf",
                                   "real=1,5",
                                   "numbers=",
                                   "numbers=1,",
                                   "numbers=,1",
                                   "numbers=1;2",
                                   "word=three",
                                   "Text=x",
                                   "text=x,number=1 number=2 number=3"}) {
        Words words;
        const auto read = words.read(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, Code::kUsage) << text;
        EXPECT_FALSE(read.error().message.empty()) << text;
        EXPECT_FALSE(read.error().hint.empty()) << text;
    }
}

TEST(COptions, UnknownKeyIsToldTheKnownOnes) {
    Words words;
    const auto read = words.read("number=3 txt=x");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message, "\"txt\" is no option of this call");
    EXPECT_EQ(read.error().hint, "its options are text, number, time_ms, on, real, numbers, word");
    EXPECT_EQ(read_options("a=b", {}).error().hint, "this call has no options");
}

TEST(COptions, MalformedValueIsToldItsKind) {
    Words words;
    EXPECT_EQ(words.read("word=three").error().hint, "it is one of one, two");
    EXPECT_EQ(words.read("time_ms=soon").error().message,
              "the option \"time_ms\" can't be \"soon\"");
    EXPECT_EQ(words.read("time_ms=soon").error().hint,
              "it is a whole number from -1 to 2147483647");
}

TEST(CRemedies, EachHasWordsOfItsOwn) {
    std::set<std::string_view> texts;
    for (std::size_t number = 1; number < kRemedyCount; ++number) {
        const auto text = remedy_text(Remedy{static_cast<std::uint8_t>(number)});
        EXPECT_FALSE(text.empty()) << number;
        EXPECT_TRUE(texts.insert(text).second) << text;
        // Options of a command line are no help here, and neither are the programs.
        EXPECT_EQ(text.find("--"), std::string_view::npos) << text;
        EXPECT_EQ(text.find("mapferry-"), std::string_view::npos) << text;
        EXPECT_EQ(text.find("mapferry "), text.find("mapferry writer made")) << text;
    }
    EXPECT_EQ(remedy_text(Remedy::kNone), "");
    EXPECT_EQ(remedy_text(Remedy{255}), "");
}

}  // namespace
}  // namespace mapferry::capi
