// SPDX-License-Identifier: Apache-2.0
// Texts that a caller of the C interface gives: any bytes are understood or refused.
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capi/c_description.h"
#include "capi/c_options.h"
#include "capi/c_payload_words.h"
#include "capi/c_section_text.h"
#include "fuzz/fuzz_input.h"

namespace mapferry::testing {
namespace {

using namespace mapferry::capi;

std::string in_double_quotes(const std::string& text) {
    std::string quoted = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') quoted += '\\';
        quoted += character;
    }
    return quoted + "\"";
}

// One option of each kind.
void run_kinds(const char* text) {
    std::string word;
    std::uint8_t number = 0;
    Timeout time = kForever;
    bool is_on = false;
    std::optional<double> real;
    std::vector<std::uint64_t> numbers;
    const OptionList list = {text_option("text", word), number_option("n", number),
                             time_option("t", time),    yes_no_option("on", is_on),
                             real_option("real", real), numbers_option("list", numbers)};
    const auto read = read_options(text, list);
    if (!read) {
        require(read.error().code == Code::kUsage, "a fault of the caller");
        require(!read.error().message.empty() && !read.error().hint.empty(), "it is explained");
        return;
    }
    require(!time || time->count() >= 0, "a time is not negative");
    require(!real || std::isfinite(*real), "a number is finite");
    std::string again;
    const OptionList one = {text_option("text", again)};
    require(
        read_options(("text=" + in_double_quotes(word)).c_str(), one).has_value() && again == word,
        "what was read can be written");
}

void run_sections(const char* text) {
    const auto address = parse_section(text);
    if (!address) return;
    if (address->backing_path.empty())
        require(check_section_name(address->name).has_value(), "a name is one");
    else
        require(address->name.empty(), "a file has no label of its own");
}

void run_images(const char* text, std::uint32_t width, std::uint32_t height) {
    for (const char* const format : {"BGR24", "NV12", "PNG"})
        if (const auto image = describe_image({width, height, format, text}))
            require(check_image(*image).has_value(), "an image makes sense");
    if (const auto fourcc = format_of(text)) {
        const auto image = describe_image({width, height, text, nullptr});
        require(!image || image->fourcc == *fourcc, "a format is itself");
    }
}

void run(FuzzInput input) {
    const auto width = input.take<std::uint16_t>();
    const auto height = input.take<std::uint16_t>();
    const std::string text(input.text());
    run_kinds(text.c_str());
    run_sections(text.c_str());
    run_images(text.c_str(), width, height);
    WriterWords writer;
    PayloadWords payload;
    if (read_options(text.c_str(), joined(writer.list(), payload.list()))) {
        const WriterOptions& options = writer.finish();
        require(options.workload.known_bytes.size() == writer.known_bytes.size(), "sizes are kept");
        require(payload.info.permission_bits.value_or(0) <= 0777, "permission bits are nine");
    }
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
