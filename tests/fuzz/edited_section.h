// SPDX-License-Identifier: Apache-2.0
// A section on the heap whose shared words the input changes, as an accident or a hostile process
// may do. It is restored after each input, so that one execution takes microseconds.
#pragma once

#include <cstdint>
#include <vector>

#include "format/geometry_plan.h"
#include "fuzz/fuzz_input.h"
#include "support/heap_section.h"

namespace mapferry::testing {

// Which words an input may change.
enum class EditReach : std::uint8_t {
    kAnything,      // all words of the section
    kOtherReaders,  // what other readers may have written: lines 1 and up, and the bells
};

class EditedSection {
  public:
    explicit EditedSection(const PlanRequest& request) : section_(request) {}

    [[nodiscard]] SectionView view() const { return section_.view(); }
    [[nodiscard]] HeapSection& heap() { return section_; }
    // Stores the present state of the section; restore() brings it back.
    void remember();

    // Makes as many edits as the input's next byte requests.
    void edit(FuzzInput& input, EditReach reach = EditReach::kAnything);
    void restore();

    // Whether the bytes lie in the payload of one slot.
    [[nodiscard]] bool holds(std::span<const std::byte> bytes) const;

  private:
    struct Change {
        std::uint64_t offset;
        std::uint64_t old;
    };
    [[nodiscard]] std::uint64_t* word(std::uint64_t offset) const;
    [[nodiscard]] std::uint64_t pick_offset(FuzzInput& input, EditReach reach) const;
    void set(std::uint64_t offset, std::uint64_t value);
    void reseal(FuzzInput& input);

    HeapSection section_;
    std::vector<std::byte> control_;  // up to the last descriptor
    std::vector<Change> changes_;     // behind it
};

}  // namespace mapferry::testing
