// SPDX-License-Identifier: Apache-2.0
// Reports about a section of any bytes: a report or an error, and no control sequence in its texts.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "console/look/top_table.h"
#include "console/section_report_text.h"
#include "fuzz/edited_section.h"
#include "inspect/section_report.h"
#include "section/mapped_section.h"
#include "support/fake_peers.h"
#include "support/ring_rig.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

constexpr std::array kDeliveries = {Delivery::kStream, Delivery::kKeep, Delivery::kLatest,
                                    Delivery::kBuffer};

PlanRequest request_of(Delivery delivery) {
    if (delivery == Delivery::kBuffer)
        return {.delivery = delivery,
                .slot_count = 1,
                .slot_capacity_bytes = 4096,
                .reader_limit = 4,
                .buffer_bytes = 4000};
    return {.delivery = delivery, .slot_count = 8, .slot_capacity_bytes = 4096, .reader_limit = 4};
}

// A section on the heap, and an object without a name for the few questions that go to the system.
class Looked : public EditedSection {
  public:
    explicit Looked(Delivery delivery) : EditedSection(request_of(delivery)) {
        section_ = prepare_section({.name = unique_name(), .backing_path = {}}, heap().geometry(),
                                   ReserveNow::kHeaderOnly)
                       .value();
        section_.view = view();
        if (delivery == Delivery::kKeep) {
            FakePeers peers;
            RingWriter writer(view(), peers, {});
            const Bytes bytes = random_bytes(6000);
            require(put_payload(writer, {.name = "a\x1B[31m\n"}, bytes).has_value(), "a payload");
        }
        remember();
    }
    MappedSection& section() { return section_; }

  private:
    MappedSection section_;
};

void check_text(const std::string& text) {
    require(std::ranges::all_of(text,
                                [](char character) {
                                    const auto byte = static_cast<unsigned char>(character);
                                    return (byte >= 0x20 && byte != 0x7F) || byte == '\n';
                                }),
            "nothing that a terminal obeys");
}

void check_json(const nlohmann::json& object) {
    const std::string text = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    require(std::ranges::none_of(
                text, [](char character) { return static_cast<unsigned char>(character) < 0x20; }),
            "one object is one line");
}

void run(FuzzInput input) {
    static std::array<Looked, 4> all = {Looked(kDeliveries[0]), Looked(kDeliveries[1]),
                                        Looked(kDeliveries[2]), Looked(kDeliveries[3])};
    const auto how = input.take<std::uint8_t>();
    Looked& looked = all.at(how % all.size());
    looked.edit(input);
    looked.section().ident.created_unix_ns = input.take<std::int64_t>();
    std::ranges::copy(input.take<std::array<std::uint8_t, layout::kLabelBytes>>(),
                      looked.section().ident.label);
    looked.edit(input);
    const auto report = report_of(looked.section());
    if (report) {
        check_text(cli::report_text(*report));
        if (how % 16 < 4) check_json(cli::report_json(*report));
        const cli::TopLook look{.at_s = 1, .sections = {*report}};
        for (const std::string& line : cli::top_lines(cli::top_rows({}, look), 100))
            check_text(line);
    } else {
        check_text(describe(report.error()));
    }
    looked.restore();
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
