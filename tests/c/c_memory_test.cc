// SPDX-License-Identifier: Apache-2.0
// Every allocation behind the C interface fails in turn: the result is a code, nothing comes out as
// an exception, and nothing leaks.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "c/c_handles.h"
#include "support/counted_memory.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

// Runs `work` with its first allocation failing, then its second, ... until none is left. `work`
// returns the first code above 0, or 0.
void sweep(MemoryFailure failure, const std::function<std::int32_t()>& work) {
    ASSERT_EQ(work(), MAPFERRY_OK)
        << mapferry_error_message();  // what stays allocated is there now
    std::uint64_t failures = 0;
    for (std::uint64_t number = 0;; ++number) {
        ASSERT_LT(number, 10'000U) << "it never ends";
        const std::int64_t before = live_allocations();
        std::int32_t code = MAPFERRY_OK;
        std::uint64_t made = 0;
        {
            const FailingMemory failing(number, failure);
            code = work();
            made = failing.allocations();
        }
        ASSERT_EQ(live_allocations(), before) << "allocation " << number;
        if (made <= number) break;
        if (code == MAPFERRY_OK) continue;  // the library did without
        ++failures;
        ASSERT_EQ(code, MAPFERRY_OUT_OF_MEMORY)
            << "allocation " << number << ": " << mapferry_error_message();
        ASSERT_STREQ(mapferry_code_name(mapferry_error_code()), "out-of-memory");
        ASSERT_STRNE(mapferry_error_message(), "");
    }
    EXPECT_GT(failures, 5U);
}

// The first of the calls that fails.
#define MAPFERRY_TEST_STEP(call) \
    if (const std::int32_t code = (call); code > 0) return code

std::int32_t pass_a_frame(const std::string& section) {
    FrameWriterHandle writer;
    FrameReaderHandle reader;
    FrameHandle frame;
    LoanHandle loan;
    BytesHandle text;
    const char* const name = section.c_str();
    const std::int64_t shape[] = {4, 3};
    MAPFERRY_TEST_STEP(mapferry_frame_writer_create(
        name, "delivery=each frame_limit_bytes=65536 stall_timeout_ms=-1", nullptr, &writer.get));
    MAPFERRY_TEST_STEP(
        mapferry_frame_reader_open(name, "timeout_ms=1000 waiting=sleep", nullptr, &reader.get));
    MAPFERRY_TEST_STEP(mapferry_frame_writer_set_image(writer.get, 2, 2, "BGR24",
                                                       "orientation=bottom_up planes=0:6"));
    MAPFERRY_TEST_STEP(mapferry_frame_writer_set_tensor(writer.get, "uint8", shape, 2));
    MAPFERRY_TEST_STEP(mapferry_frame_writer_set_metadata(
        writer.get, "application/octet-stream", "0123456789012345678901234567890123456789", 40));
    MAPFERRY_TEST_STEP(
        mapferry_frame_writer_publish_copy(writer.get, "abcdefghijkl", 12, 0, nullptr));
    MAPFERRY_TEST_STEP(mapferry_frame_writer_loan(writer.get, 0, 0, &loan.get, nullptr));
    MAPFERRY_TEST_STEP(mapferry_loan_publish(loan.get, nullptr));
    loan.get = nullptr;
    MAPFERRY_TEST_STEP(mapferry_frame_writer_describe(writer.get, "{\"a\": \"long enough text\"}"));
    MAPFERRY_TEST_STEP(mapferry_frame_reader_description(reader.get, &text.get));
    for (int i = 0; i < 2; ++i) {
        MAPFERRY_TEST_STEP(mapferry_frame_reader_next(reader.get, 1000, &frame.get));
        char pixels[16] = {};
        (void)mapferry_frame_format(frame.get);
        MAPFERRY_TEST_STEP(mapferry_frame_convert(frame.get, "BGRA32", nullptr, pixels, 16));
        frame.close();
    }
    return mapferry_frame_writer_end(writer.get);
}

TEST(CMemory, FramesFailWithACode) {
    const UniqueSection section;
    sweep(MemoryFailure::kOnce, [&] { return pass_a_frame(section.name()); });
}

TEST(CMemory, FramesFailWithACodeForEver) {
    const UniqueSection section;
    sweep(MemoryFailure::kForEver, [&] { return pass_a_frame(section.name()); });
}

TEST(CMemory, TextsFailWithACode) {
    const UniqueSection section;
    FrameWriterHandle writer;
    ASSERT_EQ(mapferry_frame_writer_create(section.name().c_str(), nullptr, nullptr, &writer.get),
              MAPFERRY_OK);
    for (const MemoryFailure failure : {MemoryFailure::kOnce, MemoryFailure::kForEver})
        sweep(failure, [&]() -> std::int32_t {
            BytesHandle json;
            StopHandle stop;
            MAPFERRY_TEST_STEP(mapferry_stop_new(&stop.get));
            MAPFERRY_TEST_STEP(mapferry_section_info(section.name().c_str(), nullptr, &json.get));
            json.close();
            return mapferry_harmless_file_name("../a long name that is refused", &json.get);
        });
}

}  // namespace
}  // namespace mapferry::testing
