// SPDX-License-Identifier: Apache-2.0
// Boost.Interprocess: its message queue, and a way that people build by hand from its parts: a
// region for one frame and two semaphores. A name is removed as soon as both sides have the object.
#include <boost/interprocess/ipc/message_queue.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/shared_memory_object.hpp>
#include <boost/interprocess/sync/interprocess_semaphore.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <new>
#include <optional>
#include <thread>

#include "bench/frame_way.h"

namespace mapferry::bench {

namespace {

namespace ipc = boost::interprocess;

constexpr std::size_t kQueuedFrames = 4;

// Tries until the other side has made the object.
template <typename Open>
void open_when_there(const Open& open) {
    while (true) {
        try {
            if (open()) return;
        } catch (const ipc::interprocess_exception& failure) {
            if (failure.get_error_code() != ipc::not_found_error) give_up(failure.what());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

// The receiver makes the queue and the sender opens it.
class QueueSender : public FrameSender {
  public:
    explicit QueueSender(const FrameTask& task) : name_(task.channel) {}
    void wait_for_receiver() override {
        open_when_there([this] {
            queue_.emplace(ipc::open_only, name_.c_str());
            return true;
        });
        ipc::message_queue::remove(name_.c_str());
    }
    std::span<std::byte> loan() override { return {}; }
    void send_loan() override {}
    void send_copy(std::span<const std::byte> frame) override {
        queue_->send(frame.data(), frame.size(), 0);
    }

  private:
    std::string name_;
    std::optional<ipc::message_queue> queue_;
};

class QueueReceiver : public FrameReceiver {
  public:
    explicit QueueReceiver(const FrameTask& task)
        : frame_(task.frame_bytes),
          queue_(ipc::create_only, task.channel.c_str(), kQueuedFrames, task.frame_bytes,
                 ipc::permissions(0600)) {}
    [[nodiscard]] bool checks_on_the_way() const override { return false; }
    std::span<const std::byte> receive(ContentCheck&) override {
        ipc::message_queue::size_type bytes = 0;
        unsigned priority = 0;
        queue_.receive(frame_.data(), frame_.size(), bytes, priority);
        return std::span(frame_).first(bytes);
    }

  private:
    std::vector<std::byte> frame_;
    ipc::message_queue queue_;
};

struct RegionHead {
    std::atomic<std::uint32_t> ready = 0;
    ipc::interprocess_semaphore empty{1};
    ipc::interprocess_semaphore full{0};
};
constexpr std::size_t kRegionHeadBytes = 4096;
static_assert(sizeof(RegionHead) <= kRegionHeadBytes);

class Region {
  public:
    // Empty until the other side has given the region its size and its head.
    static std::optional<Region> open(const std::string& name, std::size_t frame_bytes) {
        ipc::shared_memory_object object(ipc::open_only, name.c_str(), ipc::read_write);
        ipc::offset_t bytes = 0;
        if (!object.get_size(bytes) || bytes == 0) return std::nullopt;
        Region region(object, frame_bytes);
        // acquire: partner is the store in make()
        if (region.head().ready.load(std::memory_order_acquire) == 0) return std::nullopt;
        ipc::shared_memory_object::remove(name.c_str());
        return region;
    }
    static Region make(const std::string& name, std::size_t frame_bytes) {
        ipc::shared_memory_object object(ipc::create_only, name.c_str(), ipc::read_write,
                                         ipc::permissions(0600));
        object.truncate(static_cast<ipc::offset_t>(kRegionHeadBytes + frame_bytes));
        Region region(object, frame_bytes);
        new (region.region_.get_address()) RegionHead;
        // release: partner is the load in open()
        region.head().ready.store(1, std::memory_order_release);
        return region;
    }
    [[nodiscard]] RegionHead& head() { return *static_cast<RegionHead*>(region_.get_address()); }
    [[nodiscard]] std::span<std::byte> frame() {
        return {static_cast<std::byte*>(region_.get_address()) + kRegionHeadBytes, frame_bytes_};
    }

  private:
    Region(const ipc::shared_memory_object& object, std::size_t frame_bytes)
        : region_(object, ipc::read_write), frame_bytes_(frame_bytes) {}
    ipc::mapped_region region_;
    std::size_t frame_bytes_;
};

class RegionSender : public FrameSender {
  public:
    explicit RegionSender(const FrameTask& task) : task_(task) {}
    void wait_for_receiver() override {
        open_when_there([this] {
            region_ = Region::open(task_.channel, task_.frame_bytes);
            return region_.has_value();
        });
    }
    std::span<std::byte> loan() override {
        region_->head().empty.wait();
        return region_->frame();
    }
    void send_loan() override { region_->head().full.post(); }
    void send_copy(std::span<const std::byte> frame) override {
        std::ranges::copy(frame, loan().begin());
        send_loan();
    }

  private:
    FrameTask task_;
    std::optional<Region> region_;
};

class RegionReceiver : public FrameReceiver {
  public:
    explicit RegionReceiver(const FrameTask& task)
        : region_(Region::make(task.channel, task.frame_bytes)) {}
    [[nodiscard]] bool checks_on_the_way() const override { return false; }
    std::span<const std::byte> receive(ContentCheck&) override {
        if (holds_frame_) region_.head().empty.post();
        region_.head().full.wait();
        holds_frame_ = true;
        return region_.frame();
    }

  private:
    Region region_;
    bool holds_frame_ = false;
};

template <typename Type>
std::unique_ptr<FrameSender> make_sender(const FrameTask& task) {
    return std::make_unique<Type>(task);
}

template <typename Type>
std::unique_ptr<FrameReceiver> make_receiver(const FrameTask& task) {
    return std::make_unique<Type>(task);
}

}  // namespace

void add_boost_ways(std::vector<FrameWay>& ways) {
    ways.push_back({.name = "Boost mapped_region, in place",
                    .kind = Kind::kHandOver,
                    .make_sender = make_sender<RegionSender>,
                    .make_receiver = make_receiver<RegionReceiver>,
                    .options = "tuned: built by hand, one frame and two semaphores"});
    ways.push_back({.name = "Boost mapped_region and semaphores",
                    .kind = Kind::kCopy,
                    .make_sender = make_sender<RegionSender>,
                    .make_receiver = make_receiver<RegionReceiver>,
                    .options = "tuned: built by hand, one frame and two semaphores"});
    ways.push_back({.name = "Boost message_queue",
                    .kind = Kind::kCopy,
                    .make_sender = make_sender<QueueSender>,
                    .make_receiver = make_receiver<QueueReceiver>,
                    .options = "tuned: 4 messages of a frame's size"});
}

}  // namespace mapferry::bench
