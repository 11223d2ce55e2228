// SPDX-License-Identifier: Apache-2.0
// Names of any bytes: a name that passes the filter is one harmless component of a path, and text
// for a terminal has no control sequence.
#include <algorithm>
#include <string>

#include "fuzz/fuzz_input.h"
#include "mapferry/file_name.h"
#include "mapferry/printable_text.h"
#include "mapferry/section_address.h"

namespace mapferry::testing {
namespace {

bool is_plain(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte >= 0x20 && byte != 0x7F;
}

void check_accepted(const std::string& name, std::string_view sender_name) {
    require(name == sender_name, "a name is refused, never repaired");
    require(!name.empty() && name.size() <= 255, "it has 1 to 255 bytes");
    require(name.find_first_of("/\\:<>\"|?*") == std::string::npos, "no separators, no wildcards");
    require(std::ranges::all_of(name, is_plain), "no control characters");
    require(name.front() != '.' && name.front() != '-' && name.front() != ' ', "its beginning");
    require(name.back() != '.' && name.back() != ' ', "its end");
    require(harmless_lines(name) == escape_for_terminal(name), "it has no line end, no backslash");
}

void run(const FuzzInput& input) {
    const std::string_view text = input.text();
    const std::string visible = escape_for_terminal(text);
    require(std::ranges::all_of(visible, is_plain), "nothing that a terminal obeys");
    require(!visible.contains("\xC2\x9B") && !visible.contains("\xE2\x80\xAE"),
            "neither control sequences of eight bits nor turned text");
    require(visible.size() <= text.size() * 6, "an escape has its length");
    const std::string lines = harmless_lines(text);
    require(std::ranges::all_of(lines, [](char c) { return c == '\n' || is_plain(c); }),
            "lines, and nothing else that a terminal obeys");
    require(harmless_lines(lines) == lines, "harmless lines stay as they are");
    if (const auto name = filter_file_name(text, FileNameRules::kWindows)) {
        check_accepted(*name, text);
    } else {
        const std::string message = describe(name.error());
        require(std::ranges::all_of(message, is_plain), "a refusal is harmless itself");
    }
    for (const FileNameRules rules : {FileNameRules::kLinux, FileNameRules::kWindows}) {
        const std::string harmless = harmless_file_name(text, rules);
        require(filter_file_name(harmless, rules).has_value(), "a harmless name is taken");
        require(!filter_file_name(text, rules) || harmless == text, "what is taken stays");
        require(filter_file_name(numbered_file_name(harmless, 123), rules).has_value(),
                "a number leaves it harmless");
    }
    if (check_section_name(text))
        require(text.size() <= 64 && text.find_first_of("/\\: %") == std::string_view::npos,
                "a section's name has no separators");
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
