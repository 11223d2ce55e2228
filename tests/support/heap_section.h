// SPDX-License-Identifier: Apache-2.0
// A whole section in a heap buffer, for tests that need no operating system, and the damage that
// accidents and hostile processes may do to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>

#include "format/geometry.h"
#include "format/geometry_plan.h"
#include "format/layout.h"
#include "format/section_view.h"

namespace mapferry::testing {

class HeapSection {
  public:
    static constexpr std::uint64_t kEpoch = 0x1122334455667788;

    // A fresh section of the planned geometry: the ident is written, the rest is zero.
    explicit HeapSection(const PlanRequest& request, std::uint64_t epoch = kEpoch);

    // The same bytes at another address.
    HeapSection(const HeapSection& other);
    HeapSection& operator=(const HeapSection&) = delete;

    // The section as its creator sees it.
    [[nodiscard]] SectionView view() const;

    // The section as another process opens it: copies the ident, validates the copy, trusts nothing
    // else.
    [[nodiscard]] Result<SectionView> open() const;

    [[nodiscard]] std::span<std::byte> bytes() const { return {storage_.get(), size()}; }
    [[nodiscard]] layout::Ident ident() const;
    [[nodiscard]] const Geometry& geometry() const { return geometry_; }

    // ---- damage ------------------------------------------------------------------------------
    // `bit` counts from the section's first byte, lowest bit first.
    void flip_bit(std::uint64_t bit);
    // Cuts the object to this size; the bytes behind it read as zero.
    void truncate_to(std::uint64_t object_bytes);
    template <typename Word>
    void set_word(std::uint64_t offset, Word word) {
        if (offset > size() || sizeof(Word) > size() - offset)
            throw std::out_of_range("a word outside of the section");
        std::memcpy(storage_.get() + offset, &word, sizeof word);
    }
    // What a forger who knows the format does: makes the checksum fit again.
    void reseal_ident();
    void reseal_slot(std::uint64_t sequence);

    // The offset of a slot's descriptor, and of its bytes.
    [[nodiscard]] std::uint64_t slot_offset(std::uint64_t sequence) const;
    [[nodiscard]] std::uint64_t payload_offset(std::uint64_t sequence) const;

  private:
    struct Free {
        void operator()(std::byte* bytes) const;
    };
    using Storage = std::unique_ptr<std::byte[], Free>;
    static Storage allocate(std::uint64_t count);
    [[nodiscard]] std::size_t size() const {
        return static_cast<std::size_t>(geometry_.section_bytes);
    }

    Geometry geometry_;
    std::uint64_t epoch_;
    std::uint64_t object_bytes_;
    Storage storage_;
};

}  // namespace mapferry::testing
