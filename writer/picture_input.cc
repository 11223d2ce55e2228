#include "writer/picture_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "mapferry/file_name.h"
#include "mapferry/source.h"
#include "mapferry/units.h"
#include "writer/source_check.h"

namespace mapferry::cli {

namespace {

constexpr std::int64_t kLookMs = 100;

std::string shown(const std::string& path) {
    return path == "-" ? "standard input" : escape_for_terminal(path);
}

// What the frame of an undecoded file says of itself: a bitmap's pixels lie somewhere in it.
ImageDescription describe_file(std::span<const std::byte> file) {
    ImageDescription image = probe_image(file, file.size()).value_or(ImageDescription{});
    if (file[0] == std::byte{'B'}) image.fourcc = kFourccBmp;
    image.row_stride_bytes = 0;
    return image;
}

// Its sides may stand behind more metadata than the source looked at; it is judged in its turn.
bool begins_like_jpeg(Source& source) {
    std::array<std::byte, 2> mark{};
    const auto got = source.read(mark);
    return got && *got == mark.size() && mark[0] == std::byte{0xFF} && mark[1] == std::byte{0xD8};
}

constexpr const char* kVideoHint = "raw video needs --image WxH:FORMAT";

}  // namespace

Result<void> PictureInput::check() const {
    for (const std::string& path : command_->files) {
        if (!is_looked_into(path)) continue;
        auto source = Source::open_file(path);
        if (!source) return pass(source.error());
        if (!source->info().image && !begins_like_jpeg(*source))
            return fail(Code::kCorrupt, shown(path) + " is no picture of a known kind", kVideoHint);
    }
    return {};
}

// All bytes of a picture file, from a pipe as they come.
Result<std::vector<std::byte>> PictureInput::read(const FrameWriter& writer,
                                                  const std::string& path) {
    constexpr std::size_t kStepBytes = std::size_t{1} << 20;
    if (path == "-" && !first_round_) return kept_;
    auto source = open_source(*command_, path);
    if (!source) return pass(source.error());
    std::vector<std::byte> file;
    std::size_t filled = 0;
    while (filled <= limits_.file_bytes_max) {
        auto ready = source->wait_ready(kLookMs);
        if (!ready) return pass(ready.error());
        if (auto wanted = writer.check(); !wanted) return pass(wanted.error());
        if (!*ready) continue;
        if (filled == file.size()) file.resize(std::max(2 * filled, kStepBytes));
        auto got = source->read(std::span(file).subspan(filled));
        if (!got && got.error().code == Code::kInterrupted) continue;
        if (!got) return pass(got.error());
        if (*got == 0) break;
        filled += *got;
    }
    auto changed = check_unchanged(*command_, *messages_, *source, shown(path));
    if (!changed) return pass(changed.error());
    source_changed_ |= *changed;
    file.resize(filled);
    if (path == "-" && command_->loop) kept_ = file;
    return file;
}

// A picture that is decoded, or a file's bytes, in a slot.
Result<ReadyFrame> PictureInput::lend(FrameWriter& writer, const std::string& path,
                                      std::span<const std::byte> file) {
    const auto decoded = decode_image(file, limits_);
    if (!decoded && decoded.error().code != Code::kUsage) {
        Status status = decoded.error();
        status.message = fmt::format("{}: {}", shown(path), status.message);
        status.hint = {};
        if (!probe_image(file, file.size())) status.hint = kVideoHint;
        if (status.code == Code::kIo)
            status.hint = "--slot-size SIZE allows larger pictures, up to 32768 pixels a side";
        return pass(std::move(status));
    }
    if (!decoded && first_round_)
        messages_->warning(
            fmt::format("{} travels as bytes: {}", shown(path), decoded.error().message));
    const auto bytes = decoded ? decoded->bytes() : file;
    const ImageDescription image = decoded ? decoded->description() : describe_file(file);
    auto loan = writer.loan(bytes.size(), kPatientMs);
    if (!loan) return pass(loan.error());
    std::memcpy(loan->bytes().data(), bytes.data(), bytes.size());
    return ReadyFrame{.loan = std::move(*loan), .image = image};
}

Result<std::optional<ReadyFrame>> PictureInput::next(FrameWriter& writer) {
    if (next_file_ == command_->files.size()) {
        if (!command_->loop) return std::nullopt;
        next_file_ = 0;
        first_round_ = false;
    }
    const std::string& path = command_->files[next_file_++];
    auto file = read(writer, path);
    if (!file) return pass(file.error());
    auto ready = lend(writer, path, *file);
    if (!ready) return pass(ready.error());
    return std::optional<ReadyFrame>(std::move(*ready));
}

}  // namespace mapferry::cli
