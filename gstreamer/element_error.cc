// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/element_error.h"

#include <string_view>

namespace mapferry::gstreamer {

namespace {

// In the words of a pipeline. Other remedies do not occur here.
std::string_view words_of(Remedy remedy) {
    switch (remedy) {
        case Remedy::kOtherName:
            return "choose another section=NAME";
        case Remedy::kRemoveSection:
        case Remedy::kConsumeOrRemove:
        case Remedy::kRemoveAnyway:
            return "remove it: mapferry rm NAME";
        case Remedy::kNameSharing:
            return "say whom you trust: share=group:NAME";
        case Remedy::kUseBackingFile:
            return "put the section into a file on a disk: backing=PATH";
        case Remedy::kUseSectionFile:
        case Remedy::kOtherSectionFile:
        case Remedy::kOtherBackingFolder:
            return "choose another backing=PATH";
        case Remedy::kStartWriter:
        case Remedy::kRestartWriter:
        case Remedy::kWaitForSection:
            return "start the writer, for example a pipeline with mapferrysink, or give more "
                   "timeout=";
        case Remedy::kStartFrameReaders:
        case Remedy::kStartReaders:
            return "start a reader, for example a pipeline with mapferrysrc";
        case Remedy::kRaiseTimeout:
            return "give more timeout=";
        case Remedy::kMoreReaders:
            return "end a reader, or give the writer more reader-limit=";
        case Remedy::kLargerFrames:
            return "let mapferrysink make larger ones: frame-limit=BYTES";
        case Remedy::kMoreSlots:
            return "give mapferrysink more slots=";
        case Remedy::kAddChecksums:
            return "let mapferrysink add them: checksum=all";
        default:
            return {};
    }
}

std::string text_of(const Status& failure) {
    std::string text = describe(failure);
    for (const std::string_view way_out :
         {std::string_view(failure.hint), words_of(failure.remedy)})
        if (!way_out.empty()) text += "; " + std::string(way_out);
    return text;
}

gint resource_code(Code code) {
    switch (code) {
        case Code::kNotFound:
        case Code::kTimedOut:
            return GST_RESOURCE_ERROR_NOT_FOUND;
        case Code::kBusy:
        case Code::kCannotCreate:
            return GST_RESOURCE_ERROR_BUSY;
        case Code::kPermission:
            return GST_RESOURCE_ERROR_NOT_AUTHORIZED;
        case Code::kUsage:
            return GST_RESOURCE_ERROR_SETTINGS;
        case Code::kIo:
        case Code::kOutOfMemory:
            return GST_RESOURCE_ERROR_NO_SPACE_LEFT;
        default:
            return GST_RESOURCE_ERROR_FAILED;
    }
}

void post(GstElement* element, GstMessageType type, const Status& failure) {
    gst_element_message_full(element, type, GST_RESOURCE_ERROR, resource_code(failure.code),
                             g_strdup(text_of(failure).c_str()), nullptr, __FILE__, GST_FUNCTION,
                             __LINE__);
}

}  // namespace

void post_error(GstElement* element, const Status& failure) {
    post(element, GST_MESSAGE_ERROR, failure);
}

void post_warning(GstElement* element, const Status& failure) {
    post(element, GST_MESSAGE_WARNING, failure);
}

}  // namespace mapferry::gstreamer
