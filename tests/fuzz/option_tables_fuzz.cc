// SPDX-License-Identifier: Apache-2.0
// The options of every call of the C interface: any text is understood or refused. Nothing is
// opened and no account is looked up, so that millions of texts are read in minutes. The first byte
// of the input chooses the call.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capi/c_description.h"
#include "capi/c_frame_words.h"
#include "capi/c_payload_words.h"
#include "capi/c_picture_words.h"
#include "capi/c_section_words.h"
#include "fuzz/fuzz_input.h"

namespace mapferry::testing {
namespace {

using namespace mapferry::capi;

using Pairs = std::vector<std::pair<std::string_view, std::string>>;

// The tables refer to the words, which keep what earlier inputs have set. No option but a label
// depends on another, and the label's section stays a file.
class Tables {
  public:
    Tables() {
        for (SectionAddress* const address :
             {&writer_.options.address, &frame_writer_.options.address, &buffer_.options.address})
            address->backing_path = "/dev/null";
        tables_ = {joined(writer_.list(), {}),
                   joined(writer_.list_for_one(), joined(payload_.list(), patience_.list())),
                   joined(writer_.list_for_one(), joined(send_.list(), patience_.list())),
                   joined(payload_.list(), {number_option("payload_count", count_)}),
                   joined(send_.list(), {number_option("payload_count", count_)}),
                   reader_.list(),
                   receive_.list(),
                   joined(reader_.list(), receive_.list()),
                   frame_writer_.list(),
                   frame_reader_.list(),
                   facts_.list(),
                   buffer_.list(),
                   list_.list(),
                   section_.list(),
                   section_.list_to_remove(),
                   garbage_.list(),
                   image_options(image_),
                   joined(image_options(image_), levels_.list()),
                   save_.list(),
                   load_.list()};
        for (OptionList& table : tables_)
            for (Option& option : table)
                observe(option);
    }
    Tables(const Tables&) = delete;
    Tables& operator=(const Tables&) = delete;

    [[nodiscard]] const OptionList& of(std::size_t number) const {
        return tables_[number % tables_.size()];
    }

    // The pairs that were understood since the last clear().
    [[nodiscard]] const Pairs& seen() const { return seen_; }
    void clear() { seen_.clear(); }

  private:
    void observe(Option& option) {
        const bool is_account = option.key == "sharing";
        option.set = [this, is_account, key = option.key,
                      set = std::move(option.set)](std::string_view value) -> Result<void> {
            auto done = is_account ? Result<void>() : set(value);
            if (done) seen_.emplace_back(key, value);
            return done;
        };
    }

    WriterWords writer_;
    PayloadWords payload_;
    PatienceWords patience_;
    SendWords send_;
    ReaderWords reader_;
    ReceiveWords receive_;
    std::uint64_t count_ = 0;
    FrameWriterWords frame_writer_;
    FrameReaderWords frame_reader_;
    FactWords facts_;
    BufferWords buffer_;
    ListWords list_;
    SectionWords section_;
    GarbageWords garbage_;
    ImageDescription image_;
    LevelWords levels_;
    SaveWords save_;
    LoadWords load_;
    std::vector<OptionList> tables_;
    Pairs seen_;
};

std::string text_of_pairs(const Pairs& pairs) {
    std::string text;
    for (const auto& [key, value] : pairs) {
        text.append(key).append("=\"");
        for (const char character : value) {
            if (character == '"' || character == '\\') text += '\\';
            text += character;
        }
        text += "\" ";
    }
    return text;
}

void run(FuzzInput input) {
    static Tables tables;
    const OptionList& table = tables.of(input.take<std::uint8_t>());
    const std::string text(input.text());
    tables.clear();
    if (const auto read = read_options(text.c_str(), table); !read) {
        require(read.error().code == Code::kUsage, "a fault of the caller");
        require(!read.error().message.empty() && !read.error().hint.empty(), "it is explained");
        return;
    }
    const Pairs seen = tables.seen();
    tables.clear();
    require(read_options(text_of_pairs(seen).c_str(), table).has_value(),
            "what was read can be written");
    require(tables.seen() == seen, "what was written is read again");
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
