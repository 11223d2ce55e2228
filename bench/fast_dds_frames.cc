// SPDX-License-Identifier: Apache-2.0
// Fast-DDS 2.9: frames in the shared memory of its data sharing. Its type is plain and has a fixed
// size, so that a writer can lend a sample of it and a reader sees it where it lies. Everything
// else, discovery too, goes through its shared-memory transport: it opens no socket.
#include <fastdds/rtps/transport/shared_mem/SharedMemTransportDescriptor.h>
#include <fastdds/dds/core/condition/WaitSet.hpp>
#include <fastdds/dds/domain/DomainParticipant.hpp>
#include <fastdds/dds/domain/DomainParticipantFactory.hpp>
#include <fastdds/dds/publisher/DataWriter.hpp>
#include <fastdds/dds/publisher/Publisher.hpp>
#include <fastdds/dds/subscriber/DataReader.hpp>
#include <fastdds/dds/subscriber/SampleInfo.hpp>
#include <fastdds/dds/subscriber/Subscriber.hpp>
#include <fastdds/dds/topic/TopicDataType.hpp>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "bench/fast_dds_leftovers.h"
#include "bench/frame_way.h"
#include "mapferry/detail/hash.h"

namespace mapferry::bench {

namespace {

namespace dds = eprosima::fastdds::dds;
using eprosima::fastrtps::types::ReturnCode_t;

constexpr const char* kTypeName = "mapferry_bench_frame";
constexpr std::size_t kHeaderBytes = 4;  // the head of every serialized sample
constexpr std::int32_t kQueuedFrames = 3;
// The frames that may wait unseen: one slot is being read, and one more is being written.
constexpr unsigned kUnseenFrames = 2;
const eprosima::fastrtps::Duration_t kPatience(30, 0);
constexpr const char* kOptions =
    "tuned: data sharing required, RELIABLE, KEEP_LAST 3, the shared-memory transport alone";
constexpr const char* kFlatOutOptions = "acknowledgements of every two frames";

// Ends the process at once: the threads of Fast-DDS do not survive the destructors of exit(), and
// the starter of this process removes its files.
[[noreturn]] void fail(const std::string& why) {
    std::cerr << "bench: error: Fast-DDS: " << why << std::endl;
    std::_Exit(1);
}

void must(bool is_done, const char* what) {
    if (!is_done) fail(std::string(what) + " failed");
}

void must(const ReturnCode_t& code, const char* what) {
    if (code != ReturnCode_t::RETCODE_OK)
        fail(std::string(what) + " returned " + std::to_string(code()));
}

using Payload = eprosima::fastrtps::rtps::SerializedPayload_t;

// Frames of one size: an array of bytes and nothing else.
class FrameType : public dds::TopicDataType {
  public:
    explicit FrameType(std::size_t frame_bytes) : bytes_(frame_bytes) {
        setName(kTypeName);
        m_typeSize = static_cast<std::uint32_t>(kHeaderBytes + bytes_);
        m_isGetKeyDefined = false;
    }
    bool serialize(void* data, Payload* payload) override {
        const std::byte head[kHeaderBytes] = {std::byte{0}, std::byte{1}};  // little-endian CDR
        std::memcpy(payload->data, head, kHeaderBytes);
        std::memcpy(payload->data + kHeaderBytes, data, bytes_);
        payload->encapsulation = 1;
        payload->length = m_typeSize;
        return true;
    }
    bool deserialize(Payload* payload, void* data) override {
        if (payload->length != m_typeSize) return false;
        std::memcpy(data, payload->data + kHeaderBytes, bytes_);
        return true;
    }
    std::function<std::uint32_t()> getSerializedSizeProvider(void*) override {
        return [size = m_typeSize] { return size; };
    }
    void* createData() override { return new std::byte[bytes_]; }
    void deleteData(void* data) override { delete[] static_cast<std::byte*>(data); }
    bool getKey(void*, eprosima::fastrtps::rtps::InstanceHandle_t*, bool) override { return false; }
    [[nodiscard]] bool is_bounded() const override { return true; }
    [[nodiscard]] bool is_plain() const override { return true; }
    [[nodiscard]] bool construct_sample(void*) const override { return true; }

  private:
    std::size_t bytes_;
};

// Both sides take it from the channel, so that rounds and other programs do not hear each other.
std::uint32_t domain_of(const FrameTask& task) {
    constexpr std::uint32_t kFirst = 20;
    constexpr std::uint32_t kDomains = 200;  // the ports of domains above 232 are not valid
    const std::uint64_t hash = xxh3_64(std::as_bytes(std::span(task.channel)));
    return kFirst + static_cast<std::uint32_t>(hash % kDomains);
}

dds::DomainParticipantQos participant_qos() {
    dds::DomainParticipantQos qos;
    qos.transport().use_builtin_transports = false;
    qos.transport().user_transports.push_back(
        std::make_shared<eprosima::fastdds::rtps::SharedMemTransportDescriptor>());
    return qos;
}

// Everything else is as it is by default.
template <typename Qos>
Qos queue_qos() {
    Qos qos;
    qos.data_sharing().on("");  // no entity at all rather than copies on the way
    qos.reliability().kind = dds::RELIABLE_RELIABILITY_QOS;
    qos.history().kind = dds::KEEP_LAST_HISTORY_QOS;
    qos.history().depth = kQueuedFrames;
    return qos;
}

// A participant with one topic. It removes all of its entities.
class Participant {
  public:
    explicit Participant(const FrameTask& task) {
        auto* const factory = dds::DomainParticipantFactory::get_instance();
        native_ = factory->create_participant(domain_of(task), participant_qos());
        must(native_ != nullptr, "no participant");
        must(native_->register_type(dds::TypeSupport(new FrameType(task.frame_bytes))),
             "register_type");
        topic_ = native_->create_topic(task.channel, kTypeName, dds::TOPIC_QOS_DEFAULT);
        must(topic_ != nullptr, "no topic");
    }
    ~Participant() {
        native_->delete_contained_entities();
        dds::DomainParticipantFactory::get_instance()->delete_participant(native_);
    }
    Participant(const Participant&) = delete;
    Participant& operator=(const Participant&) = delete;
    [[nodiscard]] dds::DomainParticipant& get() const { return *native_; }
    [[nodiscard]] dds::Topic* topic() const { return topic_; }

  private:
    dds::DomainParticipant* native_ = nullptr;
    dds::Topic* topic_ = nullptr;
};

// The receiver makes this file when it has found the sender.
std::string found_path(const FrameTask& task) {
    return task.folder + "/receiver-has-found-sender";
}

class Sender : public FrameSender {
  public:
    explicit Sender(const FrameTask& task)
        : bytes_(task.frame_bytes),
          pace_(task.pace),
          found_path_(found_path(task)),
          participant_(task) {
        auto* const publisher = participant_.get().create_publisher(dds::PUBLISHER_QOS_DEFAULT);
        must(publisher != nullptr, "no publisher");
        writer_ =
            publisher->create_datawriter(participant_.topic(), queue_qos<dds::DataWriterQos>());
        must(writer_ != nullptr, "no writer");
    }
    // Each side finds the other one at its own time, and a frame before either of them is lost.
    void wait_for_receiver() override {
        dds::PublicationMatchedStatus status;
        while (status.current_count == 0 || !std::filesystem::exists(found_path_)) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            must(writer_->get_publication_matched_status(status), "matched status");
        }
    }
    std::span<std::byte> loan() override {
        void* sample = nullptr;
        ReturnCode_t code = writer_->loan_sample(sample);
        while (code == ReturnCode_t::RETCODE_OUT_OF_RESOURCES) {
            std::this_thread::yield();
            code = writer_->loan_sample(sample);
        }
        must(code, "loan_sample");
        loan_ = static_cast<std::byte*>(sample);
        return {loan_, bytes_};
    }
    void send_loan() override { write(loan_); }
    void send_copy(std::span<const std::byte> frame) override {
        write(const_cast<std::byte*>(frame.data()));  // write() only reads it
    }

  private:
    // Flat out: the history "keep all" does not hold up a writer that shares its data, so frames
    // were lost. Acknowledgements do: a frame has one as soon as the receiver has taken it.
    void write(void* sample) {
        if (pace_ == Pace::kFlatOut && unseen_ == kUnseenFrames) {
            must(writer_->wait_for_acknowledgments(kPatience), "wait_for_acknowledgments");
            unseen_ = 0;
        }
        must(writer_->write(sample), "write");
        ++unseen_;
    }

    std::size_t bytes_;
    Pace pace_;
    unsigned unseen_ = 0;  // frames without an acknowledgement, at most
    std::string found_path_;
    Participant participant_;
    dds::DataWriter* writer_ = nullptr;
    std::byte* loan_ = nullptr;
};

class Receiver : public FrameReceiver {
  public:
    explicit Receiver(const FrameTask& task) : bytes_(task.frame_bytes), participant_(task) {
        auto* const subscriber = participant_.get().create_subscriber(dds::SUBSCRIBER_QOS_DEFAULT);
        must(subscriber != nullptr, "no subscriber");
        reader_ =
            subscriber->create_datareader(participant_.topic(), queue_qos<dds::DataReaderQos>());
        must(reader_ != nullptr, "no reader");
        dds::StatusCondition& condition = reader_->get_statuscondition();
        must(condition.set_enabled_statuses(dds::StatusMask::data_available()), "statuses");
        must(waitset_.attach_condition(condition), "attach_condition");
        wait_for_sender();
        std::ofstream(found_path(task)).flush();
    }
    ~Receiver() override { release(); }
    [[nodiscard]] bool checks_on_the_way() const override { return false; }
    std::span<const std::byte> receive(ContentCheck&) override {
        release();
        while (!try_take()) {
            dds::ConditionSeq active;
            must(waitset_.wait(active, kPatience), "wait");
        }
        return {&frames_[0], bytes_};
    }
    // A writer may take back the memory of a frame that the reader still looks at.
    bool is_right(ContentCheck& check, std::span<const std::byte> frame) override {
        const bool is_right = check.is_right(frame);
        if (!reader_->is_sample_valid(&frames_[0], &infos_[0]))
            fail("the writer has taken back a frame that was being read");
        return is_right;
    }

  private:
    void wait_for_sender() {
        dds::SubscriptionMatchedStatus status;
        while (status.current_count == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            must(reader_->get_subscription_matched_status(status), "matched status");
        }
    }
    bool try_take() {
        const ReturnCode_t code = reader_->take(frames_, infos_, 1);
        if (code == ReturnCode_t::RETCODE_NO_DATA) return false;
        must(code, "take");
        if (infos_[0].valid_data) {
            note_lost();
            return true;
        }
        release();
        return false;
    }
    void note_lost() {
        dds::SampleLostStatus lost;
        must(reader_->get_sample_lost_status(lost), "sample lost status");
        if (lost.total_count > 0) fail(std::to_string(lost.total_count) + " frames were lost");
    }
    void release() {
        if (frames_.length() > 0) must(reader_->return_loan(frames_, infos_), "return_loan");
    }

    std::size_t bytes_;
    Participant participant_;
    dds::DataReader* reader_ = nullptr;
    dds::WaitSet waitset_;
    dds::LoanableSequence<std::byte> frames_;
    dds::SampleInfoSeq infos_;
};

std::unique_ptr<FrameSender> make_sender(const FrameTask& task) {
    return std::make_unique<Sender>(task);
}

std::unique_ptr<FrameReceiver> make_receiver(const FrameTask& task) {
    return std::make_unique<Receiver>(task);
}

}  // namespace

void add_fast_dds_ways(std::vector<FrameWay>& ways) {
    ways.push_back({.name = "Fast-DDS loan",
                    .kind = Kind::kHandOver,
                    .make_sender = make_sender,
                    .make_receiver = make_receiver,
                    .options = kOptions,
                    .flat_out_options = kFlatOutOptions,
                    .clean_up = remove_fast_dds_leftovers});
    ways.push_back({.name = "Fast-DDS copy",
                    .kind = Kind::kCopy,
                    .make_sender = make_sender,
                    .make_receiver = make_receiver,
                    .options = kOptions,
                    .flat_out_options = kFlatOutOptions,
                    .clean_up = remove_fast_dds_leftovers});
}

}  // namespace mapferry::bench
