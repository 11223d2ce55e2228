// SPDX-License-Identifier: Apache-2.0
#include "capi/c_section_words.h"

namespace mapferry::capi {

namespace {

Option reach_option(Reach& target) {
    return word_option<Reach>("reach", target,
                              {{"session", Reach::kSession}, {"machine", Reach::kMachine}});
}

}  // namespace

OptionList BufferWords::list() {
    return {number_option("size_bytes", options.size_bytes),
            word_option<Mode>("mode", mode,
                              {{"open", Mode::kOpen},
                               {"create", Mode::kCreate},
                               {"open_or_create", Mode::kOpenOrCreate}}),
            word_option<BufferAccess>(
                "access", options.access,
                {{"read_write", BufferAccess::kReadWrite}, {"read_only", BufferAccess::kReadOnly}}),
            time_option("timeout_ms", options.timeout),
            sharing_option(options.address.sharing),
            label_option(options.address)};
}

OptionList ListWords::list() {
    return {reach_option(reach), sharing_option(sharing),
            word_option<Listed>("users", listed,
                                {{"listed", Listed::kNames}, {"others", Listed::kOthers}})};
}

OptionList SectionWords::list() {
    return {sharing_option(address.sharing)};
}

OptionList SectionWords::list_to_remove() {
    return {sharing_option(address.sharing), yes_no_option("force", forces)};
}

OptionList GarbageWords::list() {
    return {word_option<Users>("users", users, {{"this", Users::kThisOne}, {"all", Users::kAll}}),
            reach_option(reach)};
}

}  // namespace mapferry::capi
