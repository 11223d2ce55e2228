// SPDX-License-Identifier: Apache-2.0
// Pipelines of this process and of others, each with a section of its test.
#pragma once

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/child_process.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

struct SampleUnref {
    void operator()(GstSample* sample) const { gst_sample_unref(sample); }
};
using SamplePtr = std::unique_ptr<GstSample, SampleUnref>;

// How a pipeline came to its end: its error, or empty at the end of its stream.
struct PipelineEnd {
    bool is_eos = false;
    std::string error;
    std::vector<std::string> warnings;
    std::size_t qos_messages = 0;
};

// A pipeline of this process. Stopped at its destruction.
class Pipeline {
  public:
    explicit Pipeline(const std::string& text);
    ~Pipeline();
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    void play() { set_state(GST_STATE_PLAYING); }
    void set_state(GstState state);
    // Waits until it ends; fails the test where that takes half a minute.
    [[nodiscard]] PipelineEnd wait();
    // The next sample of its appsink named "out"; null at the end, or after half a minute.
    [[nodiscard]] SamplePtr pull();
    // A number of the "stats" of the element with this name.
    [[nodiscard]] std::uint64_t stat(const std::string& element, const std::string& field) const;
    [[nodiscard]] GstElement* element() const { return pipeline_; }

  private:
    GstElement* pipeline_ = nullptr;
};

class PipelineTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite();
    // `section=...` of this test.
    [[nodiscard]] std::string section() const { return "section=" + section_.name(); }
    [[nodiscard]] const std::string& name() const { return section_.name(); }
    // What a killed writer left.
    void remove_section() const { section_.remove(); }
    // gst-launch-1.0 with these words.
    [[nodiscard]] static ChildProcess launch(const std::string& words);

  private:
    UniqueSection section_;
};

// The pixels of a raw frame without padding, plane after plane.
[[nodiscard]] Bytes pixels_of(GstSample* sample);
[[nodiscard]] std::string caps_text(GstSample* sample);

}  // namespace mapferry::testing
