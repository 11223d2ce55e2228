// SPDX-License-Identifier: Apache-2.0
#include "writer/picture_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "cli/short_names.h"
#include "mapferry/detail/units.h"
#include "mapferry/image_probe.h"
#include "mapferry/printable_text.h"
#include "writer/source_check.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kLook{100};
constexpr std::size_t kStepBytes = std::size_t{1} << 20;
constexpr const char* kVideoHint = "raw video needs --image WxH:FORMAT";

std::string shown(const std::string& path) {
    return path == "-" ? "standard input" : escape_for_terminal(path);
}

// The description of a frame that holds an undecoded file. It has no row stride, because a bitmap's
// pixels lie somewhere inside the file.
ImageDescription describe_file(std::span<const std::byte> file) {
    ImageDescription image = probe_image(file, file.size()).value_or(ImageDescription{});
    if (file[0] == std::byte{'B'}) image.fourcc = kFourccBmp;
    image.row_stride_bytes = 0;
    return image;
}

Status no_picture(const std::string& path) {
    return {Code::kCorrupt, shown(path) + " is no picture of a known kind", kVideoHint, 0};
}

// The size of the first read of a file. It takes an ordinary picture in one piece, but not all of a
// file that holds many pictures.
std::size_t first_step(const Source& source) {
    constexpr std::uint64_t kBytesMax = std::uint64_t{32} << 20;
    return static_cast<std::size_t>(
        std::min(source.info().payload_bytes.value_or(kStepBytes), kBytesMax) + 1);
}

}  // namespace

// ---- checks before anybody waits ---------------------------------------------------------------

Result<void> PictureInput::check() const {
    Result<void> first;
    for (const std::string& path : command_->files) {
        if (!is_looked_into(path)) return {};
        auto looked = look_at(path);
        if (looked) return {};
        if (first) first = std::move(looked);
    }
    return first;
}

// Fails when the file's first bytes show no picture, or a damaged one.
Result<void> PictureInput::look_at(const std::string& path) const {
    auto source = Source::open_file(path);
    if (!source) return std::unexpected(source.error());
    const auto image = probe_image(*source);
    if (!image) return std::unexpected(image.error());
    if (*image) return {};
    PictureSplitter splitter(limits_.file_bytes_max);
    auto room = splitter.room(kImageProbeBytes);
    if (!room) return std::unexpected(room.error());
    auto got = source->read(*room);
    if (!got) return std::unexpected(got.error());
    splitter.add(*got);
    if (*got == 0) return fail(Code::kCorrupt, shown(path) + " is empty");
    const bool is_all = *got < room->size();
    if (is_all) splitter.end();
    auto piece = splitter.next();
    if (piece && *piece && (*piece)->picture.empty()) {
        piece = splitter.next();  // the picture behind other bytes
        if (is_all && piece && !*piece) return std::unexpected(no_picture(path));
    }
    // Not an error yet: the sides of a JPEG may stand behind more metadata than these bytes.
    if (!piece || !*piece) return {};
    auto decoded = decode_image((*piece)->picture, limits_);
    if (decoded || decoded.error().code == Code::kUsage) return {};
    Status status = decoded.error();
    status.message = fmt::format("{}: {}", shown(path), status.message);
    return std::unexpected(std::move(status));
}

// ---- pictures that are left out ----------------------------------------------------------------

// The current picture in messages: its file and, from the file's second picture on, its number.
std::string PictureInput::name() const {
    const std::string path = shown(opened_->path);
    return opened_->pieces < 2 ? path : fmt::format("{}, picture {}", path, opened_->pieces);
}

// Reports and keeps errors in the first round only.
void PictureInput::report(Status status) {
    if (!first_round_) return;
    messages_->error(status);
    if (!left_out_.first) left_out_.first = std::move(status);
}

void PictureInput::leave_out(Status status) {
    if (first_round_) ++left_out_.count;
    report(std::move(status));
}

// Reports each run of bytes that are no picture once: before, between or behind the pictures.
void PictureInput::report_other_bytes() {
    const std::uint64_t bytes = std::exchange(opened_->other_bytes, 0);
    if (bytes == 0) return;
    const std::string place = opened_->pieces == 0
                                  ? "before its first picture"
                                  : fmt::format("behind picture {}", opened_->pieces);
    report(Status{Code::kCorrupt, fmt::format("{}: {} bytes {} are no picture",
                                              shown(opened_->path), bytes, place)});
}

void PictureInput::warn(const std::string& what) const {
    if (first_round_) messages_->warning(fmt::format("{}: {}", name(), what));
}

// ---- bytes -------------------------------------------------------------------------------------

// Opens the next file. False: there are no more files.
bool PictureInput::begin_next_file() {
    while (true) {
        if (next_file_ == command_->files.size()) {
            if (!command_->loop || !any_in_round_) return false;
            next_file_ = 0;
            first_round_ = false;
            any_in_round_ = false;
        }
        const std::string& path = command_->files[next_file_++];
        auto source = path == "-" && !first_round_ ? Result<Source>(Source::from_text(kept_))
                                                   : open_source(*command_, path);
        if (source) {
            opened_.emplace(Opened{.path = path,
                                   .source = std::move(*source),
                                   .splitter = PictureSplitter(limits_.file_bytes_max)});
            return true;
        }
        leave_out(source.error());
    }
}

// Waits for bytes and reads those that have come. False: the source has ended.
Result<bool> PictureInput::read_more(FrameWriter& writer) {
    const bool first = opened_->pieces == 0;
    auto room = opened_->splitter.room(first ? first_step(opened_->source) : kStepBytes);
    if (!room) return std::unexpected(room.error());
    while (true) {
        auto ready = opened_->source.wait_ready(kLook);
        if (!ready) return std::unexpected(ready.error());
        if (auto wanted = writer.check(); !wanted) return std::unexpected(wanted.error());
        if (!*ready) continue;
        auto got = opened_->source.read(*room);
        if (!got && got.error().code == Code::kInterrupted) continue;
        if (!got) return std::unexpected(got.error());
        if (opened_->path == "-" && command_->loop && first_round_)
            kept_.append(reinterpret_cast<const char*>(room->data()), *got);
        opened_->splitter.add(*got);
        return *got != 0;
    }
}

Result<std::optional<PicturePiece>> PictureInput::next_piece(FrameWriter& writer) {
    while (true) {
        auto piece = opened_->splitter.next();
        if (!piece || *piece) return piece;
        auto more = read_more(writer);
        if (!more) return std::unexpected(more.error());
        if (*more) continue;
        opened_->splitter.end();
        return opened_->splitter.next();
    }
}

// ---- frames ------------------------------------------------------------------------------------

Result<FrameLoan> PictureInput::lend(FrameWriter& writer, std::span<const std::byte> bytes,
                                     const ImageDescription& image) {
    auto loan = writer.loan(bytes.size(), kForever);
    if (!loan) return std::unexpected(loan.error());
    std::memcpy(loan->bytes().data(), bytes.data(), bytes.size());
    loan->set_image(image);
    any_in_round_ = true;
    return loan;
}

// Called before each picture is published. The warning comes once per file.
Result<void> PictureInput::look_for_change() {
    if (opened_->changed) return {};
    auto changed = check_unchanged(*command_, *messages_, opened_->source, shown(opened_->path));
    if (!changed) return std::unexpected(changed.error());
    opened_->changed = *changed;
    source_changed_ |= *changed;
    return {};
}

// Empty when the piece is left out.
Result<std::optional<FrameLoan>> PictureInput::make_frame(FrameWriter& writer,
                                                          const PicturePiece& piece) {
    if (auto same = look_for_change(); !same) return std::unexpected(same.error());
    const auto decoded = decode_picture(
        piece.picture,
        {.limits = limits_, .turning = command_->no_rotate ? Turning::kNone : Turning::kByExif});
    if (!decoded && decoded.error().code != Code::kUsage) {
        Status status = decoded.error();
        status.message = fmt::format("{}: {}", name(), status.message);
        if (status.code == Code::kIo)
            status.hint = "--slot-size SIZE allows larger pictures, up to 32768 pixels a side";
        leave_out(std::move(status));
        return std::nullopt;
    }
    if (!decoded && piece.picture.size() > limits_.pixel_bytes_max) {
        leave_out({Code::kIo,
                   fmt::format("{}: a frame of its {} bytes is over the limit", name(),
                               piece.picture.size()),
                   "--slot-size SIZE allows larger ones"});
        return std::nullopt;
    }
    if (!decoded && first_round_)
        messages_->warning(fmt::format("{} travels as bytes: {}", name(), decoded.error().message));
    if (decoded)
        for (const std::string& warning : decoded->warnings)
            warn(warning);
    auto ready = decoded ? lend(writer, decoded->image.bytes(), decoded->image.description())
                         : lend(writer, piece.picture, describe_file(piece.picture));
    if (!ready) return std::unexpected(ready.error());
    return std::optional<FrameLoan>(std::move(*ready));
}

Result<std::optional<FrameLoan>> PictureInput::next(FrameWriter& writer) {
    while (opened_ || begin_next_file()) {
        auto produced = await_producer(*command_, *messages_, opened_->source, shown(opened_->path),
                                       [&writer] { return writer.check(); });
        if (!produced) return std::unexpected(produced.error());
        auto piece = next_piece(writer);
        if (!piece) {
            if (auto wanted = writer.check(); !wanted) return std::unexpected(wanted.error());
            Status status = piece.error();
            status.message = fmt::format("{}: {}", shown(opened_->path), status.message);
            leave_out(std::move(status));
        } else if (*piece && !(*piece)->picture.empty()) {
            report_other_bytes();
            ++opened_->pieces;
            auto ready = make_frame(writer, **piece);
            if (!ready || *ready) return ready;
            continue;
        } else if (*piece) {
            opened_->other_bytes += (*piece)->other_bytes;
            if (opened_->pieces > 0 || opened_->other_bytes < kOtherBytesMax) continue;
            leave_out(no_picture(opened_->path));
        } else if (opened_->pieces == 0) {
            leave_out(opened_->other_bytes > 0
                          ? no_picture(opened_->path)
                          : Status{Code::kCorrupt, shown(opened_->path) + " is empty"});
        } else {
            report_other_bytes();
        }
        opened_.reset();
    }
    return std::nullopt;
}

}  // namespace mapferry::cli
