// SPDX-License-Identifier: Apache-2.0
#include "console/look/picture_decoder.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "cli/short_names.h"
#include "console/look/limited_process.h"
#include "mapferry/image_file.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kPixelBytesMax = std::uint64_t{512} << 20;
constexpr std::size_t kMessageBytesMax = 1000;

// The answer begins with this header. Either a message or pixels follow.
struct AnswerHeader {
    std::uint32_t magic = 0;
    std::uint32_t code = 0;  // 0, or a Code
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t fourcc = 0;
};
constexpr std::uint32_t kAnswerMagic = fourcc('M', 'F', 'P', '1');
// There is no sandbox, and the process has not read any byte of the file. A message follows.
constexpr std::uint32_t kRefusalMagic = fourcc('M', 'F', 'P', '0');

// The memory holds the file, its unpacked bytes while they grow, and the pixels.
constexpr ProcessLimits kLimits{
    .memory_bytes = kPictureFileBytesMax * 2 + kPixelBytesMax * 4,
    .time_ms = 30'000,
    .answer_bytes = sizeof(AnswerHeader) + kPixelBytesMax,
};

Result<Image> image_of(const AnswerHeader& header, std::span<const std::byte> pixels) {
    auto description =
        describe_raw_image(header.width, header.height, pixel_format_name(header.fourcc));
    if (!description) return fail(Code::kCorrupt, "the decoding process made no picture");
    auto checked = ImageView::make(*description, pixels);
    auto image = checked ? Image::allocate(*description) : std::unexpected(checked.error());
    if (!image || image->bytes().size() != pixels.size())
        return fail(Code::kCorrupt, "the decoding process made no whole picture");
    std::ranges::copy(pixels, image->bytes().begin());
    return image;
}

// The file may have taken over the decoding process, so the answer is as untrusted as the file.
Result<Image> read_answer(std::span<const std::byte> answer) {
    AnswerHeader header;
    if (answer.size() < sizeof header)
        return fail(Code::kCorrupt, "the decoding process gave no answer");
    std::memcpy(&header, answer.data(), sizeof header);
    const auto rest = answer.subspan(sizeof header);
    const std::string text = escape_for_terminal(
        {reinterpret_cast<const char*>(rest.data()), std::min(rest.size(), kMessageBytesMax)});
    if (header.magic == kRefusalMagic)
        return fail(Code::kSystem, "there is no sandbox here for the decoder: " + text,
                    "decode without one: --no-sandbox");
    if (header.magic != kAnswerMagic)
        return fail(Code::kCorrupt, "the decoding process gave a wrong answer");
    if (header.code == 0) return image_of(header, rest);
    return fail(Code::kCorrupt, "the picture can't be decoded: " + text);
}

std::vector<std::byte> read_standard_input() {
    std::vector<std::byte> bytes;
    while (bytes.size() <= kPictureFileBytesMax) {
        constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
        const std::size_t before = bytes.size();
        bytes.resize(before + kPieceBytes);
        const std::size_t count = std::fread(bytes.data() + before, 1, kPieceBytes, stdin);
        bytes.resize(before + count);
        if (count == 0) break;
    }
    return bytes;
}

bool write_answer(const AnswerHeader& header, std::span<const std::byte> rest) {
    return std::fwrite(&header, sizeof header, 1, stdout) == 1 &&
           std::fwrite(rest.data(), 1, rest.size(), stdout) == rest.size() &&
           std::fflush(stdout) == 0;
}

bool answer_with(const Status& status) {
    return write_answer({.magic = kAnswerMagic, .code = static_cast<std::uint32_t>(status.code)},
                        std::as_bytes(std::span(status.message)));
}

bool refuse_because(const Status& status) {
    const std::string text = describe(status);
    return write_answer({.magic = kRefusalMagic}, std::as_bytes(std::span(text)));
}

bool answer_to(std::span<const std::byte> file) {
    auto image = decode_image(
        file, {.file_bytes_max = kPictureFileBytesMax, .pixel_bytes_max = kPixelBytesMax});
    if (!image) return answer_with(image.error());
    const ImageDescription& shape = image->description();
    return write_answer({.magic = kAnswerMagic,
                         .width = shape.width,
                         .height = shape.height,
                         .fourcc = shape.fourcc},
                        std::as_const(*image).bytes());
}

}  // namespace

Result<Image> decode_apart(std::span<const std::byte> file, Sandbox sandbox,
                           const std::atomic<int>& stop) {
    if (file.size() > kPictureFileBytesMax)
        return fail(Code::kCorrupt, "the picture file is too large to be looked at");
    const auto answer =
        ask_limited_process(sandbox == Sandbox::kRequired ? kDecodeArgument : kDecodeAnywayArgument,
                            file, kLimits, stop);
    if (!answer) return std::unexpected(answer.error());
    return read_answer(*answer);
}

void decode_for_parent(Sandbox sandbox) {
    const auto limited = give_up_rights(kLimits);
    // No destructor runs: its data may come from a file that has taken over this process.
    if (!limited && sandbox == Sandbox::kRequired)
        end_at_once(refuse_because(limited.error()) ? 0 : 1);
    end_at_once(answer_to(read_standard_input()) ? 0 : 1);
}

}  // namespace mapferry::cli
