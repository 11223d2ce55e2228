// SPDX-License-Identifier: Apache-2.0
// The examples of the headers about payloads. The header of that name prints the code between two
// marks (tests/structure/checks/header_examples.sh), and the tests run it.
#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "headers/in_thread.h"
#include "mapferry/file_name.h"
#include "mapferry/output.h"
#include "mapferry/reader.h"
#include "mapferry/receive.h"
#include "mapferry/send.h"
#include "mapferry/source.h"
#include "mapferry/writer.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace {

// [writer.h]
mapferry::Result<void> send_bytes(const std::string& name,
                                  std::span<const std::byte> bytes) {
    auto writer = mapferry::Writer::create({.address = {.name = name}});
    if (!writer) return std::unexpected(writer.error());
    if (auto came = writer->wait_for_readers(1); !came) return came;
    auto begun = writer->begin({.name = "photo.bmp", .payload_bytes = bytes.size()});
    if (!begun) return begun;
    if (auto written = writer->write(bytes); !written) return written;
    if (auto ended = writer->end(); !ended) return std::unexpected(ended.error());
    auto report = writer->close();  // the reader has all of it
    return report ? mapferry::Result<void>() : std::unexpected(report.error());
}
// [end of writer.h]

// [reader.h]
mapferry::Result<void> take_all(const std::string& name, std::vector<std::byte>& all) {
    auto reader = mapferry::Reader::open({.address = {.name = name}});  // waits for it
    if (!reader) return std::unexpected(reader.error());
    while (true) {
        auto payload = reader->next();
        if (!payload) return std::unexpected(payload.error());
        if (!*payload) return reader->close();  // the writer has ended
        auto bytes = reader->read();  // they passed their checksum; empty at the end
        for (; bytes && !bytes->empty(); bytes = reader->read())
            all.insert(all.end(), bytes->begin(), bytes->end());
        if (!bytes) return std::unexpected(bytes.error());
        if (auto stored = reader->acknowledge(); !stored) return stored;
    }
}
// [end of reader.h]

// [send.h]
mapferry::Result<void> send_file(const std::string& name, const std::string& path) {
    auto source = mapferry::Source::open_file(path);
    if (!source) return std::unexpected(source.error());
    auto writer = mapferry::Writer::create({.address = {.name = name}});
    if (!writer) return std::unexpected(writer.error());
    if (auto came = writer->wait_for_readers(1); !came) return came;
    auto sent = mapferry::send_payload(*writer, *source, {});
    if (!sent)
        return std::unexpected(sent.error());  // the writer aborts at its destruction
    auto report = writer->close();             // the reader has stored the file
    return report ? mapferry::Result<void>() : std::unexpected(report.error());
}
// [end of send.h]

// [receive.h]
mapferry::Result<void> receive_file(const std::string& name, const std::string& path) {
    auto reader = mapferry::Reader::open({.address = {.name = name}});  // waits for it
    if (!reader) return std::unexpected(reader.error());
    auto info = reader->next();
    if (!info) return std::unexpected(info.error());
    if (!*info)
        return std::unexpected(mapferry::Status{mapferry::Code::kNotFound, "no file came"});
    const auto source = (*info)->source;  // a file is never written over itself
    auto output = mapferry::Output::to_file(path, mapferry::Overwrite::kRefuse, source);
    if (!output) return std::unexpected(output.error());
    auto received = mapferry::receive_payload(*reader, *output, {});
    if (!received) return std::unexpected(received.error());  // there is no file at `path`
    if (auto stored = reader->acknowledge(); !stored) return stored;
    return reader->close();
}
// [end of receive.h]

// [source.h]
mapferry::Result<void> send_with_note(mapferry::Writer& writer, const std::string& path) {
    auto file = mapferry::Source::open_file(path);
    if (!file) return std::unexpected(file.error());
    auto note = mapferry::Source::from_text("the next payload is " + file->info().name);
    for (mapferry::Source* source : {&note, &*file}) {
        auto sent = mapferry::send_payload(writer, *source, {});
        if (!sent) return std::unexpected(sent.error());
    }
    return {};
}
// [end of source.h]

// [output.h]
mapferry::Result<void> store(const std::string& path, std::span<const std::byte> bytes) {
    auto output = mapferry::Output::to_file(path, mapferry::Overwrite::kReplace, {});
    if (!output) return std::unexpected(output.error());
    if (auto written = output->write(bytes); !written) return written;
    return output->commit({});  // the file is there, whole; before that `path` is as it was
}
// [end of output.h]

// [file_name.h]
mapferry::Result<std::string> path_in(const std::string& folder,
                                      const mapferry::PayloadInfo& payload) {
    auto name = mapferry::filter_file_name(payload.name);
    if (!name) return name;  // it was "../.profile", or empty
    return folder + '/' + *name;
}
// [end of file_name.h]

}  // namespace

namespace mapferry::testing {
namespace {

class PayloadExamples : public ::testing::Test {
  protected:
    const UniqueSection section_;
    const ScratchFolder folder_;
};

TEST_F(PayloadExamples, BytesPassFromWriterToReader) {
    const Bytes bytes = random_bytes(3'000'000);
    const InThread sender([&] { return send_bytes(section_.name(), bytes); });
    Bytes taken;
    EXPECT_TRUE(succeeded(take_all(section_.name(), taken)));
    EXPECT_TRUE(taken == bytes);
}

TEST_F(PayloadExamples, FilePassesFromSenderToReceiver) {
    const std::string from = folder_.file("from");
    const std::string to = folder_.file("to");
    write_random_file(from, 3'000'000);
    {
        const InThread sender([&] { return send_file(section_.name(), from); });
        EXPECT_TRUE(succeeded(receive_file(section_.name(), to)));
    }
    EXPECT_TRUE(same_content(from, to));
    EXPECT_EQ(send_file(section_.name(), folder_.file("none")).error().code,
              Code::kNotFound);
}

TEST_F(PayloadExamples, NoteComesBeforeItsFile) {
    write_file(folder_.file("a.txt"), std::string("text"));
    auto writer = Writer::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    const InThread sender([&]() -> Result<void> {
        if (auto came = writer->wait_for_readers(1); !came) return came;
        if (auto sent = send_with_note(*writer, folder_.file("a.txt")); !sent) return sent;
        auto report = writer->close();
        return report ? Result<void>() : std::unexpected(report.error());
    });
    Bytes taken;
    EXPECT_TRUE(succeeded(take_all(section_.name(), taken)));
    EXPECT_TRUE(taken == bytes_of("the next payload is a.txttext"));
}

TEST_F(PayloadExamples, OutputReplacesAFile) {
    const std::string path = folder_.file("a");
    write_file(path, std::string("old"));
    EXPECT_TRUE(succeeded(store(path, bytes_of("new"))));
    EXPECT_EQ(read_text(path), "new");
    EXPECT_EQ(folder_.names(), std::vector<std::string>{"a"});
}

TEST_F(PayloadExamples, NameFromAnotherProcessStaysInTheFolder) {
    EXPECT_EQ(path_in("in", {.name = "a.bmp"}), "in/a.bmp");
    EXPECT_EQ(path_in("in", {.name = "../.profile"}).error().code, Code::kCannotCreate);
    EXPECT_EQ(path_in("in", {}).error().code, Code::kCannotCreate);
}

}  // namespace
}  // namespace mapferry::testing
