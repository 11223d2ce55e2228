// SPDX-License-Identifier: Apache-2.0
#include "weak_section.h"

namespace mapferry::weak {

namespace {

template <typename T>
void add(const T& word, const std::string& name) {
    add_word(&word, sizeof word, name);
}

template <typename Bell>
void add_bell(const Bell& bell, const std::string& name) {
    add(bell.word, name + ".word");
    add(bell.sleeping, name + ".sleeping");
}

}  // namespace

void WeakSection::add_writers_words() const {
    const layout::WriterLine& line = view_.writer_line();
    add(line.published, "published");
    add(line.state, "state");
    add(line.abort_cause, "abort_cause");
    add(line.payload_bytes, "payload_bytes");
    add(line.readers_lost, "readers_lost");
    add(line.readers_served, "readers_served");
    add_bell(view_.readers_bell(), "readers_bell");
    add_bell(view_.writer_bell(), "writer_bell");
    add(view_.frame_line().newest, "newest");
}

void WeakSection::add_readers_words(std::uint32_t reader) const {
    const layout::Admission& answer = view_.admission(reader);
    add(answer.verdict, "verdict");
    add(answer.first_sequence, "first_sequence");
    layout::ReaderLine& line = view_.reader_line(reader);
    add(line.attachment, "attachment");
    add(line.cursor, "cursor");
    for (std::uint32_t i = 0; i < layout::kLeasesPerReader; ++i)
        add(layout::lease_of(line, i), "lease");
    add(line.pid, "pid");
    add(line.detach_cause, "detach_cause");
    const auto* const figures = reinterpret_cast<const std::uint64_t*>(&line.figures);
    for (std::size_t i = 0; i < sizeof line.figures / sizeof *figures; ++i)
        add(figures[i], "figures");
}

void WeakSection::add_words() const {
    add_writers_words();
    for (std::uint32_t reader = 0; reader < view_.geometry().reader_limit; ++reader)
        add_readers_words(reader);
    for (std::uint64_t slot = 0; slot < view_.geometry().slot_count; ++slot) {
        const auto* const words = reinterpret_cast<const std::uint64_t*>(&view_.slot_at(slot));
        for (std::size_t i = 0; i < sizeof(layout::Slot) / sizeof *words; ++i)
            add(words[i], i == 0 ? "sequence" : "descriptor");
    }
}

}  // namespace mapferry::weak
