// SPDX-License-Identifier: Apache-2.0
// There is nothing to guard against: a file that some process has mapped can't be shortened, and
// the pages of a section in memory are committed before they are touched.
#include "platform/mapping.h"

namespace mapferry::inline v1::platform {

Result<void> guard_faults() {
    return {};
}

}  // namespace mapferry::inline v1::platform
