// SPDX-License-Identifier: Apache-2.0
// The examples of the headers about sections and buffers, errors and texts. The header of that name
// prints the code between two marks (tests/structure/checks/header_examples.sh).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include "headers/in_thread.h"
#include "mapferry/fault_guard.h"
#include "mapferry/inspect.h"
#include "mapferry/printable_text.h"
#include "mapferry/section.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/shared_buffer_stream.h"
#include "mapferry/sharing.h"
#include "mapferry/writer.h"
#include "support/host.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace {

// [shared_buffer.h]
mapferry::Result<std::uint64_t> add_one(const std::string& name) {
    auto buffer = mapferry::SharedBuffer::open_or_create(
        {.address = {.name = name}, .size_bytes = 1024});
    if (!buffer) return std::unexpected(buffer.error());
    auto lock = buffer->lock(std::chrono::seconds(5));
    if (!lock) return std::unexpected(lock.error());
    const auto bytes = lock->writable_bytes();  // in place, as long as `lock` lives
    if (lock->previous_holder_died()) std::ranges::fill(bytes, std::byte{0});  // begin anew
    std::uint64_t count = 0;
    std::memcpy(&count, bytes.data(), sizeof count);
    ++count;
    std::memcpy(bytes.data(), &count, sizeof count);
    return count;
}
// [end of shared_buffer.h]

// [shared_buffer_stream.h]
mapferry::Result<std::string> swap_word(mapferry::SharedBuffer buffer,
                                        const std::string& word) {
    mapferry::SharedBufferStream stream(std::move(buffer));
    auto lock = stream.buffer().lock(std::chrono::seconds(5));
    if (!lock) return std::unexpected(lock.error());
    std::string old;
    stream.seekg(16) >> old;
    stream.clear();
    stream.seekp(16) << word << '\n';
    if (!stream)
        return std::unexpected(
            mapferry::Status{mapferry::Code::kUsage, "the word does not fit"});
    return old;
}
// [end of shared_buffer_stream.h]

// [fault_guard.h]
mapferry::Result<void> watch_record(const mapferry::SharedBuffer& buffer) {
    auto guarded = mapferry::install_fault_guard();  // a program does this once, in main()
    if (!guarded) return guarded;
    std::array<std::byte, 64> record = {};
    auto read = buffer.read_unlocked(0, record);
    if (!read) return std::unexpected(read.error());  // kIo, and no SIGBUS: it was cut
    return {};
}
// [end of fault_guard.h]

// [section.h]
mapferry::Result<int> remove_idle(const std::string& prefix) {
    auto names = mapferry::list_sections();
    if (!names) return std::unexpected(names.error());
    int removed = 0;
    for (const std::string& name : *names) {
        if (!name.starts_with(prefix)) continue;
        auto gone =
            mapferry::remove_section({.name = name}, mapferry::RemovePolicy::kRefuseLive);
        const bool is_busy = !gone && gone.error().code == mapferry::Code::kBusy;
        if (!gone && !is_busy) return std::unexpected(gone.error());
        removed += is_busy ? 0 : 1;
    }
    return removed;
}
// [end of section.h]

// [section_address.h]
mapferry::Result<mapferry::SectionAddress> address_of(const std::string& words) {
    mapferry::SectionAddress address = {.name = words};
    if (words.find('/') != std::string::npos)
        address = {.name = "", .backing_path = words};  // in a file instead of memory
    auto sound = mapferry::check_address(address);
    if (!sound) return std::unexpected(sound.error());
    return address;
}
// [end of section_address.h]

// [sharing.h]
mapferry::Result<std::uint64_t> count_for(const std::string& name,
                                          const std::string& group) {  // "group:video"
    auto sharing = mapferry::parse_sharing(group);
    if (!sharing) return std::unexpected(sharing.error());
    auto buffer = mapferry::SharedBuffer::open_or_create(
        {.address = {.name = name, .sharing = *sharing}, .size_bytes = 8});
    if (!buffer) return std::unexpected(buffer.error());
    auto lock = buffer->lock(std::chrono::seconds(5));
    if (!lock) return std::unexpected(lock.error());
    std::byte& count = lock->writable_bytes()[0];
    count = std::byte(std::to_integer<int>(count) + 1);
    return std::to_integer<std::uint64_t>(count);
}
// [end of sharing.h]

// [inspect.h]
mapferry::Result<std::string> state_of(const std::string& name) {
    auto report = mapferry::inspect_section({.name = name});
    if (!report) return std::unexpected(report.error());
    std::string text = mapferry::state_name(report->state);  // "open"
    for (const mapferry::PayloadReport& payload : report->payloads)
        text += ", " + payload.info.name;
    return report->writer_alive ? text : text + ", the writer has gone";
}
// [end of inspect.h]

// [status.h]
mapferry::Result<bool> is_there(const std::string& name) {
    if (name.empty())
        return std::unexpected(
            mapferry::Status{mapferry::Code::kUsage, "the name is empty"});
    auto report = mapferry::inspect_section({.name = name});
    if (report) return true;
    if (report.error().code == mapferry::Code::kNotFound) return false;
    std::fprintf(stderr, "%s\n", mapferry::describe(report.error()).c_str());
    return std::unexpected(report.error());
}
// [end of status.h]

// [printable_text.h]
std::string log_line(const mapferry::PayloadInfo& payload) {
    // Another process chose the name: "\x1b[2J" must not clear the screen.
    return "got " + mapferry::in_quotes(payload.name);
}
// [end of printable_text.h]

}  // namespace

namespace mapferry::testing {
namespace {

class SectionExamples : public ::testing::Test {
  protected:
    // Keeps the buffer alive on systems where it would end with its last process.
    [[nodiscard]] Result<SharedBuffer> hold_buffer(std::uint64_t size_bytes) const {
        return SharedBuffer::open_or_create(
            {.address = section_.address(), .size_bytes = size_bytes});
    }

    const UniqueSection section_;
};

TEST_F(SectionExamples, CountGrowsFromCallToCall) {
    const auto held = hold_buffer(1024);
    ASSERT_TRUE(succeeded(held));
    EXPECT_EQ(add_one(section_.name()), 1u);
    EXPECT_EQ(add_one(section_.name()), 2u);
    section_.remove();
}

TEST_F(SectionExamples, WordIsExchanged) {
    const auto held = hold_buffer(32);
    ASSERT_TRUE(succeeded(held));
    const auto opened = [&] {
        return SharedBuffer::open({.address = section_.address()}).value();
    };
    EXPECT_TRUE(succeeded(swap_word(opened(), "one")));
    EXPECT_EQ(swap_word(opened(), "two"), "one");
    EXPECT_EQ(swap_word(opened(), "far too long a word").error().code, Code::kUsage);
    section_.remove();
}

TEST_F(SectionExamples, CutBufferIsAnError) {
    const auto held = hold_buffer(1024);
    ASSERT_TRUE(succeeded(held));
    EXPECT_TRUE(succeeded(watch_record(*held)));
    if (has_object_files()) {
        std::filesystem::resize_file(object_file(section_.address()), 0);
        EXPECT_EQ(watch_record(*held).error().code, Code::kIo);
    }
    section_.remove();
}

TEST_F(SectionExamples, IdleSectionsAreRemovedAndBusyOnesStay) {
    const std::string prefix = unique_name() + "-";
    const auto make = [&](const std::string& end) {
        return Writer::create(
                   {.address = {.name = prefix + end}, .delivery = StreamDelivery::kKeep})
            .value();
    };
    Writer idle = make("idle");
    Writer busy = make("busy");
    ASSERT_TRUE(succeeded(idle.close()));
    EXPECT_EQ(remove_idle(prefix), 1);
    EXPECT_EQ(is_there(prefix + "idle"), false);
    EXPECT_EQ(is_there(prefix + "busy"), true);
    busy.abort(Code::kUsage);
}

TEST_F(SectionExamples, WordsAreANameOrAPath) {
    EXPECT_EQ(to_string(address_of("cam").value()), "section \"cam\"");
    EXPECT_EQ(to_string(address_of("/data/x.sect").value()),
              "section file \"/data/x.sect\"");
    EXPECT_EQ(address_of("two words").error().code, Code::kUsage);
}

TEST_F(SectionExamples, CountIsSharedWithAGroup) {
    SectionAddress shared = section_.address();
    shared.sharing = parse_sharing(group_of_this_user()).value();
    const auto held = SharedBuffer::open_or_create({.address = shared, .size_bytes = 8});
    ASSERT_TRUE(succeeded(held));
    EXPECT_EQ(count_for(section_.name(), group_of_this_user()), 1u);
    EXPECT_EQ(count_for(section_.name(), group_of_this_user()), 2u);
    EXPECT_EQ(count_for(section_.name(), "video").error().code, Code::kUsage);
    section_.remove();
}

TEST_F(SectionExamples, StateIsSeenFromOutside) {
    auto writer =
        Writer::create({.address = section_.address(), .delivery = StreamDelivery::kKeep});
    ASSERT_TRUE(succeeded(writer));
    EXPECT_EQ(state_of(section_.name()), "new");
    ASSERT_TRUE(succeeded(writer->begin({.name = "a.txt"})));
    EXPECT_EQ(state_of(section_.name()), "open, a.txt");
    ASSERT_TRUE(succeeded(writer->end()));
    ASSERT_TRUE(succeeded(writer->close()));
    EXPECT_EQ(state_of(section_.name()), "ended, a.txt, the writer has gone");
    section_.remove();
    EXPECT_EQ(state_of(section_.name()).error().code, Code::kNotFound);
}

TEST_F(SectionExamples, MissingSectionIsNoError) {
    EXPECT_EQ(is_there(section_.name()), false);
    EXPECT_EQ(is_there("").error().code, Code::kUsage);
    EXPECT_EQ(is_there("a/b").error().code, Code::kUsage);
}

TEST_F(SectionExamples, NameOfAnotherProcessObeysNothing) {
    EXPECT_EQ(log_line({.name = "\x1b[2J"}), "got \"\\x1b[2J\"");
}

}  // namespace
}  // namespace mapferry::testing
