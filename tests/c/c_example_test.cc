// SPDX-License-Identifier: Apache-2.0
// The example that mapferry.h prints.
#include <gtest/gtest.h>

#include <cstdio>

#include "mapferry/mapferry.h"
#include "support/scratch_folder.h"

using std::fprintf;
using std::puts;

// [mapferry.h]
int print_text(const char* section) {
    mapferry_bytes* text = NULL;
    int32_t code = mapferry_receive_bytes(section, "timeout_ms=5000", NULL, 65536, &text);
    if (code != MAPFERRY_OK) {
        fprintf(stderr, "%s\n", mapferry_error_message());
        return 1;
    }
    puts(mapferry_bytes_data(text));
    mapferry_bytes_free(text);
    return 0;
}
// [end of mapferry.h]

namespace mapferry::testing {
namespace {

TEST(HeaderExamples, CPrintText) {
    const ScratchFolder folder;
    const std::string section = "file:" + folder.file("section");
    ASSERT_EQ(mapferry_send_bytes(section.c_str(), "delivery=keep", nullptr, nullptr, "text", 4),
              MAPFERRY_OK);
    EXPECT_EQ(print_text(section.c_str()), 0);
    EXPECT_EQ(print_text("a/b"), 1);
}

}  // namespace
}  // namespace mapferry::testing
