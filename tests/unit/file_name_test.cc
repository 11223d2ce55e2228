// SPDX-License-Identifier: Apache-2.0
#include "mapferry/file_name.h"
#include "mapferry/printable_text.h"
#include "mapferry/section_address.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry {
namespace {

using namespace std::string_view_literals;

constexpr std::array kBothRules = {FileNameRules::kLinux, FileNameRules::kWindows};

void expect_refused_by(FileNameRules rules, std::string_view name, std::string_view reason) {
    const Result<std::string> result = filter_file_name(name, rules);
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().code, Code::kCannotCreate);
    EXPECT_NE(result.error().message.find(reason), std::string::npos) << result.error().message;
    EXPECT_EQ(result.error().remedy, Remedy::kChooseFileName);
    for (const char c : result.error().message)
        EXPECT_GE(static_cast<unsigned char>(c), 0x20) << "the message must be fit for a terminal";
}

void expect_refused_name(std::string_view name, std::string_view reason) {
    for (const FileNameRules rules : kBothRules)
        expect_refused_by(rules, name, reason);
}

void expect_taken_by(FileNameRules rules, std::string_view name) {
    const Result<std::string> result = filter_file_name(name, rules);
    ASSERT_TRUE(result) << name << ": " << result.error().message;
    EXPECT_EQ(*result, name);
    EXPECT_EQ(harmless_file_name(name, rules), name);
}

void expect_taken(std::string_view name) {
    for (const FileNameRules rules : kBothRules)
        expect_taken_by(rules, name);
}

void expect_refused_by_windows_alone(std::string_view name, std::string_view reason) {
    expect_refused_by(FileNameRules::kWindows, name, reason);
    expect_taken_by(FileNameRules::kLinux, name);
}

TEST(FileNameFilter, TakesOrdinaryNames) {
    for (const auto name :
         {"a"sv, "photo.bmp"sv, "My holiday photo (1).jpeg"sv, "archive.tar.gz"sv, "no_extension"sv,
          "100%"sv, "a-b_c+d=e,f;g'h&i~j#k@l!m$n[o]{p}^q`"sv, "0"sv, "trailing-dash-"sv, "a..b"sv})
        expect_taken(name);
}

TEST(FileNameFilter, TakesNamesInAnyScript) {
    for (const auto name : {"Z\u00FCrich \u00E0 l'\u00E9t\u00E9.png"sv, "\u041F\u0440\u0438.txt"sv,
                            "\u5199\u771F.jpg"sv, "\U0001F41F fish.bmp"sv, "\u0645\u0644\u0641"sv})
        expect_taken(name);
}

TEST(FileNameFilter, RefusesEmptyName) {
    expect_refused_name("", "is empty");
}

TEST(FileNameFilter, RefusesFolders) {
    for (const auto name : {"../../.bashrc"sv, "/etc/passwd"sv, "a/b"sv, "a/"sv, "/"sv})
        expect_refused_name(name, "path separator");
    for (const auto name : {"."sv, ".."sv})
        expect_refused_name(name, "is a folder");
    for (const auto name :
         {"C:\\x"sv, "C:x"sv, "a:b.log"sv, "\\\\server\\share"sv, "..\\x"sv, "a\\"sv})
        expect_refused_by_windows_alone(name, "path separator");
}

TEST(FileNameFilter, RefusesHiddenFilesByTheRulesOfWindows) {
    for (const auto name : {"..."sv, ".bashrc"sv, ".git"sv})
        expect_refused_by_windows_alone(name, "begins with a dot");
}

TEST(FileNameFilter, RefusesLeadingDashAndSpacesByTheRulesOfWindows) {
    expect_refused_by_windows_alone("-rf", "begins with a dash");
    expect_refused_by_windows_alone("--help", "begins with a dash");
    expect_refused_by_windows_alone(" x", "begins with a space");
    expect_refused_by_windows_alone("x ", "ends with a space");
    expect_refused_by_windows_alone(" ", "begins with a space");
    expect_refused_by_windows_alone("x.", "ends with a dot");
}

TEST(FileNameFilter, RefusesControlCharacters) {
    for (int code = 0; code < 0x20; ++code)
        expect_refused_name(std::string("a") + static_cast<char>(code) + "b", "control character");
    expect_refused_name("a\x7F", "control character");
    expect_refused_name("a\u0080", "control character");
    expect_refused_name("a\u009B31m", "control character");  // the "escape [" of C1
    expect_refused_name("a\nb\x1B[2J", "control character");
    expect_refused_name("a\0b"sv, "control character");
    expect_refused_name("gpj.\u202Eexe", "mark of direction");
    expect_refused_name("a\u200Eb", "mark of direction");
    expect_refused_name("a\u2067b", "mark of direction");
    expect_refused_name("a\u2028b", "line separator");
    expect_refused_name("a\u2029b", "line separator");
    expect_refused_name("\0"sv, "control character");
}

TEST(FileNameFilter, RefusesWindowsWildcardsAndQuotes) {
    for (const char c : "<>\"|?*"sv)
        expect_refused_by_windows_alone(std::string("a") + c + "b", "one of <>\"|?*");
}

TEST(FileNameFilter, RefusesWindowsDevice) {
    for (const auto name :
         {"CON"sv, "con"sv, "Prn"sv, "AUX"sv, "nul"sv, "COM0"sv, "COM1"sv, "com9"sv, "LPT0"sv,
          "lpt5"sv, "CONIN$"sv, "conout$"sv, "COM\u00B9"sv, "com\u00B2"sv, "LPT\u00B3"sv})
        expect_refused_by_windows_alone(name, "device");
}

TEST(FileNameFilter, RefusesWindowsDeviceWithExtension) {
    for (const auto name : {"con.txt"sv, "NUL.tar.gz"sv, "com1.log"sv, "CON .txt"sv, "nul  .x"sv,
                            "COM\u00B9.txt"sv, "conin$.dat"sv, "aux..c"sv})
        expect_refused_by_windows_alone(name, "device");
}

TEST(FileNameFilter, TakesNamesThatOnlyResembleDevices) {
    for (const auto name : {"CONTENT.txt"sv, "icon"sv, "com"sv, "com10"sv, "COMX"sv, "lpt"sv,
                            "null"sv, "a.con"sv, "COM\u2074"sv, "conin"sv, "LPT1st"sv, "COM!"sv})
        expect_taken(name);
}

TEST(FileNameFilter, TakesUpTo255Bytes) {
    expect_taken(std::string(255, 'x'));
    expect_refused_name(std::string(256, 'x'), "256 bytes");
    std::string fish;  // 63 * 4 + 3 = 255
    for (int i = 0; i < 63; ++i)
        fish += "\U0001F41F";
    expect_taken(fish + "abc");
    expect_refused_name(fish + "abcd", "256 bytes");
    expect_refused_name(std::string(100'000, '\n'), "100000 bytes");
}

TEST(FileNameFilter, RefusesBadUtf8) {
    for (const auto name : {
             "\x80"sv,
             "a\xBF"sv,
             "\xC3"sv,
             "\xC3("sv,  // stray and missing bytes
             "\xE2\x82"sv,
             "\xF0\x9F\x90"sv,
             "\xE2\x28\xA1"sv,  // cut short
             "\xC0\xAF"sv,
             "\xC1\xBF"sv,
             "\xE0\x80\xAF"sv,  // overlong '/'
             "\xE0\x9F\xBF"sv,
             "\xF0\x80\x80\xAF"sv,
             "\xF0\x8F\xBF\xBF"sv,
             "\xED\xA0\x80"sv,
             "\xED\xBF\xBF"sv,  // surrogates
             "\xF4\x90\x80\x80"sv,
             "\xF5\x80\x80\x80"sv,  // past U+10FFFF
             "\xF8\x88\x80\x80\x80"sv,
             "\xFE"sv,
             "\xFF"sv,
         })
        expect_refused_name(name, "UTF-8");
}

TEST(FileNameFilter, TakesTheEdgesOfUtf8) {
    for (const auto name :
         {"\xC2\xA0x"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv, "\xEE\x80\x80"sv,
          "\xEF\xBF\xBD"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv})
        expect_taken(name);
}

TEST(FileNameFilter, ShowsTheNameEscaped) {
    const Result<std::string> result = filter_file_name("x\x1B[2J");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message,
              "the sender's file name \"x\\x1b[2J\" contains a control character");
}

// Every accepted name is harmless by a very plain check, whatever the input.
TEST(FileNameFilter, OfEveryPairOfBytesLetsNothingHarmfulPass) {
    for (int first = 0; first < 256; ++first)
        for (int second = 0; second < 256; ++second) {
            const std::string name = {static_cast<char>(first), static_cast<char>(second)};
            for (const FileNameRules rules : kBothRules)
                EXPECT_TRUE(filter_file_name(harmless_file_name(name, rules), rules));
            if (!filter_file_name(name, FileNameRules::kWindows)) continue;
            EXPECT_EQ(name.find_first_of(std::string("/\\:<>\"|?*\n\r\t\x1B\x7F\0", 15)),
                      std::string::npos);
            EXPECT_TRUE(name[0] != '.' && name[0] != '-' && name[0] != ' ');
            EXPECT_TRUE(name[1] != '.' && name[1] != ' ');
        }
}

TEST(HarmlessFileName, IsAsNearToTheSendersAsMayBe) {
    constexpr FileNameRules kWindows = FileNameRules::kWindows;
    EXPECT_EQ(harmless_file_name("two\nlines", FileNameRules::kLinux), "two_lines");
    EXPECT_EQ(harmless_file_name("../x", FileNameRules::kLinux), ".._x");
    EXPECT_EQ(harmless_file_name("..", FileNameRules::kLinux), "_..");
    EXPECT_EQ(harmless_file_name("", FileNameRules::kLinux), "_");
    EXPECT_EQ(harmless_file_name("\xFF.bmp", FileNameRules::kLinux), "_.bmp");
    EXPECT_EQ(harmless_file_name("a:b?.log", kWindows), "a_b_.log");
    EXPECT_EQ(harmless_file_name("aux.c", kWindows), "_aux.c");
    EXPECT_EQ(harmless_file_name(".bashrc", kWindows), "_.bashrc");
    EXPECT_EQ(harmless_file_name("x. ", kWindows), "x._");
    EXPECT_EQ(harmless_file_name(std::string(300, 'x') + ".jpeg", kWindows),
              std::string(250, 'x') + ".jpeg");
}

TEST(NumberedFileName, HasTheNumberBeforeItsExtensionAndFits) {
    EXPECT_EQ(numbered_file_name("photo.bmp", 2), "photo-2.bmp");
    EXPECT_EQ(numbered_file_name("a.tar.gz", 10), "a.tar-10.gz");
    EXPECT_EQ(numbered_file_name("README", 3), "README-3");
    EXPECT_EQ(numbered_file_name(".bashrc", 2), ".bashrc-2");
    EXPECT_EQ(numbered_file_name(std::string(255, 'x'), 12), std::string(252, 'x') + "-12");
    // No character is split.
    std::string fish;
    for (int i = 0; i < 63; ++i)
        fish += "\U0001F41F";
    EXPECT_EQ(numbered_file_name(fish + "a.b", 2), fish.substr(0, 248) + "-2.b");
}

TEST(EscapeForTerminal, LeavesReadableTextAlone) {
    for (const auto text : {""sv, "plain \"text\" 'x' <>|?*:/"sv, "\u00FC\u5199\U0001F41F"sv})
        EXPECT_EQ(escape_for_terminal(text), text);
}

TEST(EscapeForTerminal, EscapesWhatATerminalWouldObey) {
    EXPECT_EQ(escape_for_terminal("a\nb\rc\td"), "a\\nb\\rc\\td");
    EXPECT_EQ(escape_for_terminal("\x1B[31mred"), "\\x1b[31mred");
    EXPECT_EQ(escape_for_terminal("\0\x07\x7F"sv), "\\x00\\x07\\x7f");
    EXPECT_EQ(escape_for_terminal("\u009B31m"), "\\u009b31m");
    EXPECT_EQ(escape_for_terminal("\u0085"), "\\u0085");
}

TEST(EscapeForTerminal, EscapesDirectionOverrides) {
    EXPECT_EQ(escape_for_terminal("photo\u202Egpj.exe"), "photo\\u202egpj.exe");
    for (const char* text : {"\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D",
                             "\u2066", "\u2067", "\u2068", "\u2069", "\u2028", "\u2029"})
        EXPECT_TRUE(escape_for_terminal(text).starts_with("\\u")) << text;
}

TEST(EscapeForTerminal, EscapesBackslashSoThatNothingIsAmbiguous) {
    EXPECT_EQ(escape_for_terminal("\\n"), "\\\\n");
    EXPECT_NE(escape_for_terminal("\\x1b"), escape_for_terminal("\x1B"));
}

TEST(EscapeForTerminal, EscapesEachInvalidByte) {
    EXPECT_EQ(escape_for_terminal("a\xFF\xC3("), "a\\xff\\xc3(");
    EXPECT_EQ(escape_for_terminal("\xE2\x82"), "\\xe2\\x82");
    EXPECT_EQ(escape_for_terminal("\xC0\xAF"), "\\xc0\\xaf");
    EXPECT_EQ(escape_for_terminal("\xF0\x9F\x90\n"), "\\xf0\\x9f\\x90\\n");
}

TEST(EscapeForTerminal, ShowsWhatNobodyWouldSee) {
    for (const char* text :
         {"\u00AD", "\u200B", "\u200C", "\u200D", "\u2060", "\u2064", "\u206A", "\uFEFF", "\u3164"})
        EXPECT_TRUE(escape_for_terminal(text).starts_with("\\u")) << text;
    EXPECT_EQ(escape_for_terminal("a\U000E0041"), "a\\U000e0041");
}

TEST(Quoted, IsEscapedBetweenQuotationMarks) {
    EXPECT_EQ(in_quotes("a b"), "\"a b\"");
    EXPECT_EQ(in_quotes("\x1B]0;x\a"), "\"\\x1b]0;x\\x07\"");
}

TEST(HarmlessLines, KeepLineEndsAndWhatIsEscapedAlready) {
    EXPECT_EQ(harmless_lines("a: error\nhint: \\n \\x1b\n"), "a: error\nhint: \\n \\x1b\n");
    EXPECT_EQ(harmless_lines("a\x1B[2J\rb\tc\u009B\x9B\u202E\n"),
              "a\\x1b[2J\\rb\\tc\\u009b\\x9b\\u202e\n");
}

TEST(HarmlessLines, OfEveryByteTheSecondTimeChangesNothing) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string once = harmless_lines(std::string(1, static_cast<char>(byte)));
        EXPECT_EQ(harmless_lines(once), once) << byte;
        EXPECT_EQ(once.find_first_of("\x1B\x7F\x9B\r\a"), std::string::npos) << byte;
    }
}

TEST(HarmlessJson, IsTheSameJson) {
    EXPECT_EQ(harmless_json("{\"a\":\"\u00FC\\n\u5199\"}\n"), "{\"a\":\"\u00FC\\n\u5199\"}\n");
    EXPECT_EQ(harmless_json("\"\u009B\u202E\u2028\x7F\""), "\"\\u009b\\u202e\\u2028\\u007f\"");
    EXPECT_EQ(harmless_json("\"\U000E0041\""), "\"\\udb40\\udc41\"") << "two units of UTF-16";
}

TEST(SectionName, TakesWhatTheRuleAllows) {
    for (const auto name :
         {"a"sv, "mapferry"sv, "_x"sv, "7"sv, "Photos.2024-06_raw"sv, "a.."sv, "a-"sv})
        EXPECT_TRUE(check_section_name(name)) << name;
    EXPECT_TRUE(check_section_name(std::string(64, 'z')));
}

TEST(SectionName, RefusesTheRestAndSaysTheRule) {
    for (const auto name : {""sv, ".a"sv, "-a"sv, "a b"sv, "a/b"sv, "/a"sv, "a\\b"sv, "\u00FC"sv,
                            "a\0"sv, "a\n"sv, "Global\\x"sv, "a*"sv, "a~"sv}) {
        const Result<void> result = check_section_name(name);
        ASSERT_FALSE(result) << name;
        EXPECT_EQ(result.error().code, Code::kUsage);
        EXPECT_NE(result.error().hint.find("1 to 64"), std::string::npos);
    }
    EXPECT_FALSE(check_section_name(std::string(65, 'z')));
}

}  // namespace
}  // namespace mapferry
