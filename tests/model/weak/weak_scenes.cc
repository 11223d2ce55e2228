// SPDX-License-Identifier: Apache-2.0
// weak_scenes SCENE [ACCESS ORDER]...: plays a scene of the real rings in every order of its steps,
// within a bound, under C++'s memory model. Accesses of a kind that is named are made with the
// weaker ORDER. Prints all kinds of accesses and `SCENE: N executions, RESULT`. Exit: 0 it holds, 1
// it does not, 64 usage.
#include <cstdio>
#include <functional>
#include <map>
#include <memory>

#include "buffer/holder_mark.h"
#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "ring/bell.h"
#include "ring/ring_reader.h"
#include "ring/ring_writer.h"
#include "weak_section.h"

namespace mapferry::weak {
namespace {

constexpr std::uint32_t kMessages = 3;
constexpr std::int64_t kLongMs = 1'000'000;

// A word and a bell: whoever sleeps for the word is woken.
class BellScene : public Scene {
  public:
    void begin() override { section_.add_words(); }
    void thread(unsigned index) override {
        WeakPeers peers;
        std::uint64_t& word = section_.view().writer_line().published;
        layout::ReadersBell& bell = section_.view().readers_bell();
        if (index == 0) {
            for (std::uint64_t value = 1; value <= 2; ++value)
                ring_if_slept(bell, peers, store_news(word, value));
            return;
        }
        const auto news = [&] { return load_news(word) == 2; };
        while (!news())
            sleep_at(bell, peers, kLongMs, news);
    }

  private:
    WeakSection section_{Delivery::kStream, 2, 1};
};

// A buffer that two processes lock in turn. The lock is the kernel's, here a word. The first holder
// dies: its lock ends, and its mark stays. Whoever finds its bytes must find the mark too.
class BufferScene : public Scene {
  public:
    void begin() override {
        add_word(&line_.held, sizeof line_.held, "held");
        add_word(&kernels_lock_, sizeof kernels_lock_, "kernels_lock");
    }
    void thread(unsigned index) override {
        while (shared::exchange(kernels_lock_, std::uint32_t{1}, std::memory_order_acquire) != 0)
            sleep_while(&kernels_lock_, 1);
        const bool other_died = set_mark(line_);
        const std::uint64_t found = read_bytes(0);
        write_bytes(0, index + 1);
        if (index == 0)
            check(!other_died, "a holder that clears its mark has not died");
        else
            check(other_died == (found == 1), "the death of the holder is seen with its bytes");
        if (index == 1) clear_mark(line_);
        shared::store(kernels_lock_, std::uint32_t{0}, std::memory_order_release);
        wake_sleepers();
    }

  private:
    layout::BufferLine line_{};
    std::uint32_t kernels_lock_ = 0;
};

// A stream of messages through fewer slots: no byte is read before it is published, none is
// overwritten before it is released, and everybody comes to the end.
class StreamScene : public Scene {
  public:
    void begin() override { section_.add_words(); }
    void thread(unsigned index) override { index == 0 ? write() : read(); }

  private:
    void write() {
        WeakPeers peers;
        RingWriter writer(section_.view(), peers, {});
        check(writer.wait_for_readers(1, kLongMs).has_value(), "a reader comes");
        writer.admit_waiting();
        for (std::uint32_t message = 0; message < kMessages; ++message) {
            check(writer.acquire().has_value(), "a slot becomes free");
            write_bytes(message % kSlots, message);
            writer.publish_hashed({}, 8, 0);
        }
        writer.set_state(layout::kStateEnded, 0);
        check(writer.drain().has_value(), "the reader takes everything");
        check(writer.tally().served == 1, "the reader is counted");
    }
    void read() {
        WeakPeers peers;
        RingReader reader(section_.view(), peers, {});
        reader.ask_for_place(0, 1);
        for (std::uint32_t message = 0; true; ++message) {
            const auto next = reader.next();
            check(next.has_value(), "the message is whole");
            if (!*next) {
                check(message == kMessages, "every message comes");
                break;
            }
            check(read_bytes(message % kSlots) == message, "the bytes are the message's");
            reader.done();
        }
        reader.release();
        reader.leave(layout::kPhaseDone, 0);
    }

    static constexpr std::uint32_t kSlots = 2;
    WeakSection section_{Delivery::kStream, kSlots, 1};
};

// A reader that is given up while it looks at the bytes of a slot, beside one that goes on: if the
// bytes change under its eyes, it learns why. The other reader lives in the writer's thread, which
// leaves more changes of threads to the slow one.
class LoseScene : public Scene {
  public:
    void begin() override {
        section_.add_words();
        for (std::uint64_t& word : bytes_)
            add_word(&word, sizeof word, "bytes");
    }
    void thread(unsigned index) override { index == 0 ? write() : read_slowly(); }

  private:
    void write() {
        WeakPeers peers;
        RingWriter writer(section_.view(), peers, {.timeout_ms = 60});
        RingReader reader(section_.view(), peers, {});
        reader.ask_for_place(1, 2);
        check(writer.wait_for_readers(2, kLongMs).has_value(), "the readers come");
        writer.admit_waiting();
        peers.step_ms = 100;
        for (std::uint64_t message = 0; message < kMessages; ++message) {
            check(writer.acquire().has_value(), "one reader stays");
            shared::store(bytes_[message % kSlots], message + 1, std::memory_order_relaxed);
            writer.publish_hashed({}, 8, 0);
            const auto next = reader.next();
            check(next && *next, "the other reader goes on");
            reader.done();
            reader.release();
        }
        writer.set_state(layout::kStateEnded, 0);
    }
    void read_slowly() {
        WeakPeers peers;
        RingReader reader(section_.view(), peers, {});
        reader.ask_for_place(0, 1);
        const auto next = reader.next();
        if (!next || !*next) return;
        const std::uint64_t found = shared::load(bytes_[0], std::memory_order_relaxed);
        if (found != 1) check(reader.was_given_up(), "the reader knows why the bytes changed");
    }

    static constexpr std::uint32_t kSlots = 2;
    std::uint64_t bytes_[kSlots] = {};
    WeakSection section_{Delivery::kStream, kSlots, 2};
};

// Frames under leases. The bytes of a frame do not change while a reader has its lease.
class FrameScene : public Scene {
  public:
    FrameScene(Delivery delivery, std::uint32_t slots, std::uint64_t frame_bytes)
        : section_(delivery, slots, 1), frame_bytes_(frame_bytes) {}
    void begin() override { section_.add_words(); }

  protected:
    void publish(FrameRingWriter& writer) {
        const auto slot = writer.acquire(kLongMs);
        if (!slot) return;  // latest: all are leased
        write_bytes(*slot, writer.published());
        (void)writer.publish(*slot, frame_bytes_, {});
    }
    // Takes the frame that `claim` finds, and returns the sequence behind it, or `from`.
    template <typename Claim>
    std::uint64_t take(FrameRingReader& reader, std::uint64_t from, const Claim& claim) {
        const auto frame = claim(from);
        check(frame.has_value(), "the descriptor is whole");
        if (!*frame) return from;
        const std::uint64_t sequence = (*frame)->facts.sequence - 1;
        check(read_bytes((*frame)->slot) == sequence, "the bytes are the frame's");
        reader.advance_cursor(sequence + 1, frame_bytes_);
        reader.release(**frame);
        return sequence + 1;
    }

    WeakSection section_;

  private:
    std::uint64_t frame_bytes_;
};

// Slots of small frames are used in turn, and readers are looked at once for many of them.
constexpr std::uint64_t kSmallBytes = 8;
constexpr std::uint64_t kLargeBytes = std::uint64_t{32} << 10;

// The writer never waits; a reader comes when it likes and takes the newest frame twice.
class LatestScene : public FrameScene {
  public:
    LatestScene(std::uint32_t slots, std::uint64_t frame_bytes)
        : FrameScene(Delivery::kLatest, slots, frame_bytes) {}
    void thread(unsigned index) override {
        WeakPeers peers;
        if (index == 0) {
            FrameRingWriter writer(section_.view(), peers, {});
            for (std::uint32_t frame = 0; frame < kMessages; ++frame)
                publish(writer);
            return;
        }
        FrameRingReader reader(section_.view(), peers);
        std::uint64_t from = reader.attach(0, 1);
        for (int i = 0; i < 2; ++i)
            from = take(reader, from, [&](std::uint64_t at) { return reader.claim_newest(at); });
        reader.detach(layout::kPhaseDone, 0);
    }
};

// The writer waits for the reader, which takes every frame from the first that it meets.
class EachScene : public FrameScene {
  public:
    explicit EachScene(std::uint64_t frame_bytes) : FrameScene(Delivery::kEach, 2, frame_bytes) {}
    void thread(unsigned index) override {
        WeakPeers peers;
        if (index == 0) {
            FrameRingWriter writer(section_.view(), peers, {});
            check(writer.wait_for_readers(1, kLongMs).has_value(), "a reader comes");
            for (std::uint32_t frame = 0; frame < kMessages; ++frame)
                publish(writer);
            check(writer.drain().has_value(), "the reader takes everything");
            writer.set_state(layout::kStateEnded, 0);
            return;
        }
        FrameRingReader reader(section_.view(), peers);
        std::uint64_t from = reader.attach(0, 1);
        while (from < kMessages) {
            const auto news = [&] { return reader.has_news(from); };
            while (!news())
                sleep_at(section_.view().readers_bell(), peers, kLongMs, news);
            from = take(reader, from, [&](std::uint64_t at) { return reader.claim_next(at); });
        }
        reader.detach(layout::kPhaseDone, 0);
    }
};

struct Play {
    std::function<std::unique_ptr<Scene>()> make;
    Search search;
};

const std::map<std::string, Play>& plays() {
    static const std::map<std::string, Play> all{
        {"bell", {[] { return std::make_unique<BellScene>(); }, {2, 3}}},
        {"buffer", {[] { return std::make_unique<BufferScene>(); }, {2, 3}}},
        {"stream", {[] { return std::make_unique<StreamScene>(); }, {2, 2}}},
        {"lose", {[] { return std::make_unique<LoseScene>(); }, {2, 1}}},
        {"latest_small", {[] { return std::make_unique<LatestScene>(2, kSmallBytes); }, {2, 3}}},
        {"latest_large", {[] { return std::make_unique<LatestScene>(2, kLargeBytes); }, {2, 3}}},
        {"each_small", {[] { return std::make_unique<EachScene>(kSmallBytes); }, {2, 2}}},
        {"each_large", {[] { return std::make_unique<EachScene>(kLargeBytes); }, {2, 2}}},
    };
    return all;
}

const std::map<std::string, std::memory_order>& orders() {
    static const std::map<std::string, std::memory_order> all{
        {"relaxed", std::memory_order_relaxed},
        {"acquire", std::memory_order_acquire},
        {"release", std::memory_order_release},
        {"acq_rel", std::memory_order_acq_rel}};
    return all;
}

int run(int argc, char** argv) {
    if (argc < 2 || argc % 2 != 0 || !plays().contains(argv[1])) return 64;
    for (int i = 2; i < argc; i += 2) {
        if (!orders().contains(argv[i + 1])) return 64;
        weaken(argv[i], orders().at(argv[i + 1]));
    }
    const Play& play = plays().at(argv[1]);
    const auto scene = play.make();
    const Outcome outcome = explore(*scene, play.search);
    std::printf("%s", known_accesses().c_str());
    std::printf("%s: %llu executions, %s\n", argv[1],
                static_cast<unsigned long long>(outcome.executions),
                outcome.holds ? "holds" : outcome.fault.c_str());
    return outcome.holds ? 0 : 1;
}

}  // namespace
}  // namespace mapferry::weak

int main(int argc, char** argv) {
    return mapferry::weak::run(argc, argv);
}
