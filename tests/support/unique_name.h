// SPDX-License-Identifier: Apache-2.0
// Section names that no other test has, and a guard that fails a test which leaves a section.
#pragma once

#include <string>

#include "mapferry/section.h"

namespace mapferry::testing {

// A valid section name that no other call returns, in any process.
[[nodiscard]] std::string unique_name();

// A name for a section of one test. Its destructor fails the test when a section still has the
// name, and removes it. Declare it before the processes that use it.
class UniqueSection {
  public:
    UniqueSection() : name_(unique_name()) {}
    ~UniqueSection();
    UniqueSection(const UniqueSection&) = delete;
    UniqueSection& operator=(const UniqueSection&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] SectionAddress address() const { return {.name = name_, .backing_path = {}}; }
    // Whether a section has the name now.
    [[nodiscard]] bool exists() const;
    // Removes the section that the test left on purpose.
    void remove() const;

  private:
    std::string name_;
};

}  // namespace mapferry::testing
