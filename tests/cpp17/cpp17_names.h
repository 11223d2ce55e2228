// SPDX-License-Identifier: Apache-2.0
// Section names for tests in C++17, and a guard that removes the section.
#pragma once

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "mapferry/mapferry.hpp"

namespace mapferry_cpp17_tests {

namespace cpp17 = mapferry::cpp17;

// Declare it before the objects that use it.
class OwnName {
  public:
    OwnName() {
        std::random_device random;
        name_ = "cpp17-test-" + std::to_string(random()) + "-" + std::to_string(random());
    }
    OwnName(const OwnName&) = delete;
    OwnName& operator=(const OwnName&) = delete;
    // Fails the test when a section still has the name, and removes it.
    ~OwnName() {
        cpp17::Failure failure;
        cpp17::remove_section(name_, "force=yes", failure);
        EXPECT_EQ(failure.code, cpp17::Code::kNotFound) << "the test left " << name_;
    }
    [[nodiscard]] const std::string& text() const { return name_; }
    // Where a section lives on without a process, it has to be removed.
    void remove() const {
        cpp17::Failure failure;
        cpp17::remove_section(name_, {}, failure);
    }

  private:
    std::string name_;
};

}  // namespace mapferry_cpp17_tests
