// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/frame_sender.h"

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace mapferry::gstreamer {

namespace {

using namespace std::chrono_literals;

// How long one thread holds the writer while it waits for readers.
constexpr std::chrono::milliseconds kStep = 10ms;

GQuark lent_quark() {
    static const GQuark quark = g_quark_from_static_string("mapferry-lent");
    return quark;
}

}  // namespace

// What a lent memory refers to.
struct FrameSender::Lent {
    std::shared_ptr<FrameSender> sender;
    std::optional<FrameLoan> loan;        // empty once published
    std::shared_ptr<const void> mapping;  // keeps the bytes mapped after that
};

Result<std::shared_ptr<FrameSender>> FrameSender::create(FrameWriterOptions options) {
    std::shared_ptr<FrameSender> sender(new FrameSender());
    options.stop = &sender->stop_;
    sender->delivery_ = options.delivery;
    auto writer = FrameWriter::create(options);
    if (!writer) return std::unexpected(writer.error());
    sender->writer_.emplace(std::move(*writer));
    return sender;
}

template <typename Call>
auto FrameSender::in_steps(Steps steps, const Call& call) {
    const bool repeats = steps == Steps::kAlways || delivery_ == FrameDelivery::kEach;
    while (true) {
        {
            const std::scoped_lock lock(mutex_);
            auto result = call();
            const bool waits =
                repeats && !result &&
                (result.error().code == Code::kTimedOut || result.error().code == Code::kBusy);
            if (!waits) return result;
        }
        // Gives the other threads their turn: a mutex alone may be taken again by this one.
        std::this_thread::yield();
    }
}

Result<void> FrameSender::wait_for_readers(std::uint32_t count) {
    return in_steps(Steps::kAlways, [&] { return writer_->wait_for_readers(count, kStep); });
}

FrameSender::Lent* FrameSender::lent_of(GstMemory* memory) {
    return static_cast<Lent*>(
        gst_mini_object_get_qdata(GST_MINI_OBJECT_CAST(memory), lent_quark()));
}

void FrameSender::give_back(gpointer lent) {
    const std::unique_ptr<Lent> held(static_cast<Lent*>(lent));
    const std::shared_ptr<FrameSender> sender = held->sender;
    const std::scoped_lock lock(sender->mutex_);
    held->loan.reset();
}

Result<GstMemory*> FrameSender::lend(std::uint64_t bytes) {
    auto loan = in_steps(Steps::kForDelivery, [&] {
        return writer_->loan(bytes, delivery_ == FrameDelivery::kEach ? kStep : 0ms);
    });
    if (!loan) return std::unexpected(loan.error());
    auto lent =
        std::make_unique<Lent>(Lent{.sender = shared_from_this(), .loan = {}, .mapping = {}});
    lent->mapping = loan->memory();
    const auto slot = loan->bytes();
    lent->loan.emplace(std::move(*loan));
    GstMemory* const memory =
        gst_memory_new_wrapped(static_cast<GstMemoryFlags>(0), slot.data(), slot.size(), 0,
                               slot.size(), lent.get(), &FrameSender::give_back);
    gst_mini_object_set_qdata(GST_MINI_OBJECT_CAST(memory), lent_quark(), lent.release(), nullptr);
    return memory;
}

bool FrameSender::has_lent(GstMemory* memory) {
    const Lent* const lent = lent_of(memory);
    if (lent == nullptr || lent->sender.get() != this) return false;
    const std::scoped_lock lock(mutex_);
    gsize offset = 0;
    const gsize bytes = gst_memory_get_sizes(memory, &offset, nullptr);
    return lent->loan && offset == 0 && bytes == lent->loan->bytes().size();
}

Result<void> FrameSender::publish(GstMemory* memory, const FrameNotes& notes) {
    Lent* const lent = lent_of(memory);
    const std::scoped_lock lock(mutex_);
    FrameLoan& loan = *lent->loan;
    loan.set_image(notes.image);
    if (notes.captured) loan.set_captured(*notes.captured);
    if (notes.source_number) loan.set_source_number(*notes.source_number);
    if (!notes.metadata.bytes.empty()) {
        auto said = loan.set_metadata(notes.metadata);
        if (!said) return said;
    }
    auto sequence = writer_->publish(std::move(loan));
    if (!sequence) return std::unexpected(sequence.error());
    lent->loan.reset();
    return {};
}

Result<void> FrameSender::publish_copy(std::span<const std::byte> bytes, const FrameNotes& notes) {
    auto sequence = in_steps(Steps::kForDelivery, [&] {
        return writer_->publish_copy(bytes, notes, delivery_ == FrameDelivery::kEach ? kStep : 0ms);
    });
    if (!sequence) return std::unexpected(sequence.error());
    return {};
}

void FrameSender::skip() {
    const std::scoped_lock lock(mutex_);
    writer_->skip(1);
}

Result<void> FrameSender::set_facts(const StreamFacts& facts) {
    const std::scoped_lock lock(mutex_);
    return writer_->set_facts(facts);
}

Result<void> FrameSender::close() {
    const std::scoped_lock lock(mutex_);
    auto report = writer_->close();
    if (!report) return std::unexpected(report.error());
    return {};
}

void FrameSender::abort(const Status& why) {
    const std::scoped_lock lock(mutex_);
    writer_->abort(why);
}

FrameWriterReport FrameSender::report() {
    const std::scoped_lock lock(mutex_);
    return writer_->report();
}

}  // namespace mapferry::gstreamer
