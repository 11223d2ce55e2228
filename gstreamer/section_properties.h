// SPDX-License-Identifier: Apache-2.0
// The properties that both elements have: where the section is, and whom they trust with it.
#pragma once

#include <glib-object.h>

#include <mutex>
#include <string>

#include "mapferry/section_address.h"
#include "mapferry/status.h"

namespace mapferry::gstreamer {

// Numbers of the properties. An element's own begin at kOwnProperties.
enum SectionProperty : guint { kSection = 1, kBacking, kShare, kOwnProperties };

class SectionProperties {
  public:
    static void install(GObjectClass* object_class);
    // Both return false for a property that is not one of these. Thread-safe.
    bool set(guint property, const GValue* value);
    bool get(guint property, GValue* value);
    // kUsage: no section is named, or the account is unknown.
    [[nodiscard]] Result<SectionAddress> address();

  private:
    std::mutex mutex_;
    std::string section_;
    std::string backing_;
    std::string share_;
};

}  // namespace mapferry::gstreamer
