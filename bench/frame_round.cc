// SPDX-License-Identifier: Apache-2.0
#include "bench/frame_round.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "bench/bench_host.h"
#include "bench/frame_options.h"
#include "bench/processes.h"
#include "bench/spawn.h"

namespace mapferry::bench {

namespace {

class RunningRound {
  public:
    RunningRound(const FrameWay& way, Round round) : clean_up_(way.clean_up) {
        round.folder = folder_.path();
        if (!way.command.empty()) {
            receiver_.emplace(options_of("pair", round));
            return;
        }
        receiver_.emplace(options_of("receiver", round));
        sender_.emplace(options_of("sender", round));
    }
    ~RunningRound() {
        // Both must be dead before their files are looked for.
        sender_.reset();
        receiver_.reset();
        remove_channel(std::filesystem::path(folder_.path()).filename());
        if (clean_up_ != nullptr) clean_up_(began_);
    }
    RunningRound(const RunningRound&) = delete;
    RunningRound& operator=(const RunningRound&) = delete;

    RoundEnd wait() {
        std::vector<RoleProcess*> processes = {&*receiver_};
        if (sender_) processes.push_back(&*sender_);
        const int code = RoleProcess::wait_for(processes);
        if (code != 0 && code != kWrongBytes) give_up("a process of the benchmark failed");
        return {.exit_code = code, .printed = receiver_->printed()};
    }

  private:
    BenchFolder folder_;
    std::chrono::system_clock::time_point began_ = std::chrono::system_clock::now();
    void (*clean_up_)(std::chrono::system_clock::time_point);
    std::optional<RoleProcess> receiver_;
    std::optional<RoleProcess> sender_;
};

}  // namespace

RoundEnd run_processes(const FrameWay& way, Round round) {
    static std::unique_ptr<RunningRound> running;  // static, so that give_up() ends it too
    running = std::make_unique<RunningRound>(way, std::move(round));
    RoundEnd end = running->wait();
    running.reset();
    return end;
}

}  // namespace mapferry::bench
