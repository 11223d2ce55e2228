// SPDX-License-Identifier: Apache-2.0
#include "capi/c_remedy.h"

#include <array>
#include <cstddef>

namespace mapferry::capi {

namespace {

struct WordedRemedy {
    Remedy remedy;
    std::string_view text;
};

// In the order of the enum.
constexpr auto kTexts = std::to_array<WordedRemedy>({
    {Remedy::kNone, ""},
    {Remedy::kOtherName, "choose another name for the section"},
    {Remedy::kRemoveSection, "remove it: mapferry_section_remove()"},
    {Remedy::kConsumeOrRemove,
     "receive it with consume=yes, or remove it: mapferry_section_remove()"},
    {Remedy::kNameSharing, "say whom you trust: sharing=group:NAME or sharing=user:NAME"},
    {Remedy::kRemoveAsOwner,
     "let its owner or the superuser remove it: mapferry_section_remove() with force=yes"},
    {Remedy::kRemoveAnyway, "remove it all the same: mapferry_section_remove() with force=yes"},
    {Remedy::kCollectGarbage, "remove what dead writers left: mapferry_section_collect_garbage()"},
    {Remedy::kFindRemover,
     "find out what removes sections: another program, the end of a login session, or Python's "
     "SharedMemory"},
    {Remedy::kUseSectionFile, "give file: the path of a file that a mapferry writer made"},
    {Remedy::kOtherSectionFile, "choose another path for file:"},
    {Remedy::kUseBackingFile, "put the section into a file on a disk: file:PATH"},
    {Remedy::kOtherBackingFolder, "choose a path in another folder: file:PATH"},
    {Remedy::kStayInSession, "leave out global:"},
    {Remedy::kStartWriter, "start a writer with this section, or raise timeout_ms"},
    {Remedy::kRestartWriter, "start the writer again with this section"},
    {Remedy::kWaitForSection, "wait for it with timeout_ms"},
    {Remedy::kStartReaders, "start readers of payloads with this section, or raise timeout_ms"},
    {Remedy::kStartFrameReaders, "start readers of frames with this section"},
    {Remedy::kStartMoreReaders, "it may wait for more readers (readers_wanted): start them"},
    {Remedy::kRaiseTimeout, "raise timeout_ms"},
    {Remedy::kRaiseStallTimeout, "give the writer a longer stall_timeout_ms, or -1"},
    {Remedy::kReceivePayloads, "receive its payloads: mapferry_reader_open()"},
    {Remedy::kReceiveFrames, "receive its frames: mapferry_frame_reader_open()"},
    {Remedy::kReceiveToVerify, "receive it, which verifies every byte: mapferry_reader_open()"},
    {Remedy::kReadBuffer, "read it as a buffer: mapferry_buffer_open()"},
    {Remedy::kCreateBuffer, "make it by giving size_bytes"},
    {Remedy::kKeepPayload, "let the writer keep the payloads: delivery=keep"},
    {Remedy::kSendAsStream, "send it as a stream: delivery=stream"},
    {Remedy::kMoreSlots, "make the section with a larger slot_count"},
    {Remedy::kSmallerSlots, "make the section with smaller slots: slot_bytes"},
    {Remedy::kLargerFrames, "make the section for larger frames: frame_limit_bytes"},
    {Remedy::kMoreReaders, "close one of them, or make the section for more readers: reader_limit"},
    {Remedy::kAddChecksums, "let the writer give every frame a checksum: checksum=all"},
    {Remedy::kSendArchive, "send the folder as an archive, such as tar makes"},
    {Remedy::kReplaceOutput, "replace it: overwrite=replace"},
    {Remedy::kWriteInPlace, "overwrite it where it is: overwrite=in_place"},
    {Remedy::kNameOutput, "name the file to write to"},
    {Remedy::kChooseFileName,
     "choose the file's name yourself, or use mapferry_harmless_file_name()"},
    {Remedy::kUseStandardOutput, "receive it into memory, and write it from there"},
    {Remedy::kSkipDurability, "do without durability=on_disk"},
});

constexpr bool are_complete() {
    for (std::size_t i = 0; i < kTexts.size(); ++i) {
        if (kTexts[i].remedy != Remedy{static_cast<std::uint8_t>(i)}) return false;
        if (kTexts[i].text.empty() != (i == 0)) return false;
    }
    return kTexts.size() == kRemedyCount;
}
static_assert(are_complete());

}  // namespace

std::string_view remedy_text(Remedy remedy) noexcept {
    const auto index = static_cast<std::size_t>(remedy);
    return index < kTexts.size() ? kTexts[index].text : std::string_view();
}

}  // namespace mapferry::capi
