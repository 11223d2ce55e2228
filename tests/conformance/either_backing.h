// SPDX-License-Identifier: Apache-2.0
// The base class of tests that run on a shared-memory object and on a backing file.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "platform/shared_object.h"
#include "platform/space.h"
#include "support/child_process.h"
#include "support/scratch_folder.h"
#include "support/unique_name.h"

namespace mapferry::testing {

enum class Backing : std::uint8_t { kMemory, kFile };

class EitherBacking : public ::testing::TestWithParam<Backing> {
  protected:
    [[nodiscard]] SectionAddress address() const {
        if (GetParam() == Backing::kMemory) return section_.address();
        return {.name = section_.name(), .backing_path = folder_.file("object")};
    }

    // Makes and publishes an object of `bytes`, all of it reserved.
    [[nodiscard]] platform::SharedObject make_object(std::uint64_t bytes) const {
        auto object = platform::create_object(address(), bytes);
        if (!object) throw std::runtime_error(describe(object.error()));
        for (const auto& done :
             {platform::reserve(*object, 0, bytes), platform::publish_object(*object)})
            if (!done) throw std::runtime_error(describe(done.error()));
        return std::move(*object);
    }

    [[nodiscard]] platform::SharedObject open_object() const {
        auto object = platform::open_object(address());
        if (!object) throw std::runtime_error(describe(object.error()));
        return std::move(*object);
    }

    // Starts another process that does one task with the object; see peer_program.cc.
    [[nodiscard]] ChildProcess start_peer(const std::string& what,
                                          const std::string& more = {}) const {
        Launch launch{.program = MAPFERRY_TEST_PEER_PATH,
                      .arguments = {what, address().name, address().backing_path},
                      .input = pipe_stream(),
                      .output = pipe_stream()};
        if (!more.empty()) launch.arguments.push_back(more);
        return ChildProcess(launch);
    }

    const ScratchFolder folder_;
    const UniqueSection section_;
};

inline std::string backing_name(const ::testing::TestParamInfo<Backing>& info) {
    return info.param == Backing::kMemory ? "Memory" : "File";
}

}  // namespace mapferry::testing
