// SPDX-License-Identifier: Apache-2.0
// Frames that say what they are: arrays of NumPy, metadata, the stream's own description. What
// payloads say of themselves.
#include <algorithm>
#include <span>

#include "mapferry/frame_writer.h"
#include "mapferry/npy.h"
#include "process/frame_passing.h"

namespace mapferry::testing {
namespace {

class TypedFrames : public FramePassing {};

// An .npy file with these elements; their values count up.
Bytes array(const char* type, const std::vector<std::uint64_t>& shape) {
    const auto tensor = describe_tensor(type, shape);
    Bytes file = make_npy_header(tensor.value()).value();
    const Bytes elements = random_bytes(static_cast<std::size_t>(tensor_bytes(*tensor).value()));
    file.insert(file.end(), elements.begin(), elements.end());
    return file;
}

// ---- arrays ------------------------------------------------------------------------------------

TEST_F(TypedFrames, ArraysComeOutAsTheyWentIn) {
    const Bytes first = array("float32", {1, 3, 4, 5});
    const Bytes second = array("uint8", {7});
    const Both both =
        pass({store("a.npy", first), store("b.npy", second)}, {"--json", "-o", out("%d.npy")});
    const auto frames = frames_of(both);
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(frames[0].at("tensor").dump(), R"({"shape":[1,3,4,5],"type":"float32"})");
    EXPECT_EQ(frames[0].at("bytes"), 240);
    EXPECT_EQ(frames[1].at("tensor").dump(), R"({"shape":[7],"type":"uint8"})");
    EXPECT_EQ(json_event(both.reader.output, "end").at("tensor").at("type"), "uint8");
    EXPECT_TRUE(read_file(out("1.npy")) == first);
    EXPECT_TRUE(read_file(out("2.npy")) == second);
}

TEST_F(TypedFrames, EachArrayOfAStreamIsAFrame) {
    const Bytes first = array("int64", {2, 2});
    const Bytes second = array("complex64", {});
    const Both both =
        pass({"-", "--loop", "--count", "5"}, {"-q", "-o", out("%d.npy")}, joined({first, second}));
    EXPECT_TRUE(ended_with(0, both.reader));
    EXPECT_TRUE(ended_with(0, both.writer));
    EXPECT_TRUE(contains(both.writer.errors, "several shapes")) << both.writer.errors;
    for (const char* const name : {"1.npy", "3.npy", "5.npy"})
        EXPECT_TRUE(read_file(out(name)) == first) << name;
    for (const char* const name : {"2.npy", "4.npy"})
        EXPECT_TRUE(read_file(out(name)) == second) << name;
}

TEST_F(TypedFrames, ArraysAndPicturesMayBeMixed) {
    const std::string picture = std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp";
    const auto frames =
        frames_of(pass({store("a.npy", array("bool", {3})), picture}, {"--json", "--null"}));
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_TRUE(frames[0].contains("tensor") && !frames[0].contains("image"));
    EXPECT_TRUE(frames[1].contains("image") && !frames[1].contains("tensor"));
}

TEST_F(TypedFrames, BadArrayAmongOthersCostsItsFile) {
    const Bytes good = array("uint16", {9});
    Bytes big_endian = good;
    std::ranges::replace(big_endian, std::byte{'<'}, std::byte{'>'});
    const Both both = pass({store("good.npy", good), store("big.npy", big_endian),
                            store("cut.npy", {good.begin(), good.end() - 1}),
                            store("two.npy", joined({good, bytes_of("what follows the array")})),
                            store("empty.npy", array("uint16", {0})), store("last.npy", good)},
                           {"-q", "-o", out("%d.npy")});
    EXPECT_TRUE(ended_with(0, both.reader));
    EXPECT_TRUE(ended_with(kExitUsage, both.writer)) << "the first error's";
    for (const char* const reason :
         {"big.npy: the elements of the array are big-endian", "newbyteorder",
          "cut.npy: it ends in the middle of an array", "two.npy: it is no .npy file",
          "empty.npy: uint16 [0] has no elements", "4 frames were left out"})
        EXPECT_TRUE(contains(both.writer.errors, reason)) << reason << " in " << both.writer.errors;
    EXPECT_EQ(ScratchFolder::names_in(out_).size(), 3u) << "good, the first of two, last";
}

TEST_F(TypedFrames, ArrayThatCantBeSentIsRefusedBeforeAnybodyWaits) {
    Bytes columns = array("float64", {2, 3});
    const std::string is_false = "False, ";
    const auto at = std::ranges::search(columns, bytes_of(is_false)).begin();
    std::ranges::copy(bytes_of("True,  "), at);
    const Ended writer = run_writer({"--frames", store("columns.npy", columns)});
    EXPECT_TRUE(ended_with(kExitUsage, writer));
    EXPECT_TRUE(contains(writer.errors, "np.ascontiguousarray")) << writer.errors;
    EXPECT_FALSE(section_.exists());
}

TEST_F(TypedFrames, ArrayOverTheLimitSaysHowToAllowIt) {
    const std::string large = store("large.npy", array("uint8", {5000}));
    const Both both = pass({large, store("small.npy", array("uint8", {10})), "--slot-size", "4096"},
                           {"-q", "-o", out("%d.npy")});
    EXPECT_TRUE(ended_with(0, both.reader));
    EXPECT_TRUE(ended_with(kExitUsage, both.writer));
    EXPECT_TRUE(contains(both.writer.errors, "--slot-size")) << both.writer.errors;
}

TEST_F(TypedFrames, FrameThatIsNoArrayIsNotStoredAsOne) {
    const std::string picture = std::string(MAPFERRY_DATA_PATH) + "/landscape-bgr24-149x83.bmp";
    const Both both = pass({picture}, {"-o", out("one.npy")});
    EXPECT_TRUE(ended_with(kExitUsage, both.reader));
    EXPECT_TRUE(contains(both.reader.errors, "the frame is no array")) << both.reader.errors;
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

TEST_F(TypedFrames, PayloadOfAnArrayIsDescribed) {
    const std::string source = store("a.npy", array("float32", {1, 3, 224, 224}));
    ASSERT_TRUE(keep({source}));
    const Ended info = run_tool({"info", section_.name()});
    EXPECT_TRUE(contains(info.output, "float32 [1, 3, 224, 224]")) << info.output;
    const Ended reader = run_reader({"--json", "--consume", "-o", out("b.npy")});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_EQ(json_event(reader.output, "payload").at("tensor").at("shape").dump(),
              "[1,3,224,224]");
    EXPECT_TRUE(same_content(source, out("b.npy")));
}

// ---- metadata ----------------------------------------------------------------------------------

TEST_F(TypedFrames, MetadataOfTheCommandLineAreOnEveryFrame) {
    const std::string one = store("a.npy", array("uint8", {1}));
    const auto frames = frames_of(
        pass({one, one, "--meta", "lens=50mm", "--meta", "room=a=b"}, {"--json", "--null"}));
    ASSERT_EQ(frames.size(), 2u);
    for (const nlohmann::json& frame : frames) {
        EXPECT_EQ(frame.at("content_type"), "application/json");
        EXPECT_EQ(frame.at("metadata").dump(), R"({"lens":"50mm","room":"a=b"})");
    }
}

TEST_F(TypedFrames, MetadataOfAFileArriveAsTheyAre) {
    const std::string one = store("a.npy", array("uint8", {1}));
    const std::string json = store("m.json", bytes_of("{\"boxes\": [[1, 2.5]],\n \"ok\": null}"));
    const auto frames = frames_of(pass({one, "--meta-json", json}, {"--json", "--null"}));
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].at("metadata").dump(), R"({"boxes":[[1,2.5]],"ok":null})");
    EXPECT_EQ(frames[0].at("metadata_bytes"), 34);
}

TEST_F(TypedFrames, MetadataThatAreNoneAreRefused) {
    const std::string one = store("a.npy", array("uint8", {1}));
    const std::string bad = store("m.json", bytes_of("{\"a\": "));
    const std::string large = store("l.json", bytes_of("\"" + std::string(65536, 'x') + "\""));
    const std::string list = store("list.json", bytes_of("[1]"));
    const std::string deep = store("deep.json", bytes_of("{\"a\": {}}"));
    const std::string long_text = store("long.txt", bytes_of(std::string(65537, 'x')));
    for (const Words& words : {Words{"--frames", one, "--meta", "lens"},
                               {"--frames", one, "--meta", "=50mm"},
                               {"--frames", one, "--meta", "a=1", "--meta", "a=2"},
                               {"--frames", one, "--meta", "a=1", "--meta-json", bad},
                               {"--frames", one, "--meta-json", bad},
                               {"--frames", one, "--meta-json", large},
                               {"--frames", one, "--describe", "@" + long_text},
                               {one, "--meta", "lens"},
                               {one, "--meta-json", bad},
                               {one, "--meta-json", list},
                               {one, "--meta-json", deep},
                               {one, "--describe", "x"},
                               {one, "--meta", "a=" + std::string(3000, 'x')},
                               {"--buffer", "b", "--size", "8", "--meta", "a=1"}})
        EXPECT_TRUE(ended_with(kExitUsage, run_writer(words)));
    EXPECT_TRUE(ended_with(kExitNoInput, run_writer({one, "--meta-json", folder_.file("none")})));
    EXPECT_FALSE(section_.exists());
}

TEST_F(TypedFrames, PayloadsHavePairs) {
    const std::string json =
        store("m.json", bytes_of(R"({"lens": "50mm", "iso": 200, "gain": 1.5, "ok": true})"));
    ChildProcess writer = start_writer({"--text", "hello", "--meta-json", json});
    const Ended reader = run_reader({"--json", "--text"});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    const nlohmann::json text = json_event(reader.output, "text");
    EXPECT_EQ(page_.fault_of(text), "");
    EXPECT_EQ(text.at("meta").dump(), R"({"gain":"1.5","iso":"200","lens":"50mm","ok":"true"})");
}

TEST_F(TypedFrames, PairsOfKeptPayloadsAreShown) {
    ASSERT_TRUE(keep({make_source(10), "--meta", "lens=50\x1bmm"}));
    const Ended info = run_tool({"info", section_.name()});
    EXPECT_TRUE(contains(info.output, "    lens = 50\\x1bmm\n")) << info.output;
    const Ended json = run_tool({"info", section_.name(), "--json"});
    const nlohmann::json section = json_event(json.output, "section");
    EXPECT_EQ(page_.fault_of(section), "");
    EXPECT_EQ(section.at("payloads")[0].at("meta").at("lens"), "50\x1bmm");
    EXPECT_TRUE(ended_with(0, run_tool({"rm", section_.name()})));
}

// ---- what a writer says through the library ----------------------------------------------------

TEST_F(TypedFrames, EverythingThatAFrameSaysIsInItsEvent) {
    auto writer = FrameWriter::create({.address = {.name = section_.name()},
                                       .delivery = FrameDelivery::kEach,
                                       .frame_limit_bytes = 4096});
    ASSERT_TRUE(writer);
    ChildProcess reader = start_reader(Words{"--frames", "--null", "--json"});
    ASSERT_TRUE(writer->wait_for_readers(1));
    const std::string not_json("\x00\xff", 2);
    const std::string deep = std::string(1000, '[') + std::string(1000, ']');
    const auto publish = [&](const FrameNotes& notes) {
        EXPECT_TRUE(writer->publish_copy(bytes_of("x"), notes, std::chrono::seconds(10)));
    };
    publish({.metadata = {.content_type = "application/json",
                          .bytes = std::as_bytes(std::span(deep))}});
    writer->skip(3);
    publish({.captured = CaptureTime{.ns = 1'700'000'000'000'000'000, .clock = CaptureClock::kTai},
             .source_number = 4711,
             .metadata = {.content_type = "x", .bytes = std::as_bytes(std::span(not_json))}});
    publish({.captured = CaptureTime{.ns = 1, .clock = CaptureClock::kRealtime}});
    ASSERT_TRUE(writer->close());
    EXPECT_TRUE(ended_with(0, reader));
    std::vector<nlohmann::json> events = json_lines(reader.output());
    ASSERT_EQ(events.size(), 4u);
    for (const nlohmann::json& event : events)
        EXPECT_EQ(page_.fault_of(event), "") << event;
    EXPECT_TRUE(events[0].contains("metadata_base64") && !events[0].contains("metadata"))
        << "nested too deep to be printed";
    EXPECT_FALSE(events[0].contains("latency_ns"));
    EXPECT_EQ(events[1].at("missed"), 3);
    EXPECT_EQ(events[1].at("captured_ns"), 1'700'000'000'000'000'000);
    EXPECT_EQ(events[1].at("clock"), "tai");
    EXPECT_EQ(events[1].at("source_number"), 4711);
    EXPECT_EQ(events[1].at("metadata_base64"), "AP8=");
    EXPECT_EQ(events[1].at("content_type"), "x");
    // Since 1970: measured from the capture, not from the publication.
    EXPECT_GT(events[2].at("latency_ns"), 1'000'000'000'000'000'000);
}

TEST_F(TypedFrames, StreamSaysWhatItIs) {
    const std::string about = store("about.json", bytes_of("{\"camera\": \"yard\"}\n"));
    const std::string frame = make_source(64 * 48, "frame.raw");
    ChildProcess camera = start_writer(Words{"--frames", frame, "--image", "64x48:GRAY8", "--loop",
                                             "--fps", "30000/1001", "--describe", "@" + about});
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) { return now.published > 0; }));
    const Ended info = run_tool({"info", section_.name()});
    EXPECT_TRUE(contains(info.output, "  facts      30000/1001 frames/s\n")) << info.output;
    EXPECT_TRUE(contains(info.output, "  describes  {\"camera\": \"yard\"}\\n")) << info.output;
    for (const Words& words : {Words{"info", section_.name(), "--json"},
                               Words{"top", section_.name(), "--once", "--json"}}) {
        nlohmann::json event = json_lines(run_tool(words).output).at(0);
        EXPECT_EQ(page_.fault_of(event), "");
        if (event.contains("sections")) event = nlohmann::json(event.at("sections").at(0));
        EXPECT_EQ(event.at("frame_rate"), "30000/1001");
        EXPECT_EQ(event.at("description"), "{\"camera\": \"yard\"}\n");
        EXPECT_EQ(event.at("image").at("format"), "GRAY8");
    }
    camera.send(Signal::kTerminate);
    EXPECT_EQ(camera.wait(), ended_by(Signal::kTerminate));
}

}  // namespace
}  // namespace mapferry::testing
