// SPDX-License-Identifier: Apache-2.0
#include "console/doctor/bench_ways.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>

#include "cli/deadline.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/short_names.h"
#include "console/doctor/checked_stream.h"
#include "mapferry/reader.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::seconds kPatience{20};
constexpr std::chrono::milliseconds kLook{20};

ReadSome reading(const OpenFile& file) {
    return [&file](std::span<std::byte> target) { return file.read(target); };
}

WriteAll writing(const OpenFile& file) {
    return [&file](std::span<const std::byte> bytes) { return file.write(bytes); };
}

// Starts this program again.
Result<ChildProgram> start_peer(const std::vector<std::string>& arguments,
                                const ProgramStreams& streams) {
    std::vector<std::string> words = {own_program()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return ChildProgram::start(words, streams, ProgramGroup::kOurs);
}

// The first line that a failed program printed, as ", and said: ...". Empty: it printed none.
std::string last_words(const OpenFile& errors) {
    constexpr std::size_t kBytesMost = 1000;
    std::array<char, kBytesMost> space{};
    if (!errors.rewind()) return {};
    const auto got = errors.read(std::as_writable_bytes(std::span(space)));
    const std::string_view said(space.data(), got.value_or(0));
    if (said.empty()) return {};
    return ", and said: " + std::string(said.substr(0, said.find('\n')));
}

Result<void> wait_for(const ChildProgram& peer) {
    constexpr std::int64_t kForEver = -1;
    const auto end = peer.ended(kForEver);
    if (end && end->good()) return {};
    return fail(Code::kPeerGone, "the sending process failed");
}

// Watches the sending process while this one waits for its bytes. Kills it when its time is over,
// when this program has to stop, and when it failed, so that every wait ends.
class Watch {
  public:
    Watch(ChildProgram& peer, const std::atomic<int>& stop)
        : peer_(peer), stop_(stop), thread_([this] { look(); }) {}
    ~Watch() {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // Raised when waiting has become useless.
    [[nodiscard]] const std::atomic<int>& gone() const { return gone_; }
    [[nodiscard]] bool timed_out() const {
        // relaxed: the flag alone is the message
        return timed_out_.load(std::memory_order_relaxed);
    }

  private:
    void look() {
        const Deadline deadline(kPatience);
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, kLook, [this] { return over_; })) {
            const bool late = deadline.is_over();
            // relaxed for all three: the flags alone are the message
            if (late) timed_out_.store(true, std::memory_order_relaxed);
            const bool stopped = stop_.load(std::memory_order_relaxed) != 0;
            if (!late && !stopped && !has_failed()) continue;
            gone_.store(1, std::memory_order_relaxed);
            peer_.kill();
        }
    }

    [[nodiscard]] bool has_failed() const {
        const auto end = peer_.ended(0);
        return end && !end->good();
    }

    ChildProgram& peer_;
    const std::atomic<int>& stop_;
    std::atomic<int> gone_{0};
    std::atomic<bool> timed_out_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool over_ = false;
    std::thread thread_;  // the last member, because the thread uses all others
};

// The cause of a failed run: the most useful of all that are known.
Status cause_of(const Status& failure, const Watch& watch, const std::atomic<int>& stop) {
    if (is_stopped(stop)) return interrupted().error();
    if (watch.timed_out()) return {Code::kTimedOut, "the sending process took too long"};
    if (failure.code == Code::kInterrupted) return {Code::kPeerGone, "the sending process failed"};
    return failure;
}

// Receives from the peer and waits for its end. Returns the seconds from `began_s` until all bytes
// were received.
template <typename Receive>
Result<double> finish(ChildProgram& peer, const std::atomic<int>& stop, double began_s,
                      const Receive& receive) {
    Watch watch(peer, stop);
    auto received = receive(watch.gone());
    const double seconds = clock_s() - began_s;
    if (received) received = wait_for(peer);
    if (!received) return std::unexpected(cause_of(received.error(), watch, stop));
    return seconds;
}

Result<void> receive_section(const SectionAddress& section, std::uint64_t bytes,
                             const std::atomic<int>& gone) {
    auto reader = Reader::open({.address = section, .timeout = kPatience, .stop = &gone});
    if (!reader) return std::unexpected(reader.error());
    auto payload = reader->next();
    if (!payload) return std::unexpected(payload.error());
    std::uint64_t received_bytes = 0;
    while (true) {
        auto piece = reader->read();
        if (!piece) return std::unexpected(piece.error());
        if (piece->empty()) break;
        received_bytes += piece->size();
    }
    if (received_bytes != bytes) return fail(Code::kCorrupt, "the payload has another length");
    if (auto stored = reader->acknowledge(); !stored) return stored;
    payload = reader->next();
    if (!payload) return std::unexpected(payload.error());
    return reader->close();
}

class Mapping : public BenchWay {
  public:
    Mapping(const BenchSetting& setting, OpenFile errors)
        : BenchWay("mapping"), setting_(setting), errors_(std::move(errors)) {}
    // A writer that was killed leaves its section behind.
    ~Mapping() override { (void)remove_section(setting_.section, RemovePolicy::kAnyway); }

    Result<double> run(const BenchPayload& payload) override {
        if (auto ready = payload.file.rewind(); !ready) return std::unexpected(ready.error());
        std::vector<std::string> arguments = {
            "send",    "--name",    setting_.section.name,
            "--quiet", "--timeout", std::to_string(kPatience.count())};
        if (!setting_.section.backing_path.empty()) {
            arguments.emplace_back("--backing");
            arguments.push_back(setting_.section.backing_path);
        }
        arguments.emplace_back("-");
        const double began_s = clock_s();
        // The writer prints nothing on standard output, so that any file serves.
        auto peer = start_peer(arguments,
                               {.input = payload.file, .output = payload.file, .errors = &errors_});
        if (!peer) return std::unexpected(peer.error());
        auto seconds = finish(*peer, *setting_.stop, began_s, [&](const std::atomic<int>& gone) {
            return receive_section(setting_.section, payload.bytes, gone);
        });
        if (!seconds) seconds.error().message += last_words(errors_);
        return seconds;
    }

  private:
    BenchSetting setting_;
    OpenFile errors_;  // the writer's messages, which must not look like this program's
};

class Piped : public BenchWay {
  public:
    Piped(const BenchSetting& setting, const ChannelKind& kind)
        : BenchWay(kind.name), stop_(*setting.stop), kind_(kind) {}

    Result<double> run(const BenchPayload& payload) override {
        if (auto ready = payload.file.rewind(); !ready) return std::unexpected(ready.error());
        const double began_s = clock_s();
        auto channel = kind_.open();
        if (!channel) return std::unexpected(channel.error());
        auto peer = start_peer({kSendArgument}, {.input = payload.file, .output = channel->theirs});
        if (!peer) return std::unexpected(peer.error());
        channel->theirs.close();
        return finish(*peer, stop_, began_s, [&](const std::atomic<int>&) {
            return receive_checked(reading(channel->ours), payload.bytes);
        });
    }

  private:
    const std::atomic<int>& stop_;
    ChannelKind kind_;
};

// The other process writes a file, then this process reads it. All rounds use the same file, whose
// pages exist from the second round on.
class ThroughFile : public BenchWay {
  public:
    ThroughFile(const BenchSetting& setting, OpenFile file)
        : BenchWay(file_way_name()), stop_(*setting.stop), file_(std::move(file)) {}

    Result<double> run(const BenchPayload& payload) override {
        if (auto ready = payload.file.rewind(); !ready) return std::unexpected(ready.error());
        if (auto ready = file_.rewind(); !ready) return std::unexpected(ready.error());
        const double began_s = clock_s();
        auto peer = start_peer({kSendArgument}, {.input = payload.file, .output = file_});
        if (!peer) return std::unexpected(peer.error());
        return finish(*peer, stop_, began_s, [&](const std::atomic<int>&) -> Result<void> {
            if (auto written = wait_for(*peer); !written) return written;
            if (auto ready = file_.rewind(); !ready) return ready;
            return receive_checked(reading(file_), payload.bytes);
        });
    }

  private:
    const std::atomic<int>& stop_;
    OpenFile file_;
};

}  // namespace

int send_for_parent() {
    const OpenFile input = standard_input();
    const OpenFile output = standard_output();
    return send_checked(reading(input), writing(output)) ? 0 : exit_code(Code::kIo);
}

Result<BenchPayload> make_payload(const std::string& folder, std::uint64_t bytes) {
    auto file = make_nameless_file(folder);
    if (!file) return std::unexpected(file.error());
    std::vector<std::byte> block(std::size_t{256} << 10);
    std::uint64_t state = 0x9E3779B97F4A7C15u;
    for (std::uint64_t rest = bytes; rest > 0;) {
        for (std::size_t at = 0; at < block.size(); at += sizeof(state)) {
            // xorshift64 (Marsaglia 2003)
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            std::memcpy(&block[at], &state, sizeof(state));
        }
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(rest, block.size()));
        if (auto put = file->write(std::span<const std::byte>(block).first(piece)); !put)
            return std::unexpected(put.error());
        rest -= piece;
    }
    return BenchPayload{std::move(*file), bytes};
}

Result<std::vector<std::unique_ptr<BenchWay>>> make_ways(const BenchSetting& setting) {
    auto errors = make_nameless_file(setting.folder);
    if (!errors) return std::unexpected(errors.error());
    auto file = make_nameless_file(setting.folder);
    if (!file) return std::unexpected(file.error());
    std::vector<std::unique_ptr<BenchWay>> ways;
    ways.push_back(std::make_unique<Mapping>(setting, std::move(*errors)));
    for (const ChannelKind& kind : channel_kinds())
        ways.push_back(std::make_unique<Piped>(setting, kind));
    ways.push_back(std::make_unique<ThroughFile>(setting, std::move(*file)));
    return ways;
}

}  // namespace mapferry::cli
