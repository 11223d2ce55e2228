// SPDX-License-Identifier: Apache-2.0
#include "cli/remedy.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace mapferry::cli {

namespace {

struct WordedRemedy {
    Remedy remedy;
    std::string_view text;
};

// In the order of the enum. SECTION stands for the argument of `mapferry rm`, BUFFER for the
// arguments that create a buffer.
constexpr auto kTexts = std::to_array<WordedRemedy>({
    {Remedy::kNone, ""},
    {Remedy::kOtherName, "choose another name with --name"},
    {Remedy::kRemoveSection, "remove it: mapferry rm SECTION"},
    {Remedy::kConsumeOrRemove,
     "take it with mapferry-reader --consume, or remove it: mapferry rm SECTION"},
    {Remedy::kNameSharing, "say whom you trust: --share group:NAME or --share user:NAME"},
    {Remedy::kRemoveAsOwner, "let its owner or root remove it: mapferry rm SECTION --force"},
    {Remedy::kRemoveAnyway, "remove it all the same: mapferry rm SECTION --force"},
    {Remedy::kCollectGarbage, "clean up with mapferry gc"},
    {Remedy::kFindRemover,
     "mapferry rm does that, the end of a login session (mapferry doctor), and Python's "
     "SharedMemory"},
    {Remedy::kUseSectionFile, "give --backing a file that mapferry-writer has made"},
    {Remedy::kOtherSectionFile, "choose another file for --backing"},
    {Remedy::kUseBackingFile, "put the section into a file on a disk with --backing PATH"},
    {Remedy::kOtherBackingFolder, "choose another folder with --backing PATH"},
    {Remedy::kStayInSession, "leave out --global"},
    {Remedy::kStartWriter, "start mapferry-writer with the same --name, or give more --timeout"},
    {Remedy::kRestartWriter, "start mapferry-writer again with the same --name"},
    {Remedy::kWaitForSection, "wait for it with --timeout 30s"},
    {Remedy::kStartReaders, "start mapferry-reader with the same --name, or give more --timeout"},
    {Remedy::kStartFrameReaders, "start mapferry-reader --frames with the same --name"},
    {Remedy::kStartMoreReaders, "it may wait for more readers (--readers)"},
    {Remedy::kRaiseTimeout, "give more --timeout"},
    {Remedy::kRaiseStallTimeout, "give the writer a longer --stall-timeout, or none"},
    {Remedy::kReceivePayloads, "receive them with mapferry-reader, without --frames or --buffer"},
    {Remedy::kReceiveFrames, "receive them with mapferry-reader --frames"},
    {Remedy::kReceiveToVerify, "receive it with: mapferry-reader --null"},
    {Remedy::kReadBuffer, "look into it with mapferry-reader --buffer NAME"},
    {Remedy::kCreateBuffer, "make it by giving its size: mapferry-writer --buffer BUFFER"},
    {Remedy::kKeepPayload, "use mapferry-writer --keep"},
    {Remedy::kSendAsStream, "send it as a stream (without --keep)"},
    {Remedy::kMoreSlots, "make the section with more slots: mapferry-writer --slots"},
    {Remedy::kSmallerSlots, "let the writer use smaller ones: --slot-size"},
    {Remedy::kLargerFrames, "--slot-size SIZE allows larger ones"},
    {Remedy::kMoreReaders, "end one of them, or start the writer with more --readers"},
    {Remedy::kAddChecksums, "send them with mapferry-writer, which gives each frame a checksum"},
    {Remedy::kSendArchive, "send it as an archive: tar c FOLDER | mapferry-writer -"},
    {Remedy::kReplaceOutput, "replace it with --force"},
    {Remedy::kWriteInPlace, "overwrite it where it is with --in-place"},
    {Remedy::kNameOutput, "name one with -o DIR"},
    {Remedy::kChooseFileName,
     "let it be changed with --rename, or name the file yourself with -o PATH"},
    {Remedy::kUseStandardOutput, "to write to a device or a pipe, use -o - and redirect"},
    {Remedy::kSkipDurability, "do without --durable"},
});

constexpr bool are_in_order() {
    for (std::size_t i = 0; i < kTexts.size(); ++i)
        if (kTexts[i].remedy != Remedy{static_cast<std::uint8_t>(i)}) return false;
    return kTexts.size() == kRemedyCount;
}
static_assert(are_in_order());

std::string name_of(const Status& status) {
    return status.section_name.empty() ? "NAME" : status.section_name;
}

std::string with_backing(const Status& status) {
    return status.section_file.empty() ? "" : " --backing " + status.section_file;
}

bool put(std::string& text, std::string_view place, const std::string& words) {
    const std::size_t at = text.find(place);
    if (at == std::string::npos) return false;
    text.replace(at, place.size(), words);
    return true;
}

}  // namespace

std::string remedy_text(const Status& status) {
    std::string text(kTexts[static_cast<std::size_t>(status.remedy)].text);
    const bool in_file = !status.section_file.empty();
    // Replaces only one of them, because the name of a section may be BUFFER.
    if (!put(text, "SECTION", in_file ? "--backing " + status.section_file : name_of(status)))
        put(text, "BUFFER", name_of(status) + with_backing(status) + " --size SIZE");
    return text;
}

std::string way_out(const Status& status) {
    const std::string text = remedy_text(status);
    const bool has_both = !status.hint.empty() && !text.empty();
    return status.hint + (has_both ? ", or " : "") + text;
}

std::string way_out(const MachineFact& fact) {
    return way_out(Status{.message = {}, .hint = fact.hint, .remedy = fact.remedy});
}

}  // namespace mapferry::cli
