// SPDX-License-Identifier: Apache-2.0
#include "writer/picture_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "cli/short_names.h"
#include "mapferry/image_probe.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kStepBytes = std::size_t{1} << 20;
constexpr const char* kVideoHint = "raw video needs --image WxH:FORMAT";

// The description of a frame that holds an undecoded file. It has no row stride, because a bitmap's
// pixels lie somewhere inside the file.
ImageDescription describe_file(std::span<const std::byte> file) {
    ImageDescription image = probe_image(file, file.size()).value_or(ImageDescription{});
    if (file[0] == std::byte{'B'}) image.fourcc = kFourccBmp;
    image.row_stride_bytes = 0;
    return image;
}

Status no_picture(const std::string& shown) {
    return {Code::kCorrupt, shown + " is no picture of a known kind", kVideoHint, 0};
}

// The size of the first read of a file. It takes an ordinary picture in one piece, but not all of a
// file that holds many pictures.
std::size_t first_step(const Source& source) {
    constexpr std::uint64_t kBytesMax = std::uint64_t{32} << 20;
    return static_cast<std::size_t>(
        std::min(source.info().payload_bytes.value_or(kStepBytes), kBytesMax) + 1);
}

}  // namespace

Result<void> look_at_picture(const std::string& path, Source& source, const ImageLimits& limits) {
    const std::string shown = shown_source(path);
    const auto image = probe_image(source);
    if (!image) return std::unexpected(image.error());
    if (*image) return {};
    PictureSplitter splitter(limits.file_bytes_max);
    auto room = splitter.room(kImageProbeBytes);
    if (!room) return std::unexpected(room.error());
    auto got = source.read(*room);
    if (!got) return std::unexpected(got.error());
    splitter.add(*got);
    if (*got == 0) return fail(Code::kCorrupt, shown + " is empty");
    const bool is_all = *got < room->size();
    if (is_all) splitter.end();
    auto piece = splitter.next();
    if (piece && *piece && (*piece)->picture.empty()) {
        piece = splitter.next();  // the picture behind other bytes
        if (is_all && piece && !*piece) return std::unexpected(no_picture(shown));
    }
    // Not an error yet: the sides of a JPEG may stand behind more metadata than these bytes.
    if (!piece || !*piece) return {};
    auto decoded = decode_image((*piece)->picture, limits);
    if (decoded || decoded.error().code == Code::kUsage) return {};
    Status status = decoded.error();
    status.message = fmt::format("{}: {}", shown, status.message);
    return std::unexpected(std::move(status));
}

// ---- bytes -------------------------------------------------------------------------------------

// False: the source has ended.
Result<bool> PictureFrames::read_more(FrameWriter& writer) {
    const bool first = source_->pieces() == 0;
    auto room = splitter_.room(first ? first_step(source_->bytes().source()) : kStepBytes);
    if (!room) return std::unexpected(room.error());
    auto got = source_->bytes().read(writer, *room);
    if (!got) return std::unexpected(got.error());
    splitter_.add(*got);
    return *got != 0;
}

Result<std::optional<PicturePiece>> PictureFrames::next_piece(FrameWriter& writer) {
    while (true) {
        auto piece = splitter_.next();
        if (!piece || *piece) return piece;
        auto more = read_more(writer);
        if (!more) return std::unexpected(more.error());
        if (*more) continue;
        splitter_.end();
        return splitter_.next();
    }
}

// Reports each run of bytes that are no picture once: before, between or behind the pictures.
void PictureFrames::report_other_bytes() {
    const std::uint64_t bytes = std::exchange(other_bytes_, 0);
    if (bytes == 0) return;
    const std::string place = source_->pieces() == 0
                                  ? "before its first picture"
                                  : fmt::format("behind picture {}", source_->pieces());
    source_->report(Status{Code::kCorrupt, fmt::format("{}: {} bytes {} are no picture",
                                                       source_->shown(), bytes, place)});
}

// ---- frames ------------------------------------------------------------------------------------

Result<std::optional<FrameLoan>> PictureFrames::lend(FrameWriter& writer,
                                                     std::span<const std::byte> bytes,
                                                     const ImageDescription& image) {
    auto loan = writer.loan(bytes.size(), kForever);
    if (!loan) return std::unexpected(loan.error());
    std::memcpy(loan->bytes().data(), bytes.data(), bytes.size());
    loan->set_image(image);
    return std::optional<FrameLoan>(std::move(*loan));
}

// Empty when the piece is left out.
Result<std::optional<FrameLoan>> PictureFrames::make_frame(FrameWriter& writer,
                                                           const PicturePiece& piece) {
    const InputState& state = source_->state();
    const Turning turning = state.command->no_rotate ? Turning::kNone : Turning::kByExif;
    const auto decoded =
        decode_picture(piece.picture, {.limits = state.limits, .turning = turning});
    if (decoded) {
        for (const std::string& warning : decoded->warnings)
            source_->warn(fmt::format("{}: {}", name(), warning));
        return lend(writer, decoded->image.bytes(), decoded->image.description());
    }
    if (decoded.error().code != Code::kUsage) {
        Status status = decoded.error();
        status.message = fmt::format("{}: {}", name(), status.message);
        if (status.code == Code::kIo)
            status.hint = "--slot-size SIZE allows larger pictures, up to 32768 pixels a side";
        source_->leave_out(std::move(status));
        return std::nullopt;
    }
    if (piece.picture.size() > state.limits.pixel_bytes_max) {
        source_->leave_out({Code::kIo,
                            fmt::format("{}: a frame of its {} bytes is over the limit", name(),
                                        piece.picture.size()),
                            "--slot-size SIZE allows larger ones"});
        return std::nullopt;
    }
    source_->warn(fmt::format("{} travels as bytes: {}", name(), decoded.error().message));
    return lend(writer, piece.picture, describe_file(piece.picture));
}

// A source without any picture is left out.
void PictureFrames::report_end() {
    if (source_->pieces() > 0)
        report_other_bytes();
    else if (other_bytes_ > 0)
        source_->leave_out(no_picture(source_->shown()));
    else
        source_->leave_out(Status{Code::kCorrupt, source_->shown() + " is empty"});
}

Result<std::optional<FrameLoan>> PictureFrames::next(FrameWriter& writer) {
    while (true) {
        auto piece = next_piece(writer);
        if (!piece) return source_->give_up(writer, piece.error());
        if (*piece && !(*piece)->picture.empty()) {
            report_other_bytes();
            source_->begin_piece();
            auto ready = make_frame(writer, **piece);
            if (!ready || *ready) return ready;
            continue;
        }
        if (*piece) other_bytes_ += (*piece)->other_bytes;
        const bool may_come = source_->pieces() > 0 || other_bytes_ < kOtherBytesMax;
        if (*piece && may_come) continue;
        report_end();
        return std::nullopt;
    }
}

}  // namespace mapferry::cli
