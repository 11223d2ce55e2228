// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/section_properties.h"

#include "mapferry/sharing.h"

namespace mapferry::gstreamer {

namespace {

std::string text_of(const GValue* value) {
    const gchar* const text = g_value_get_string(value);
    return text == nullptr ? std::string() : std::string(text);
}

void install_text(GObjectClass* object_class, guint number, const char* name, const char* nick,
                  const char* description) {
    g_object_class_install_property(
        object_class, number,
        g_param_spec_string(name, nick, description, nullptr,
                            static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS)));
}

}  // namespace

void SectionProperties::install(GObjectClass* object_class) {
    install_text(object_class, kSection, "section", "Section",
                 "The name of the section that carries the frames (1 to 64 of A-Z a-z 0-9 . _ -)");
    install_text(object_class, kBacking, "backing", "Backing file",
                 "Put the section into this file instead of memory");
    install_text(object_class, kShare, "share", "Share with",
                 "Other users who may use the section: group:NAME or user:NAME");
}

bool SectionProperties::set(guint property, const GValue* value) {
    const std::scoped_lock lock(mutex_);
    if (property == kSection)
        section_ = text_of(value);
    else if (property == kBacking)
        backing_ = text_of(value);
    else if (property == kShare)
        share_ = text_of(value);
    return property < kOwnProperties;
}

bool SectionProperties::get(guint property, GValue* value) {
    const std::scoped_lock lock(mutex_);
    if (property == kSection)
        g_value_set_string(value, section_.c_str());
    else if (property == kBacking)
        g_value_set_string(value, backing_.c_str());
    else if (property == kShare)
        g_value_set_string(value, share_.c_str());
    return property < kOwnProperties;
}

Result<SectionAddress> SectionProperties::address() {
    const std::scoped_lock lock(mutex_);
    SectionAddress address{.name = section_, .backing_path = backing_};
    if (section_.empty() && backing_.empty())
        return std::unexpected(
            Status{Code::kUsage, "no section is named", "give section=NAME", 0, Remedy::kNone});
    auto sound = check_address(address);
    if (!sound) return std::unexpected(sound.error());
    if (!share_.empty()) {
        auto sharing = parse_sharing(share_);
        if (!sharing) return std::unexpected(sharing.error());
        address.sharing = *sharing;
    }
    return address;
}

}  // namespace mapferry::gstreamer
