// SPDX-License-Identifier: Apache-2.0
#include "support/unique_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "platform/clock.h"

namespace mapferry::testing {

std::string unique_name() {
    static std::atomic<int> count{0};
    return "test-" + std::to_string(platform::process_id()) + "-" +
           std::to_string(platform::random_u64() % 1'000'000'000) + "-" + std::to_string(++count);
}

UniqueSection::~UniqueSection() {
    if (!exists()) return;
    ADD_FAILURE() << "section " << name_ << " is left behind";
    remove();
}

bool UniqueSection::exists() const {
    const auto names = list_sections();
    return names && std::ranges::count(*names, name_) != 0;
}

void UniqueSection::remove() const {
    (void)remove_section(address(), RemovePolicy::kAnyway);
}

}  // namespace mapferry::testing
