// SPDX-License-Identifier: Apache-2.0
// Rewrites the words of a section at full speed, wrong and right again, until it is killed.
//
//     mapferry_test_flipper NAME damage   all words, as an accident would: checksums do not fit
//     mapferry_test_flipper NAME forge    all words, and makes the checksums fit
//     mapferry_test_flipper NAME readers  what readers write, on all lines but the first; it holds
//                                         the roles of those lines, so that the writer takes it
//                                         for living readers
//     mapferry_test_flipper NAME vacant   the lines without a reader, for their next readers
#include <cstring>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "format/geometry.h"
#include "format/ident.h"
#include "format/section_view.h"
#include "format/shared_access.h"
#include "format/slot_seal.h"
#include "mapferry/detail/hash.h"
#include "platform/clock.h"
#include "platform/mapping.h"
#include "platform/place.h"
#include "platform/role_lock.h"
#include "platform/shared_object.h"

namespace mapferry::testing {
namespace {

constexpr int kFlipsBetweenLooks = 20'000;
constexpr int kLinesBetweenLooks = 200;
constexpr std::uint32_t kRolesHeld = 3;
constexpr std::size_t kChangesMax = 4;

enum class Mode : std::uint8_t { kDamage, kForge, kReaders, kVacant };

struct Area {
    std::uint64_t offset;
    std::uint64_t bytes;
};

class Flipper {
  public:
    Flipper(platform::SharedObject object, platform::Mapping mapping, const Geometry& geometry,
            std::uint64_t epoch, Mode mode)
        : object_(std::move(object)),
          mapping_(std::move(mapping)),
          view_(mapping_.data(), mapping_.data() + geometry.payload_offset, geometry, epoch),
          mode_(mode),
          random_(static_cast<unsigned>(epoch)) {
        if (mode_ != Mode::kReaders) return;
        for (std::uint32_t line = 1; line <= kRolesHeld && line < geometry.reader_limit; ++line)
            if (auto role = platform::try_lock_role(object_, layout::kRoleReaderBase + line))
                roles_.push_back(std::move(*role));
    }

    void flip() {
        if (mode_ == Mode::kVacant) return damage_lines();
        for (int i = 0; i < kFlipsBetweenLooks; ++i) {
            const Area area = pick_area();
            const std::uint64_t words = area.bytes / sizeof(std::uint64_t);
            std::uint64_t& word = *reinterpret_cast<std::uint64_t*>(
                mapping_.data() + area.offset + random_() % words * sizeof(std::uint64_t));
            // relaxed: it races with all other accesses on purpose; partners are all accesses of
            // the ring
            const std::uint64_t old = shared::load(word, std::memory_order_relaxed);
            changes_.push_back({&word, old});
            shared::store(word, value(old), std::memory_order_relaxed);
            if (mode_ == Mode::kForge && random_() % 2 == 0) forge();
            if (changes_.size() > random_() % kChangesMax) put_back();
        }
        put_back();
    }
    [[nodiscard]] bool is_current() const { return platform::is_current(object_).value_or(false); }

  private:
    struct Change {
        std::uint64_t* word;
        std::uint64_t old;
    };
    // Damages a line while it holds the role of that line, and then frees the role. The answers to
    // the line's readers stay, because they belong to the writer.
    void damage_lines() {
        for (int i = 0; i < kLinesBetweenLooks; ++i) {
            const auto line = static_cast<std::uint32_t>(random_() % view_.geometry().reader_limit);
            const auto role = platform::try_lock_role(object_, layout::kRoleReaderBase + line);
            if (!role) continue;
            auto* words = reinterpret_cast<std::uint64_t*>(&view_.reader_line(line));
            constexpr std::size_t kWords = sizeof(layout::ReaderLine) / sizeof(std::uint64_t);
            // relaxed: as in flip()
            for (std::size_t k = 0; k < kWords; ++k)
                if (k == 0 || random_() % 2 == 0)
                    shared::store(words[k],
                                  value(shared::load(words[k], std::memory_order_relaxed)),
                                  std::memory_order_relaxed);
        }
    }
    Area pick_area() {
        const Geometry& geometry = view_.geometry();
        const std::uint64_t others = geometry.readers_offset + sizeof(layout::ReaderLine);
        if (mode_ == Mode::kReaders) return {others, geometry.slots_offset - others};
        switch (random_() % 8) {
            case 0:
                return {layout::kWriterLineOffset, sizeof(layout::WriterLine)};
            case 1:
                return {layout::kReadersBellOffset,
                        layout::kBufferLineOffset - layout::kReadersBellOffset};
            case 2:
                return {geometry.readers_offset, geometry.slots_offset - geometry.readers_offset};
            case 3:
                return {layout::kIdentOffset, sizeof(layout::Ident)};
            case 4:
                return {geometry.slots_offset, geometry.slot_count * sizeof(layout::Slot)};
            case 5:  // with the description areas, where there are some
                return {geometry.slots_offset, geometry.payload_offset - geometry.slots_offset};
            default:
                return {geometry.payload_offset, geometry.section_bytes - geometry.payload_offset};
        }
    }
    std::uint64_t value(std::uint64_t old) {
        switch (random_() % 6) {
            case 0:
                return 0;
            case 1:
                return ~std::uint64_t{0};
            case 2:
                return old + 1;
            case 3:
                return old ^ std::uint64_t{1} << random_() % 64;
            case 4:
                return (old & ~std::uint64_t{0xFF}) | random_() % 5;
            default:
                return std::uint64_t{random_()} << random_() % 33;
        }
    }
    // Computes a descriptor's checksums from the present bytes.
    void forge() {
        const std::uint64_t index = random_() % view_.geometry().slot_count;
        layout::Slot& shared_slot = view_.slot_at(index);
        layout::Slot slot = shared::snapshot(shared_slot);
        const std::uint64_t bytes = std::min(slot.bytes, view_.geometry().slot_capacity_bytes);
        slot.xxh3 = xxh3_64(view_.payload_at(index).first(static_cast<std::size_t>(bytes)));
        slot.slot_xxh3 = seal_of(slot, view_.epoch());
        shared::put(shared_slot, slot);
    }
    void put_back() {
        // relaxed: as in flip()
        for (; !changes_.empty(); changes_.pop_back())
            shared::store(*changes_.back().word, changes_.back().old, std::memory_order_relaxed);
    }

    platform::SharedObject object_;
    platform::Mapping mapping_;
    std::vector<platform::RoleLock> roles_;
    SectionView view_;
    Mode mode_;
    std::minstd_rand random_;
    std::vector<Change> changes_;
};

// Flips one section while its name leads to it.
void flip_section(const SectionAddress& address, Mode mode) {
    auto object = platform::open_object(address);
    if (!object) return;
    auto mapping = platform::map(*object, 0, object->object_bytes, platform::Access::kReadWrite);
    if (!mapping) return;
    const auto ident = shared::snapshot(*reinterpret_cast<const layout::Ident*>(mapping->data()));
    auto geometry = validate(ident, object->object_bytes);
    if (!geometry) return;
    Flipper flipper(std::move(*object), std::move(*mapping), *geometry, ident.epoch, mode);
    while (flipper.is_current())
        flipper.flip();
}

int run(const std::vector<std::string>& words) {
    if (words.size() != 2) return 64;
    const Mode mode = words[1] == "forge"     ? Mode::kForge
                      : words[1] == "readers" ? Mode::kReaders
                      : words[1] == "vacant"  ? Mode::kVacant
                                              : Mode::kDamage;
    std::cout << "flipping\n" << std::flush;
    while (true) {
        flip_section({.name = words[0], .backing_path = {}}, mode);
        platform::sleep_us(200);  // between two looks: the next section comes soon
    }
}

}  // namespace
}  // namespace mapferry::testing

int main(int argc, char** argv) {
    return mapferry::testing::run(std::vector<std::string>(argv + 1, argv + argc));
}
