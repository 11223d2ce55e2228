// SPDX-License-Identifier: Apache-2.0
#include "writer/file_input.h"

#include <span>
#include <string_view>
#include <utility>

#include "mapferry/npy.h"
#include "mapferry/y4m.h"
#include "writer/array_frames.h"
#include "writer/picture_frames.h"
#include "writer/source_check.h"
#include "writer/y4m_frames.h"

namespace mapferry::cli {

namespace {

enum class Kind : std::uint8_t { kPictures, kArrays, kY4m };

Kind kind_of(std::string_view beginning) {
    if (beginning.starts_with(kY4mMagic)) return Kind::kY4m;
    return is_npy(std::as_bytes(std::span(beginning))) ? Kind::kArrays : Kind::kPictures;
}

// Fails when the first bytes of a file show that it has no frame.
Result<void> look_at(const std::string& path, const ImageLimits& limits) {
    auto source = Source::open_file(path);
    if (!source) return std::unexpected(source.error());
    std::string beginning(kY4mLineBytesMax, '\0');
    const auto got = source->peek(std::as_writable_bytes(std::span(beginning)));
    if (!got) return std::unexpected(got.error());
    beginning.resize(*got);
    switch (kind_of(beginning)) {
        case Kind::kArrays:
            return look_at_array(path, *source);
        case Kind::kY4m:
            return look_at_y4m(path, beginning);
        case Kind::kPictures:
            break;
    }
    return look_at_picture(path, *source, limits);
}

}  // namespace

Result<void> FileInput::check() const {
    Result<void> first;
    for (const std::string& path : state_.command->files) {
        if (!is_looked_into(path)) return {};
        auto looked = look_at(path, state_.limits);
        if (looked) return {};
        if (first) first = std::move(looked);
    }
    return first;
}

// Opens the next file. False: there are no more files.
bool FileInput::begin_next_file() {
    const WriterCommand& command = *state_.command;
    while (true) {
        if (next_file_ == command.files.size()) {
            if (!command.loop || !any_in_round_) return false;
            next_file_ = 0;
            state_.first_round = false;
            any_in_round_ = false;
        }
        const std::string& path = command.files[next_file_++];
        const bool is_kept = path == "-" && command.loop;
        auto source = is_kept && !state_.first_round ? Result<Source>(Source::from_text(kept_))
                                                     : open_source(command, path);
        if (source) {
            std::string* const kept = is_kept && state_.first_round ? &kept_ : nullptr;
            source_.emplace(state_, path, SourceBytes(std::move(*source), kept));
            return true;
        }
        state_.leave_out(source.error());
    }
}

// Decides by the first bytes what kind of frames the source has. False: it can't be read.
Result<bool> FileInput::look_into(FrameWriter& writer) {
    auto produced = await_producer(*state_.command, *state_.messages, source_->bytes().source(),
                                   source_->shown(), [&writer] { return writer.check(); });
    if (!produced) return std::unexpected(produced.error());
    const auto beginning = source_->bytes().look_ahead(writer, kY4mMagic.size());
    if (!beginning) {
        auto given_up = source_->give_up(writer, beginning.error());
        if (!given_up) return std::unexpected(given_up.error());
        return false;
    }
    switch (kind_of(*beginning)) {
        case Kind::kArrays:
            frames_ = std::make_unique<ArrayFrames>(*source_);
            break;
        case Kind::kY4m:
            frames_ = std::make_unique<Y4mFrames>(*source_);
            break;
        case Kind::kPictures:
            frames_ = std::make_unique<PictureFrames>(*source_);
            break;
    }
    return true;
}

Result<std::optional<FrameLoan>> FileInput::next_of_source(FrameWriter& writer) {
    if (!frames_) {
        auto known = look_into(writer);
        if (!known) return std::unexpected(known.error());
        if (!*known) return std::nullopt;
    }
    auto frame = frames_->next(writer);
    if (!frame || !*frame) return frame;
    auto changed = source_->has_changed();
    if (!changed) return std::unexpected(changed.error());
    source_changed_ |= *changed;
    any_in_round_ = true;
    return frame;
}

Result<std::optional<FrameLoan>> FileInput::next(FrameWriter& writer) {
    while (source_ || begin_next_file()) {
        auto frame = next_of_source(writer);
        if (!frame || *frame) return frame;
        frames_.reset();
        source_.reset();
    }
    return std::nullopt;
}

}  // namespace mapferry::cli
