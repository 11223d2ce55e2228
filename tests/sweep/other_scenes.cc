// SPDX-License-Identifier: Apache-2.0
// The scenes of the sweeps: frames, buffers, and the collection of garbage.
#include "sweep/sweep_test.h"

namespace mapferry::testing {

namespace {

// ---- frames ------------------------------------------------------------------------------------

// A reader stores each frame in a file; the writer runs until a signal ends it.
class FrameScene : public Scene {
  public:
    FrameScene(SweepTest& stage, Words options) : Scene(stage), options_(std::move(options)) {}

  protected:
    [[nodiscard]] Words receive(const std::string& prefix) const {
        return {"--frames", "--count", std::to_string(kVideoFrames), "-o",
                stage().out(prefix + "-%d.raw")};
    }
    [[nodiscard]] Words endless(const std::string& video) const {
        return kVideoShape + options_ + Words{"--loop", "--fps", "500", video};
    }
    [[nodiscard]] Words send_all(const std::string& video) const {
        return kVideoShape + options_ + Words{"--count", std::to_string(kVideoFrames), video};
    }
    // A reader gets its frames from a writer that is present or comes later.
    void expect_frames(const std::string& prefix) const {
        ChildProcess reader = stage().start_reader(receive(prefix));
        EXPECT_TRUE(ended_with(0, stage().end_of(reader)));
        EXPECT_EQ(stage().count_whole_frames(prefix), kVideoFrames);
    }
    void end(ChildProcess& camera) const {
        camera.send(Signal::kTerminate);
        EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), stage().end_of(camera)));
    }

  private:
    Words options_;
};

class FrameWriterScene : public FrameScene {
  public:
    using FrameScene::FrameScene;

    void prepare() override { peer_.emplace(stage().start_reader(receive("target"))); }
    Launch victim() override { return writer(send_all(stage().first_video())); }
    void judge(const Traced&) override {
        ChildProcess next = stage().start_writer(endless(stage().next_video()));
        const Ended peer = stage().end_of(*peer_);
        const std::size_t whole = stage().count_whole_frames("target");
        if (peer.exit == exited(0)) {
            EXPECT_EQ(whole, kVideoFrames);
        } else {
            EXPECT_TRUE(ended_with(kExitPeerGone, peer));
            expect_told(peer);
        }
        expect_frames("next");
        end(next);
    }

  private:
    std::optional<ChildProcess> peer_;
};

class FrameReaderScene : public FrameScene {
  public:
    using FrameScene::FrameScene;

    void prepare() override {
        peer_.emplace(stage().start_writer(endless(stage().first_video())));
        EXPECT_TRUE(eventually([this] { return stage().section().exists(); }));
    }
    Launch victim() override { return reader(receive("target")); }
    void judge(const Traced& victim) override {
        const std::size_t whole = stage().count_whole_frames("target");
        if (victim.exit == exited(0)) {
            EXPECT_EQ(whole, kVideoFrames);
        }
        expect_frames("second");
        end(*peer_);
        ChildProcess next = stage().start_writer(endless(stage().next_video()));
        expect_frames("next");
        end(next);
    }

  private:
    std::optional<ChildProcess> peer_;
};

// ---- buffers, gc ------------------------------------------------------------------------

constexpr const char* kOldText = "aaaaaaaaaaaaaaaa";
constexpr const char* kNewText = "bbbbbbbbbbbbbbbb";

class BufferScene : public Scene {
  public:
    BufferScene(SweepTest& stage, bool exists_before)
        : Scene(stage), exists_before_(exists_before) {}

    void prepare() override {
        if (exists_before_) {
            EXPECT_TRUE(ended_with(0, write(kOldText)));
        }
    }
    Launch victim() override {
        return {.program = MAPFERRY_WRITER_PATH, .arguments = words(kNewText)};
    }
    void judge(const Traced& victim) override {
        const Ended seen = read();
        if (victim.exit == exited(0)) {
            EXPECT_EQ(seen.output, kNewText);
        } else if (exists_before_) {
            // A write under the lock may be cut short; the lock reports this to the next holder.
            EXPECT_TRUE(ended_with(0, seen));
            EXPECT_EQ(seen.output.size(), 16u);
        }
        EXPECT_TRUE(ended_with(0, write(kOldText)));
        EXPECT_EQ(read().output, kOldText);
        EXPECT_TRUE(ended_with(0, stage().run_tool({"rm", stage().section().name()})));
    }

  private:
    [[nodiscard]] Words words(const char* text) const {
        return {"--buffer", stage().section().name(), "--size", "64", "--text", text};
    }
    [[nodiscard]] Ended write(const char* text) const {
        ChildProcess writer({.program = MAPFERRY_WRITER_PATH, .arguments = words(text)});
        return stage().end_of(writer);
    }
    [[nodiscard]] Ended read() const {
        ChildProcess reader({.program = MAPFERRY_READER_PATH,
                             .arguments = {"--buffer", stage().section().name(), "--bytes", "16",
                                           "--timeout", "0"}});
        return stage().end_of(reader);
    }
    bool exists_before_;
};

// gc dies while it collects two dead sections; a kept section must stay.
class CollectScene : public Scene {
  public:
    using Scene::Scene;

    void prepare() override {
        stage().make_dead_section(dead(0));
        stage().make_dead_section(dead(1));
        EXPECT_TRUE(ended_with(0, stage().run_writer({"--keep", stage().first()})));
    }
    Launch victim() override { return {.program = MAPFERRY_CONSOLE_PATH, .arguments = {"gc"}}; }
    void judge(const Traced&) override {
        EXPECT_TRUE(ended_with(0, stage().run_tool({"gc"})));
        for (int i = 0; i < 2; ++i)
            EXPECT_TRUE(ended_with(kExitNoInput, stage().run_tool({"info", dead(i)})));
        EXPECT_TRUE(ended_with(0, stage().run_reader({"--consume", "-o", stage().out("target")})));
        EXPECT_EQ(stage().found("target"), Found::kFirst);
    }

  private:
    [[nodiscard]] std::string dead(int i) const {
        return stage().section().name() + "-dead-" + std::to_string(i);
    }
};

template <typename Made, typename... Arguments>
std::unique_ptr<Scene> make(SweepTest& stage, const Arguments&... arguments) {
    return std::make_unique<Made>(stage, arguments...);
}

}  // namespace

const std::vector<SceneChoice>& other_scenes() {
    using Stage = SweepTest&;
    static const std::vector<SceneChoice> all = {
        {"LatestWriter", [](Stage s) { return make<FrameWriterScene>(s, Words{}); }},
        {"LatestReader", [](Stage s) { return make<FrameReaderScene>(s, Words{}); }},
        {"EachWriter", [](Stage s) { return make<FrameWriterScene>(s, Words{"--lossless"}); }},
        {"EachReader", [](Stage s) { return make<FrameReaderScene>(s, Words{"--lossless"}); }},
        {"BufferWriter", [](Stage s) { return make<BufferScene>(s, true); }},
        {"BufferMaker", [](Stage s) { return make<BufferScene>(s, false); }},
        {"Collector", [](Stage s) { return make<CollectScene>(s); }},
    };
    return all;
}

}  // namespace mapferry::testing
