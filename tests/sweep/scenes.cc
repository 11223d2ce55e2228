// SPDX-License-Identifier: Apache-2.0
// The scenes of the sweeps: files, streamed and kept, with the writer or the reader as the victim.
#include <filesystem>

#include "sweep/sweep_test.h"

namespace mapferry::testing {

namespace {

// So small that both sides wait for each other.
const Words kSmallRing = {"--slots", "2", "--slot-size", "16KiB"};

// ---- streams -----------------------------------------------------------------------------------

// The survivor of a stream, and the next pair of writer and reader.
class StreamScene : public Scene {
  public:
    StreamScene(SweepTest& stage, Words options) : Scene(stage), options_(std::move(options)) {}

  protected:
    [[nodiscard]] ChildProcess start_receiver(const std::string& name) const {
        return stage().start_reader(options_ + Words{"-o", stage().out(name)});
    }
    [[nodiscard]] ChildProcess start_next_writer() const {
        return stage().start_writer(options_ + Words{stage().next()});
    }
    void expect_next(ChildProcess& reader, const std::string& name) const {
        EXPECT_TRUE(ended_with(0, stage().end_of(reader)));
        EXPECT_EQ(stage().found(name), Found::kNext);
    }
    [[nodiscard]] const Words& options() const { return options_; }

  private:
    Words options_;
};

class StreamWriterScene : public StreamScene {
  public:
    StreamWriterScene(SweepTest& stage, Words options, bool dead_before)
        : StreamScene(stage, std::move(options)), dead_before_(dead_before) {}

    void prepare() override {
        if (dead_before_) stage().make_dead_section(stage().section().name());
        peer_.emplace(start_receiver("target"));
    }
    Launch victim() override { return writer(options() + kSmallRing + Words{stage().first()}); }
    void judge(const Traced& victim) override {
        ChildProcess next = start_next_writer();
        const Ended peer = stage().end_of(*peer_);
        const Found found = stage().found("target");
        if (peer.exit == exited(0)) {
            EXPECT_TRUE(found == Found::kFirst || found == Found::kNext);
        } else {
            EXPECT_TRUE(ended_with(kExitPeerGone, peer));
            // The reader delivered a payload that was whole before the writer died.
            expect_told(peer);
            EXPECT_NE(found, Found::kNext);
        }
        if (victim.exit == exited(0)) {
            EXPECT_EQ(found, Found::kFirst) << "the writer ended well";
        }
        if (found != Found::kNext) {
            ChildProcess second = start_receiver("next");
            expect_next(second, "next");
        }
        EXPECT_TRUE(ended_with(0, stage().end_of(next)));
    }

  private:
    bool dead_before_;
    std::optional<ChildProcess> peer_;
};

// The file under the output's name before the run, and how the reader treats it.
enum class Before : std::uint8_t { kNothing, kReplaced, kOverwritten };

class StreamReaderScene : public StreamScene {
  public:
    StreamReaderScene(SweepTest& stage, Words options, Words victim_options, Before before)
        : StreamScene(stage, std::move(options)),
          victim_options_(std::move(victim_options)),
          before_(before) {}

    void prepare() override {
        if (before_ != Before::kNothing)
            std::filesystem::copy_file(stage().next(), stage().out("target"));
        peer_.emplace(stage().start_writer(options() + kSmallRing + Words{stage().first()}));
        EXPECT_TRUE(eventually([this] { return is_there(); }));
    }
    Launch victim() override {
        return reader(options() + victim_options_ + Words{"-o", stage().out("target")});
    }
    void judge(const Traced& victim) override {
        const Found found = find_target(victim);
        if (victim.exit == exited(0)) {
            EXPECT_EQ(found, Found::kFirst) << "the reader ended well";
        }
        ChildProcess second = start_receiver("second");
        const Ended peer = stage().end_of(*peer_);
        if (peer.exit != exited(0)) {
            EXPECT_TRUE(ended_with(kExitPeerGone, peer));
            expect_told(peer);
        }
        ChildProcess next = start_next_writer();
        // It may have come in the middle of the payload that the victim did not finish.
        const Ended after = stage().end_of(second);
        EXPECT_TRUE(after.exit == exited(0) || after.exit == exited(kExitPeerGone))
            << after.exit << after.errors;
        const Found got = stage().found("second");
        EXPECT_EQ(after.exit == exited(0), got != Found::kNothing);
        // A writer succeeds only if a reader has stored the whole payload.
        if (peer.exit == exited(0)) {
            EXPECT_TRUE(found == Found::kFirst || got == Found::kFirst);
        }
        if (got != Found::kNext) {
            ChildProcess third = start_receiver("third");
            expect_next(third, "third");
        }
        EXPECT_TRUE(ended_with(0, stage().end_of(next)));
        if (before_ != Before::kNothing) replace_again();
    }

  private:
    // The target is old or new. A file that is overwritten in place may be neither, and a surviving
    // victim reports that.
    [[nodiscard]] Found find_target(const Traced& victim) const {
        if (before_ == Before::kOverwritten && !stage().is_whole("target")) {
            EXPECT_FALSE(victim.exit == exited(0));
            if (victim.exit.code) {
                EXPECT_TRUE(contains(victim.errors, "neither old nor new")) << victim.errors;
            }
            return Found::kTorn;
        }
        const Found found = stage().found("target");
        const Found old = before_ == Before::kNothing ? Found::kNothing : Found::kNext;
        EXPECT_TRUE(found == old || found == Found::kFirst);
        return found;
    }
    // The next reader removes the temporary that a dead reader left beside the target.
    void replace_again() const {
        const char* const how = before_ == Before::kOverwritten ? "--in-place" : "--force";
        ChildProcess again = stage().start_reader(Words{how, "-o", stage().out("target")});
        EXPECT_TRUE(ended_with(0, stage().run_writer({stage().next()})));
        EXPECT_TRUE(ended_with(0, stage().end_of(again)));
        EXPECT_EQ(stage().found("target"), Found::kNext);
    }
    [[nodiscard]] bool is_there() const {
        return options().empty() ? stage().section().exists()
                                 : std::filesystem::exists(stage().backing());
    }
    Words victim_options_;
    Before before_;
    std::optional<ChildProcess> peer_;
};

// ---- keep --------------------------------------------------------------------------------------

class KeepScene : public Scene {
  public:
    using Scene::Scene;

  protected:
    [[nodiscard]] Ended consume(const std::string& name) const {
        ChildProcess consumer =
            stage().start_reader(Words{"--consume", "--timeout", "0", "-o", stage().out(name)});
        return stage().end_of(consumer);
    }
    // The kept payload can be consumed, and then the next one is kept and consumed.
    void expect_next_works() const {
        ChildProcess next = stage().start_writer(Words{"--keep", stage().next()});
        EXPECT_TRUE(ended_with(0, stage().end_of(next)));
        EXPECT_TRUE(ended_with(0, consume("next")));
        EXPECT_EQ(stage().found("next"), Found::kNext);
        EXPECT_FALSE(stage().section().exists());
    }
};

class KeepWriterScene : public KeepScene {
  public:
    KeepWriterScene(SweepTest& stage, bool followed) : KeepScene(stage), followed_(followed) {}

    void prepare() override {
        if (followed_) peer_.emplace(stage().start_reader(Words{"-o", stage().out("target")}));
    }
    Launch victim() override { return writer({"--keep", "--slot-size", "16KiB", stage().first()}); }
    void judge(const Traced& victim) override {
        const Ended taken = consume("taken");
        const Found found = stage().found("taken");
        EXPECT_EQ(taken.exit == exited(0), found == Found::kFirst);
        if (victim.exit == exited(0)) {
            EXPECT_TRUE(ended_with(0, taken));
        } else if (taken.exit != exited(0)) {
            EXPECT_TRUE(taken.exit == exited(kExitNoInput) || taken.exit == exited(kExitPeerGone))
                << taken.exit << taken.errors;
            expect_told(taken);
        }
        ChildProcess next = stage().start_writer(Words{"--keep", stage().next()});
        EXPECT_TRUE(ended_with(0, stage().end_of(next)));
        if (peer_) judge_follower();
        EXPECT_TRUE(ended_with(0, consume("next")));
        EXPECT_EQ(stage().found("next"), Found::kNext);
    }

  private:
    void judge_follower() {
        const Ended peer = stage().end_of(*peer_);
        const Found found = stage().found("target");
        if (peer.exit == exited(0)) {
            EXPECT_NE(found, Found::kNothing);
        } else {
            EXPECT_TRUE(ended_with(kExitPeerGone, peer));
            expect_told(peer);
            EXPECT_NE(found, Found::kNext);
        }
    }
    bool followed_;
    std::optional<ChildProcess> peer_;
};

class ConsumerScene : public KeepScene {
  public:
    using KeepScene::KeepScene;

    void prepare() override {
        EXPECT_TRUE(
            ended_with(0, stage().run_writer({"--keep", "--slot-size", "16KiB", stage().first()})));
    }
    Launch victim() override { return reader({"--consume", "-o", stage().out("target")}); }
    void judge(const Traced& victim) override {
        const bool stored = stage().found("target") == Found::kFirst;
        const bool kept = stage().section().exists();
        EXPECT_TRUE(stored || kept) << "lost";
        if (victim.exit == exited(0)) {
            EXPECT_TRUE(stored && !kept);
        }
        if (kept) {
            EXPECT_TRUE(ended_with(0, consume("second")));
            EXPECT_EQ(stage().found("second"), Found::kFirst);
        }
        expect_next_works();
    }
};

template <typename Made, typename... Arguments>
std::unique_ptr<Scene> make(SweepTest& stage, const Arguments&... arguments) {
    return std::make_unique<Made>(stage, arguments...);
}

std::unique_ptr<Scene> make_reader(SweepTest& stage, Words victim_options, Before before) {
    return std::make_unique<StreamReaderScene>(stage, Words{}, std::move(victim_options), before);
}

Words in_file(const SweepTest& stage) {
    return {"--backing", stage.backing()};
}

}  // namespace

const std::vector<SceneChoice>& scenes() {
    using Stage = SweepTest&;
    static const std::vector<SceneChoice> own = {
        {"StreamWriter", [](Stage s) { return make<StreamWriterScene>(s, Words{}, false); }},
        {"StreamReader", [](Stage s) { return make_reader(s, {}, Before::kNothing); }},
        {"StreamReaderReplacing",
         [](Stage s) { return make_reader(s, {"--force"}, Before::kReplaced); }},
        {"StreamReaderInPlace",
         [](Stage s) { return make_reader(s, {"--in-place"}, Before::kOverwritten); }},
        {"DurableReader", [](Stage s) { return make_reader(s, {"--durable"}, Before::kNothing); }},
        {"DurableReaderReplacing",
         [](Stage s) { return make_reader(s, {"--durable", "--force"}, Before::kReplaced); }},
        {"DurableReaderInPlace",
         [](Stage s) { return make_reader(s, {"--durable", "--in-place"}, Before::kOverwritten); }},
        {"FileWriter", [](Stage s) { return make<StreamWriterScene>(s, in_file(s), false); }},
        {"FileReader",
         [](Stage s) { return make<StreamReaderScene>(s, in_file(s), Words{}, Before::kNothing); }},
        {"TakeoverWriter", [](Stage s) { return make<StreamWriterScene>(s, Words{}, true); }},
        {"NamedTemporaryWriter", [](Stage s) { return make<StreamWriterScene>(s, Words{}, false); },
         true},
        {"NamedTemporaryReader", [](Stage s) { return make_reader(s, {}, Before::kNothing); },
         true},
        {"KeepWriter", [](Stage s) { return make<KeepWriterScene>(s, false); }},
        {"KeepWriterFollowed", [](Stage s) { return make<KeepWriterScene>(s, true); }},
        {"Consumer", [](Stage s) { return make<ConsumerScene>(s); }},
    };
    static const std::vector<SceneChoice> all = [] {
        std::vector<SceneChoice> both = own;
        both.insert(both.end(), other_scenes().begin(), other_scenes().end());
        return both;
    }();
    return all;
}

}  // namespace mapferry::testing
