// SPDX-License-Identifier: Apache-2.0
// Keeps track of failures to print.
#pragma once

#include <utility>

#include "mapferry/status.h"

namespace mapferry::cli {

// Keeps the first failure to print. Readers get their payloads anyway; the exit code reports the
// failure at the end.
class Printed {
  public:
    void note(Result<void> printed) {
        if (first_failure_) first_failure_ = std::move(printed);
    }
    [[nodiscard]] const Result<void>& whole() const { return first_failure_; }

  private:
    Result<void> first_failure_;
};

}  // namespace mapferry::cli
