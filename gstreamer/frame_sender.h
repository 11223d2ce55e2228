// SPDX-License-Identifier: Apache-2.0
// A FrameWriter for several threads: upstream elements ask for memory in one, the sink publishes in
// another, and buffers that nobody wants die in a third.
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "mapferry/frame_writer.h"

namespace mapferry::gstreamer {

class FrameSender : public std::enable_shared_from_this<FrameSender> {
  public:
    // `options.stop` is replaced by the sender's own flag. Errors of FrameWriter::create().
    [[nodiscard]] static Result<std::shared_ptr<FrameSender>> create(FrameWriterOptions options);

    // Waits end with kInterrupted while it is set.
    void interrupt(bool is_interrupted) { stop_.store(is_interrupted ? 1 : 0); }

    // Errors of FrameWriter::wait_for_readers().
    [[nodiscard]] Result<void> wait_for_readers(std::uint32_t count);

    // A slot of the section as memory that the caller owns. It keeps this sender alive, and gives
    // the slot back when it is freed without having been published. Waits for readers while they
    // make the writer wait (delivery "each"). Errors of FrameWriter::loan().
    [[nodiscard]] Result<GstMemory*> lend(std::uint64_t bytes);
    // Whether `memory` is, as a whole, a slot that this sender lent and that is not published yet.
    [[nodiscard]] bool has_lent(GstMemory* memory);
    // Publishes such a slot. The memory stays mapped, but no longer belongs to its holder.
    [[nodiscard]] Result<void> publish(GstMemory* memory, const FrameNotes& notes);
    [[nodiscard]] Result<void> publish_copy(std::span<const std::byte> bytes,
                                            const FrameNotes& notes);

    // A frame was dropped before it could be published. Readers count it as missed.
    void skip();
    [[nodiscard]] Result<void> set_facts(const StreamFacts& facts);
    // Ends the stream: see FrameWriter::close().
    [[nodiscard]] Result<void> close();
    void abort(const Status& why);
    [[nodiscard]] FrameWriterReport report();

  private:
    struct Lent;
    FrameSender() = default;
    static Lent* lent_of(GstMemory* memory);
    static void give_back(gpointer lent);
    // Repeats a call that may wait for readers, in short steps: other threads use the writer
    // between two of them.
    enum class Steps : std::uint8_t { kAlways, kForDelivery };  // kForDelivery: with "each" only
    template <typename Call>
    auto in_steps(Steps steps, const Call& call);

    std::atomic<int> stop_ = 0;  // before the writer, which looks at it
    std::mutex mutex_;           // of the writer and its loans
    std::optional<FrameWriter> writer_;
    FrameDelivery delivery_ = FrameDelivery::kLatest;
};

}  // namespace mapferry::gstreamer
